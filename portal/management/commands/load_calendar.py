"""`manage.py load_calendar FILE`: import a notice (放假通知、停工通知) as a new version of the working calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from escalation.rules.calendar import CalendarError
from escalation.services.calendars import load_notice, read_notice


class Command(BaseCommand):
    """Import one notice from JSON or CSV."""

    help = "导入放假或停工通知，生成新的工作日历版本（.json 或 .csv：day,kind,name，kind 写 休 或 班）"

    def add_arguments(self, parser: CommandParser) -> None:
        """What the file does not say itself may be said here."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, help="哪一年的放假通知")
        parser.add_argument("--document", help="文号，如 国办发明电〔2025〕7号")
        parser.add_argument("--scope", help="national、city 或 hall:大厅代码")
        parser.add_argument("--by", default="命令行", help="录入人")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything first; nothing is half applied."""
        file: Path = options["file"]
        given = {key: options[key] for key in ("year", "document", "scope")}
        try:
            notice = read_notice(file.name, file.read_text(encoding="utf-8-sig"), **given)
            number = load_notice(notice, entered_by=options["by"], now=timezone.now())
        except (OSError, UnicodeDecodeError) as wrong:
            raise CommandError(f"读不了文件 {file}：{wrong}") from None
        except CalendarError as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"已生成工作日历第 {number} 版：{notice.document}，{len(notice.days)} 天。")
        self.stdout.write("未办结的时限仍按原版本；运行 manage.py refold --all --apply-calendar 改用新版本。")
