"""`manage.py bench [NAME …]`: run benchmarks, print a table, append JSON lines to bench.jsonl."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import benchmarks
from portal.benchmarks import Row


class Command(BaseCommand):
    """Find the modules of portal.benchmarks and run them in turn."""

    help = "Measure; without a name everything is measured."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the names."""
        parser.add_argument("names", nargs="*", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure the named benchmarks, or all of them."""
        known = {  # packages hold what several share; import_ stands for a word that Python keeps to itself
            module.name.rstrip("_"): module.name
            for module in pkgutil.iter_modules(benchmarks.__path__)
            if not module.ispkg
        }
        unknown = set(options["names"]) - known.keys()
        if unknown:
            raise CommandError(
                f"没有名为 {'、'.join(sorted(unknown))} 的测量。现有:{'、'.join(sorted(known)) or '无'}"
            )
        self.stdout.write(
            f"{'name':<48} {'value':>14} {'unit':<10} {'baseline':>14} {'ratio':>8} {'p95':>10} {'queries':>7}"
        )
        for name in options["names"] or sorted(known):
            for row in importlib.import_module(f"portal.benchmarks.{known[name]}").run():
                self._tell(row)

    def _tell(self, row: Row) -> None:
        baseline = "" if row.baseline is None else f"{row.baseline:,.3f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
        p95 = "" if row.p95 is None else f"{row.p95:,.3f}"
        self.stdout.write(
            f"{row.name:<48} {row.value:>14,.3f} {row.unit:<10} {baseline:>14} {ratio:>8} {p95:>10}"
            f" {'' if row.queries is None else row.queries:>7}"
        )
        with (settings.ROOT / "bench.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**row._asdict(), "ratio": row.ratio}, ensure_ascii=False) + "\n")
