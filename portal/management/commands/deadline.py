"""`manage.py deadline`: when a limit ends, and why on that day; by hand or for a whole file."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.selectors.halls import active_halls
from escalation.rules.calendar import CalendarError, RestDay
from escalation.rules.deadlines import MOST_DAYS, Limit, Unit, deadline
from escalation.rules.explain import explain
from escalation.rules.hours import CHINA
from escalation.selectors import in_force


class Command(BaseCommand):
    """Compute and explain due moments under the current calendar version."""

    help = "计算到期时刻并逐日说明：--received 2026-09-30T10:00 --days 3；--batch FILE 逐行计算 CSV"

    def add_arguments(self, parser: CommandParser) -> None:
        """One moment with options, or a file of them."""
        parser.add_argument("--received", help="收到的时刻，如 2026-09-30T10:00（北京时间）")
        parser.add_argument("--days", help="工作日数")
        parser.add_argument("--hours", help="工作小时数")
        parser.add_argument("--rest-day", default="deemed", help="deemed 或 natural")
        parser.add_argument("--hall", default="", help="大厅代码")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--batch", type=Path, help="CSV：received,days,rest_day（可加 hours,hall）")
        parser.add_argument("--steps", action="store_true", help="--batch 时也逐日说明")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer one question, or one JSON line for each row of a file."""
        self._versions = in_force()
        self._halls = {hall.code: hall.pk for hall in active_halls()}
        if options["batch"]:
            self._batch(options["batch"], options["steps"])
            return
        try:
            answer = self._answer(options, with_steps=True)
        except CalendarError as wrong:
            raise CommandError(str(wrong)) from None
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write("\n".join(step["text"] for step in answer["steps"]))

    def _batch(self, file: Path, with_steps: bool) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                for row in csv.DictReader(opened):
                    self.stdout.write(json.dumps(self._line(row, with_steps), ensure_ascii=False))
        except (OSError, UnicodeDecodeError) as wrong:
            raise CommandError(f"读不了文件 {file}：{wrong}") from None

    def _line(self, row: Mapping[str, Any], with_steps: bool) -> dict[str, Any]:
        try:
            return self._answer(row, with_steps=with_steps)
        except CalendarError as wrong:
            return {"error": str(wrong)}

    def _answer(self, asked: Mapping[str, Any], *, with_steps: bool) -> dict[str, Any]:
        """Compute one due moment; errors are CalendarError with a Chinese sentence."""
        received, limit = _moment(asked.get("received")), _limit(asked.get("days"), asked.get("hours"))
        policy, code = asked.get("rest_day") or RestDay.DEEMED, asked.get("hall") or ""
        if policy not in set(RestDay):
            raise CalendarError(f"rest_day 只能是 deemed 或 natural，现为 {policy}。")
        if code and code not in self._halls:
            raise CalendarError(f"没有代码为 {code} 的大厅。")
        work_time = self._versions.work_time(self._halls.get(code))
        due = deadline(received, limit, work_time, RestDay(policy))
        answer: dict[str, Any] = {
            "due_at": due.due_at.isoformat(),
            "provisional": due.provisional,
            "calendar_version": work_time.calendar.number,
        }
        if with_steps:
            steps = explain(received, limit, due, work_time)
            answer["steps"] = [
                {"kind": s.kind.value, "text": s.text, "on": s.on and s.on.isoformat(), "number": s.number}
                for s in steps
            ]
        return answer


def _moment(text: str | None) -> datetime:
    """Read a moment in China Standard Time; a date alone means its beginning."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        raise CalendarError(f"收到的时刻写法无效：{text or '（空）'}，应写成 2026-09-30T10:00。") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _limit(days: str | None, hours: str | None) -> Limit:
    """Read exactly one of days and hours."""
    if bool(days) == bool(hours):
        raise CalendarError("请写工作日数（days）或工作小时数（hours）中的一个。")
    try:
        amount = int(days or hours or "")
    except ValueError:
        raise CalendarError(f"时限应为整数：{days or hours}。") from None
    if not 0 <= amount <= MOST_DAYS:
        raise CalendarError(f"时限应在 0 至 {MOST_DAYS} 之间，现为 {amount}。")
    return Limit(Unit.DAYS if days else Unit.HOURS, amount)
