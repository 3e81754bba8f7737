"""`manage.py refold [--all] [--apply-calendar]`: rebuild clocks (时限重算) of cases that lag, or of all."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from escalation.services.refold import refold_all
from escalation.services.sweep import refold_lagging


class Command(BaseCommand):
    """Refold cases; repeating it changes nothing."""

    help = "重算时限：默认只算落后的事项；--all 全部；--apply-calendar 让未办结的时限改用当前日历版本"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --all and --apply-calendar."""
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--apply-calendar", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and say what was done."""
        if options["apply_calendar"] and not options["all"]:
            raise CommandError("--apply-calendar 要和 --all 一起用。")
        if not options["all"]:
            tally = refold_lagging(now=timezone.now())
            self.stdout.write(f"重算 {tally.refolded} 件，异常 {tally.errors} 件。")
            return
        cases = written = removed = 0
        for done in refold_all(apply_calendar=options["apply_calendar"]):
            cases, written, removed = cases + done.cases, written + done.written, removed + done.removed
            if options["verbosity"] > 1:
                self.stdout.write(f"已重算 {cases} 件……")
        self.stdout.write(f"重算 {cases} 件，改动时限 {written} 条，删除 {removed} 条。")
