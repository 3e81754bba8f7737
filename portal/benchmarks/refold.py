"""The fold by itself, and refolding 100,000 cases, set-based, against a bare UPDATE of the same clock rows in the same run.

Nothing changes: what is folded stays as it is. The cases are all of one kind, with 12 events and nine clocks.
"""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from resource import getpagesize
from time import perf_counter
from typing import NamedTuple

from django.db import connection, transaction

from cases.models import Case
from cases.rules.kinds import Happening
from cases.selectors.timelines import timelines_of
from escalation.rules.clocks import fold
from escalation.selectors.versions import InForce, in_force
from escalation.services.refold import BATCH, refold_side_by_side
from portal.benchmarks import Row
from portal.benchmarks.large.database import large_city
from portal.benchmarks.large.shapes import TWELVE
from portal.benchmarks.large.stage import HALLS

CASES, FOLDS, TIMES = 100_000, 200, 5
EARLY = 10  # memory is compared with what it was after a tenth of the cases


class Done(NamedTuple):
    """What a refold of everything took: cases, seconds, and by how many megabytes all processes grew after its first tenth."""

    cases: int
    seconds: float
    grown: float


def run(cases: int = CASES, halls: int = HALLS) -> list[Row]:
    """Refold all cases of a city of one kind; then write their clocks without looking at anything, and roll back."""
    with large_city(cases, halls=halls, shapes=TWELVE, kind="twelve"):
        folds = _folds()
        done = _refold(cases)
        bare = done.cases / _update_bare()
    return [
        *folds,
        Row("refold.cases", done.cases / done.seconds, "cases/s", bare),
        Row("refold.memory", max(done.grown, 0.1), "MB"),
    ]


def _folds() -> list[Row]:
    """The pure fold of one timeline of 12 events, and of one of 40: the same case handled again and again."""
    first = Case.objects.order_by("pk").values_list("pk", flat=True)[0]
    timeline, versions = timelines_of([first])[first], in_force()
    return [
        Row(f"refold.fold.{events}", _milliseconds(story, versions), "ms")
        for events, story in ((len(timeline), timeline), (40, _longer(timeline, 40)))
    ]


def _longer(timeline: list[Happening], events: int) -> list[Happening]:
    """The same story told again a month later each time, until there are so many events."""
    month = timeline[-1].happened_at - timeline[0].happened_at
    return [
        event._replace(
            version=place + 1,
            happened_at=event.happened_at + month * (place // len(timeline)),
            recorded_at=event.recorded_at + month * (place // len(timeline)),
        )
        for place in range(events)
        for event in [timeline[place % len(timeline)]]
    ]


def _milliseconds(timeline: list[Happening], versions: InForce) -> float:
    work_time, best = versions.work_time(), float("inf")
    for _ in range(TIMES):
        began = perf_counter()
        for _ in range(FOLDS):
            fold(timeline, versions.rulebook, lambda key: work_time)
        best = min(best, perf_counter() - began)
    return best / FOLDS * 1000


def _refold(cases: int) -> Done:
    done, early, late, began = 0, 0.0, 0.0, perf_counter()
    for folded in refold_side_by_side():
        if folded.written or folded.removed:
            raise RuntimeError(f"a refold wrote {folded.written} rows and removed {folded.removed}")
        done += folded.cases
        if not early and done >= cases // EARLY:
            early = _megabytes()
        if done <= cases - 2 * BATCH:  # while all processes are there
            late = _megabytes()
    return Done(done, perf_counter() - began, late - early)


def _megabytes() -> float:
    """What this process and its children hold in memory."""
    held = 0
    for process in [os.getpid(), *(child.pid for child in multiprocessing.active_children())]:
        held += int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return held * getpagesize() / 2**20


def _update_bare() -> float:
    """Seconds to rewrite the clocks of all cases, in batches of the same size."""
    ids = list(Case.objects.order_by("pk").values_list("pk", flat=True))
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
