"""A sweep with nothing due, at a million cases and at a thousand, and one with thousands of clocks due, against a bare UPDATE.

What a sweep does is rolled back, so that the city stays as it is; its savepoints cost what commits would, but for the disk.
"""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

from django.db import connection, transaction

from escalation.models import Clock
from escalation.services.sweep import sweep
from portal.benchmarks import Row, middle_and_p95
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.database import large_city
from portal.benchmarks.large.stage import HALLS

LARGE, SMALL, DUE, TIMES = 1_000_000, 1_000, 10_000, 15


def run(
    large: int = LARGE, small: int = SMALL, due: int = DUE, times: int = TIMES, halls: int = HALLS
) -> list[Row]:
    """Measure idle sweeps in both cities, then a full one in the large one."""
    idle = {}
    for cases in (small, large):
        with large_city(cases, halls=halls):
            idle[cases] = middle_and_p95([_sweep(AS_OF)[0] * 1000 for _ in range(times)])
            if cases == large:
                full = _full(due)
    middle, p95 = idle[large]
    return [Row("sweep.idle", middle, "ms", idle[small][0], p95), *full]


def _full(due: int) -> list[Row]:
    waiting = Clock.objects.filter(next_signal_at__isnull=False).order_by("next_signal_at")
    moments = waiting.values_list("next_signal_at", flat=True)
    now = moments[min(due, moments.count()) - 1]
    if now is None:
        return []
    count = waiting.filter(next_signal_at__lte=now).count()
    seconds, cards = _sweep(now)
    return [
        Row("sweep.due", count / seconds, "clocks/s", count / _update_bare(now)),
        Row("sweep.cards", cards / seconds, "cards/s"),
    ]


def _sweep(now: datetime) -> tuple[float, int]:
    """Seconds of one sweep and the cards that it issued; then take it back."""
    with transaction.atomic():
        began = perf_counter()
        run_ = sweep(now=now)
        taken = perf_counter() - began
        transaction.set_rollback(True)
    if run_.errors:
        raise RuntimeError(f"{run_.errors} cases were left out")
    return taken, run_.cards


def _update_bare(now: datetime) -> float:
    """Seconds to move the same clocks on, one by one set of a statement, judging nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        began = perf_counter()
        cursor.execute(
            "UPDATE escalation_clock SET judged_until = next_signal_at, next_signal_at = NULL WHERE next_signal_at <= %s",
            [now],
        )
        taken = perf_counter() - began
        transaction.set_rollback(True)
    return taken
