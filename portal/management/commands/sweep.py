"""`manage.py sweep [--as-of MOMENT]`: look at the clocks that are due, once (时限巡检)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from escalation.rules.hours import CHINA
from escalation.services.sweep import refold_lagging, sweep


class Command(BaseCommand):
    """What beat does each minute, by hand."""

    help = "巡检一次到期的时限；--as-of 指定时刻（如 2026-11-24T08:30，北京时间，不能晚于现在）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --as-of."""
        parser.add_argument("--as-of")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refold what lags, then sweep."""
        now = timezone.now()
        if options["as_of"]:
            now = self._as_of(options["as_of"], now)
        refolded = refold_lagging(now=now).refolded
        run = sweep(now=now)
        self.stdout.write(
            f"重算 {refolded + run.refolded} 件，检查时限 {run.examined} 条，推进 {run.moved} 条，异常 {run.errors} 件。"
        )

    def _as_of(self, text: str, now: datetime) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise CommandError(f"时刻写法无效：{text}，应写成 2026-11-24T08:30。") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        if moment > now:
            raise CommandError("--as-of 不能晚于现在，否则会提前亮牌。")
        return moment
