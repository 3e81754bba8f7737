"""`manage.py load_calendar FILE`: a notice (放假通知、停工通知) is proposed, its effect told, then saved and applied to open cases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cases.errors import BusyError
from cases.rules.grants import Actor, HeldPost, Role
from escalation.models import Change
from escalation.rules.calendar import CalendarError
from escalation.rules.cautions import cautions
from escalation.rules.contents import CalendarContent, with_notice
from escalation.rules.holiday_notices import HolidayNotice
from escalation.rules.previews import Tally, tally_of
from escalation.selectors.calendars import content_of
from escalation.services.applying import carry_out
from escalation.services.calendars import MOST_BYTES, hall_id_of, notice_of
from escalation.services.changes import confirm, propose_calendar
from escalation.services.previewing import preview_calendar
from escalation.services.showing import show_effect
from portal.management.operator import add_operator, operator_of

# Who may run commands on the server answers for what they load, as a 专员 does on the page.
OPERATOR = Actor(None, (HeldPost(None, Role.SUPERVISOR),))


class Command(BaseCommand):
    """Import one notice from JSON or CSV."""

    help = "导入放假或停工通知，先说影响，再生成新的工作日历版本并重算在办事项（.json 或 .csv：day,kind,name，kind 写 休 或 班）"

    def add_arguments(self, parser: CommandParser) -> None:
        """What the file does not say itself may be said here."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, help="哪一年的放假通知")
        parser.add_argument("--document", help="文号，如 国办发明电〔2025〕7号")
        parser.add_argument("--scope", help="national、city 或 hall:大厅代码")
        add_operator(parser)
        parser.add_argument("--dry-run", action="store_true", help="只看影响，不保存")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything first; nothing is half applied."""
        by_name = operator_of(options["by"])
        try:
            notice, edited = self._read(options)
            if options["dry_run"]:
                self._tell(preview_calendar(edited, now=timezone.now()).tally)
                self.stdout.write("只看影响，没有保存。")
                return
            with transaction.atomic():  # a calendar that cannot be confirmed leaves no proposal behind
                change = self._propose(notice, edited, by_name)
                self._tell(tally_of(change.preview or {}))
                change = confirm(change.pk, actor=OPERATOR, by_name=by_name, now=timezone.now())
        except OSError as wrong:
            raise CommandError(f"读不了文件 {options['file']}：{wrong.strerror}。") from None
        except (CalendarError, BusyError) as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"已生成工作日历第 {change.version} 版：{notice.document}，{len(notice.days)} 天。")
        self._apply(change)

    def _read(self, options: dict[str, Any]) -> tuple[HolidayNotice, CalendarContent]:
        """The notice, and the calendar with it; what looks odd is said."""
        given = {key: options[key] for key in ("year", "document", "scope")}
        with options["file"].open("rb") as opened:
            notice = notice_of(options["file"].name, opened.read(MOST_BYTES + 1), **given)
        content, hall_id = content_of(), hall_id_of(notice)
        edited = with_notice(content, notice, hall_id)
        for line in cautions(content, notice, hall_id):
            self.stdout.write(f"请核对：{line}")
        return notice, edited

    def _propose(self, notice: HolidayNotice, edited: CalendarContent, by_name: str) -> Change:
        """A proposal whose effect has been worked out, however many clocks run."""
        title = (
            f"{notice.year}年放假安排"
            if notice.year
            else "、".join(dict.fromkeys(d.name for d in notice.days))
        )
        said = {"title": title[:200], "basis": notice.document, "note": ""}
        change = propose_calendar(edited, **said, actor=OPERATOR, by_name=by_name, now=timezone.now())
        if change.previewed_at is None:
            show_effect(change.pk, clock=timezone.now)
            change.refresh_from_db()
        return change

    def _apply(self, change: Change) -> None:
        """Go through the open cases; killed, it goes on with the next minute's tick or `refold --apply-calendar`."""

        def clock() -> datetime:
            change.refresh_from_db(fields=["done", "total"])
            if change.total and change.done:
                self.stdout.write(f"已重算 {change.done}/{change.total} 件……")
            return timezone.now()

        if not carry_out(change.pk, clock=clock):
            raise CommandError(
                f"工作日历第 {change.version} 版已经保存，另一个进程正在让在办事项改用它，请等它完成。"
            )
        self.stdout.write(f"在办事项已改用第 {change.version} 版。")

    def _tell(self, tally: Tally) -> None:
        """Print the effect on open cases."""
        self.stdout.write(
            f"影响：{tally.cases} 件在办事项的 {tally.clocks} 个时限会变，{tally.later} 个推后，{tally.earlier} 个提前；"
            f"{tally.settled} 个不再暂定，{tally.provisional} 个变为暂定；待定的牌 {tally.gone + tally.missing} 张。"
        )
