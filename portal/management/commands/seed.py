"""`manage.py seed [--demo]`: what a new database needs; with --demo the sample city and its accounts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cases.services.reference import load_obstacles
from escalation.services.calendars import seed_calendar
from escalation.services.packages import seed_rules
from portal.demo.cases import load_cases
from portal.demo.city import NotDemoError, load_city
from portal.demo.people import PASSWORD, load_people


class Command(BaseCommand):
    """Seed reference data. Safe to repeat."""

    help = "准备基础数据（日历、规则包、阻碍类型）；--demo 另加岐安市样例数据和演示账号"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --demo and --no-rules."""
        parser.add_argument("--demo", action="store_true", help="另加演示城市岐安市")
        parser.add_argument("--no-rules", action="store_true", help="规则包留给首次设置，由它定生效日期")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load calendars, rules and obstacle reasons, then the sample city if asked."""
        now = timezone.now()
        seed_calendar(now=now)
        if not options["no_rules"]:
            seed_rules(now=now)
        load_obstacles()
        if options["demo"]:
            try:
                load_city()
            except NotDemoError as refusal:
                raise CommandError(str(refusal)) from None
            for line in load_people():
                self.stdout.write(f"demo: {line}")
            self.stdout.write(f"demo: 以上演示账号的密码都是 {PASSWORD}")
            for line in load_cases(now):
                self.stdout.write(f"demo: {line}")
