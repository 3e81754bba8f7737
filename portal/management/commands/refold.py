"""`manage.py refold [--all | --apply-calendar]`: rebuild clocks (时限重算) of cases that lag, or of all; move open ones to a new calendar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.errors import BusyError
from escalation.models import Change
from escalation.services.applying import carry_out
from escalation.services.changes import adopt_calendar
from escalation.services.refold import refold_side_by_side
from escalation.services.sweep import refold_lagging
from portal.management.operator import add_operator, operator_of


class Command(BaseCommand):
    """Refold cases; repeating it changes nothing."""

    help = "重算时限：默认只算落后的事项；--all 全部；--apply-calendar 让在办事项的时限改用当前日历版本"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --all and --apply-calendar."""
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--apply-calendar", action="store_true")
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and say what was done."""
        by_name = operator_of(options["by"])
        if options["apply_calendar"]:
            self._apply(by_name)
            return
        if not options["all"]:
            tally = refold_lagging(now=timezone.now())
            self.stdout.write(f"重算 {tally.refolded} 件，异常 {tally.errors} 件。")
            return
        cases = written = removed = 0
        for done in refold_side_by_side():
            cases, written, removed = cases + done.cases, written + done.written, removed + done.removed
            if options["verbosity"] > 1:
                self.stdout.write(f"已重算 {cases} 件……")
        self.stdout.write(f"重算 {cases} 件，改动时限 {written} 条，删除 {removed} 条。")

    def _apply(self, by_name: str) -> None:
        """Begin the batch, or finish the one that was begun."""
        try:
            change = adopt_calendar(by_name=by_name, now=timezone.now())
        except BusyError as busy:
            raise CommandError(busy.message) from None
        if change is None:
            self.stdout.write("在办事项的时限已经都按当前日历版本，不用改。")
            return
        if not carry_out(change.pk, clock=timezone.now):
            raise CommandError("另一个进程正在适用这项改动，请等它完成。")
        change = Change.objects.get(pk=change.pk)
        counts = change.counts
        self.stdout.write(
            f"已适用工作日历第 {change.version} 版：看了 {change.done} 件，{counts.get('cases', 0)} 件的"
            f" {counts.get('clocks', 0)} 个时限有变，牌待定 {counts.get('gone', 0) + counts.get('missing', 0)} 张。"
        )
