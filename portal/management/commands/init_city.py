"""`manage.py init_city DIR`: departments, halls, matters and people of a new city from spreadsheets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils import timezone

from portal.opening.lists import ENDINGS, kind_of, read_lists
from portal.opening.loading import DemoCityError, load_lists
from portal.opening.passwords import keep_passwords
from portal.opening.report import Report
from portal.sheets import MAX_BYTES, SheetError


class Command(BaseCommand):
    """Load the lists of a folder. Safe to repeat: what is there stays, what changed is told."""

    help = "导入部门、大厅、事项、人员（文件夹里的 .csv、.xlsx、.xls，文件名写明是哪一种）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder, --dry-run, --json and --city."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="放名单的文件夹")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
        parser.add_argument("--city", default="", help="城市名称，如 岐安市；不写时按大厅地址推定")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read everything first, then load; first passwords go into a private file, not onto the screen."""
        now = timezone.localtime()
        try:
            lists = read_lists(_files(options["folder"]))
            report = load_lists(
                lists, today=now.date(), is_dry_run=options["dry_run"], city_name=options["city"]
            )
        except (SheetError, DemoCityError, OSError) as wrong:
            raise CommandError(_sentence(wrong, options["folder"])) from None
        except ProgrammingError:
            raise CommandError(
                "数据库还没有准备好，请先运行 make run DEMO=0 或 manage.py prepare。"
            ) from None
        path = (
            keep_passwords(report.passwords, now=now) if report.passwords and not report.is_dry_run else None
        )
        self._tell(report, path, as_json=options["json"])

    def _tell(self, report: Report, path: Path | None, *, as_json: bool) -> None:
        if as_json:
            told = {**report.as_json(), "first_passwords": str(path) if path else None}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(report.as_table())
        if path:
            self.stdout.write(
                f"{len(report.passwords)} 个新账号的初始密码在 {path}（只有您能读；交给本人后请删除，本人登录后须先改密码）。"
            )


def _files(folder: Path) -> list[tuple[str, bytes]]:
    """The lists of the folder; other spreadsheets in it are left alone, a folder without any is told."""
    if not folder.is_dir():
        raise SheetError(f"没有文件夹 {folder}。请写放名单的文件夹。")
    found = [
        path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS and kind_of(path.name)
    ]
    return [(path.name, _start_of(path)) for path in found]


def _start_of(path: Path) -> bytes:
    """No more than is ever read of a file: one byte above the limit is enough to refuse it."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _sentence(wrong: Exception, folder: Path) -> str:
    return f"读不了 {folder} 里的文件：{wrong.strerror}。" if isinstance(wrong, OSError) else str(wrong)
