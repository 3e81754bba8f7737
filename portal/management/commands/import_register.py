"""`manage.py import_register FILE [--dry-run] [--json] [--as USERNAME]`: a paper register (台账) comes in, row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.errors import CaseError
from cases.rules.grants import Actor, Role
from cases.selectors.posts import actor_in, units_of
from portal.register.importing import KNOWN, examine, import_sheet
from portal.sheets import SheetError, read_sheet


class Command(BaseCommand):
    """Import a register; rows that cannot come in are listed with row, column and reason."""

    help = "导入台账（.csv、.xlsx、.xls）：列出已导入、原来已有、未导入的行；可以重复运行，不会重复导入"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how to go about it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只看会怎样，什么都不写入")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--as", dest="username", help="以哪个督办专员的账号导入（默认：第一个在岗的）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rejected rows are no failure; a file that cannot be read is."""
        file, now = options["file"], timezone.now()
        try:
            data = file.read_bytes()
        except OSError as wrong:
            raise CommandError(f"读不了文件 {file}：{_why(wrong)}") from None
        try:
            sheet = read_sheet(data, file.name, known=KNOWN)
            if options["dry_run"]:
                report = examine(sheet, now=now)
            else:
                report = import_sheet(sheet, actor=_supervisor(options["username"]), now=now)
        except (SheetError, CaseError) as wrong:
            raise CommandError(str(wrong)) from None
        text = (
            json.dumps(report.as_json(), ensure_ascii=False, indent=2)
            if options["json"]
            else report.as_table()
        )
        self.stdout.write(text)


def _why(wrong: OSError) -> str:
    known = {
        FileNotFoundError: "没有这个文件。",
        IsADirectoryError: "这是一个文件夹。",
        PermissionError: "没有读取的权限。",
    }
    return known.get(type(wrong), str(wrong.strerror or wrong))


def _supervisor(username: str | None) -> Actor:
    """The named 督办专员, or the first one in office today."""
    users = get_user_model().objects.filter(is_active=True).order_by("pk")
    if username:
        users = users.filter(username=username)
        if not users:
            raise CommandError(f"没有账号 {username}，或者已经停用。")
    else:
        users = users.filter(holdings__post__role=Role.SUPERVISOR.value).distinct()
    today = timezone.localdate()
    for user in users:
        for unit in units_of(user.pk, today):
            if Role.SUPERVISOR in {post.role for post in unit.posts}:
                return actor_in(user.pk, unit)
    raise CommandError(
        "没有在岗的督办专员，不能导入。请先设置督办专员的岗位。"
        if not username
        else f"{username} 不是在岗的督办专员。"
    )
