"""Refolding cases, set-based, against a bare UPDATE of the same clock rows. Nothing changes: what is folded stays as it is."""

from __future__ import annotations

from time import perf_counter

from django.db import connection, transaction

from cases.models import Case
from escalation.services.refold import BATCH, refold_all
from portal.benchmarks import Row
from portal.benchmarks.large.database import large_city
from portal.benchmarks.large.stage import HALLS

CITY, CASES = 1_000_000, 20_000


def run(city: int = CITY, cases: int = CASES, halls: int = HALLS) -> list[Row]:
    """Refold the first cases of the large city; then write their clocks without looking at anything, and roll back."""
    with large_city(city, halls=halls):
        done, written, began = 0, 0, perf_counter()
        for folded in refold_all():
            done, written = done + folded.cases, written + folded.written
            if done >= cases:
                break
        speed = done / (perf_counter() - began)
        bare = done / _update_bare(done)
    if written:
        raise RuntimeError(f"a refold wrote {written} rows")
    return [Row("refold.cases", speed, "cases/s", bare)]


def _update_bare(cases: int) -> float:
    """Seconds to rewrite the clocks of the first cases, in batches of the same size."""
    ids = list(Case.objects.order_by("pk").values_list("pk", flat=True)[:cases])
    began = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(ids), BATCH):
            cursor.execute(
                "UPDATE escalation_clock SET due_at = due_at WHERE case_id = ANY(%s)",
                [ids[start : start + BATCH]],
            )
        taken = perf_counter() - began
        transaction.set_rollback(True)
    return taken
