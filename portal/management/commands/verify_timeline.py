"""`manage.py verify_timeline [NUMBER …]`: does every timeline still say what was written?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.rules.numbering import parse
from cases.selectors.chain import faults


class Command(BaseCommand):
    """Name the first bad event of each case whose chain does not hold; exit code 1 when there is one."""

    help = "校验流转记录：逐件核对哈希链和锚点，指出第一处不一致"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add optional case numbers."""
        parser.add_argument("numbers", nargs="*", metavar="编号")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each fault; raise CommandError when there is any."""
        found = list(faults([parse(text) or text for text in options["numbers"]] or None))
        for fault in found:
            self.stderr.write(f"{fault.number} 第 {fault.version} 条：{fault.what}")
        if found:
            raise CommandError(
                f"流转记录校验未通过，{len(found)} 处，第一处：{found[0].number} {found[0].what}"
            )
        self.stdout.write("流转记录校验通过。")
