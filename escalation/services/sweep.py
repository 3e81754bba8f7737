"""时限巡检: each minute, look at clocks whose next signal is due, and repair folds that lag. Late or early, it ends alike.

Batches of due clocks, oldest first; cases are locked first, in one statement, and those that others hold are left for the
next minute (SKIP LOCKED), so a sweep never waits. When a batch fails, its cases go one by one, so that one bad case cannot
stop the rest. Every signal is judged at its true instant.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models.functions import Now

from cases.selectors.timelines import LockedCase, lagging_case_ids, lock_cases
from escalation.models import Card, Clock, SweepRun
from escalation.rules.ladder import Instants, earned, next_signal_at
from escalation.services.batches import in_batches
from escalation.services.cards import Signalled, issue_cards
from escalation.services.fold import fold_cases
from escalation.services.pauses import end_pauses

log = logging.getLogger("bancheng.sweep")

BATCH = 500
KEEP_RUNS = timedelta(days=400)


@dataclass
class Tally:
    """What one sweep did."""

    examined: int = 0
    moved: int = 0
    refolded: int = 0
    cards: int = 0
    errors: int = 0

    def left_out(self, case_id: int) -> None:
        """Count a case that failed; the next minute tries it again."""
        del case_id
        self.errors += 1


def sweep(*, now: datetime) -> SweepRun:
    """Judge every clock whose next signal is due at `now`; leave a SweepRun as proof."""
    run = SweepRun.objects.create(as_of=now, started_at=Now())
    tally = Tally()
    _end_pauses(now, tally)
    after: tuple[datetime, int] | None = None
    while batch := _due(now, after):
        after = batch[-1][:2]
        case_ids = sorted({case_id for _, _, case_id in batch})
        in_batches(case_ids, lambda ids: _sweep_cases(ids, now, tally), tally.left_out)
    _close(run, tally, now)
    return run


def refold_lagging(*, now: datetime) -> Tally:
    """Fold every case whose timeline has moved past its fold (a failed or interrupted fold heals here)."""
    del now
    tally, seen = Tally(), set[int]()
    while case_ids := [case_id for case_id in lagging_case_ids(BATCH) if case_id not in seen]:
        seen.update(case_ids)
        in_batches(case_ids, lambda ids: _refold_cases(ids, tally), tally.left_out)
    return tally


def judge(clocks: Sequence[Clock], now: datetime) -> list[Card]:
    """Judge due clocks of locked, freshly folded cases and move them on. **The one place where cards are issued.**

    All signals up to `now` are taken, each at its true instant; a clock then stands at its last one. Returns the cards issued.
    """
    signalled: list[Signalled] = []
    for clock in clocks:
        rungs = Instants(*(getattr(clock, name) for name in Instants._fields))
        signals = earned(rungs, clock.judged_until, clock.stopped_at, now)
        if signals:
            clock.judged_until = signals[-1].at
        clock.next_signal_at = next_signal_at(rungs, clock.judged_until, clock.stopped_at)
        signalled += [Signalled(clock, signal) for signal in signals]
    issued = issue_cards(signalled, now=now)
    _move(clocks)
    return issued


def _end_pauses(now: datetime, tally: Tally) -> None:
    """Suspensions that are over are written down; what goes wrong there stops no card, and the next minute tries again."""
    try:
        end_pauses(now=now)
    except Exception:
        tally.errors += 1
        log.exception("suspensions that are over were left to the next sweep")


def _due(now: datetime, after: tuple[datetime, int] | None) -> list[tuple[datetime, int, int]]:
    """The next batch of due clocks, oldest first: (next_signal_at, id, case_id). Keyset, so that each is met once a sweep."""
    found = Clock.objects.filter(next_signal_at__lte=now).order_by("next_signal_at", "id")
    if after is not None:
        found = found.filter(next_signal_at__gte=after[0]).exclude(next_signal_at=after[0], id__lte=after[1])
    rows = found.values_list("next_signal_at", "id", "case_id")[:BATCH]
    return [(at, clock_id, case_id) for at, clock_id, case_id in rows if at is not None]


def _sweep_cases(case_ids: Sequence[int], now: datetime, tally: Tally) -> None:
    locked = lock_cases(case_ids, skip_locked=True)
    refolded = _fold_if_lagging(locked)
    due = list(Clock.objects.filter(case_id__in=[case.id for case in locked], next_signal_at__lte=now))
    issued = judge(due, now)
    _fold_appealable(issued)
    tally.refolded += refolded
    tally.examined += len(due)
    tally.moved += len(due)
    tally.cards += len(issued)


def _fold_appealable(issued: Sequence[Card]) -> None:
    """A numbered card to a department may be appealed: that is a clock of its own, written with the card."""
    cards = (card for card in issued if card.number is not None and card.department_id is not None)
    if case_ids := sorted({card.case_id for card in cards}):
        fold_cases(case_ids)


def _refold_cases(case_ids: Sequence[int], tally: Tally) -> None:
    tally.refolded += _fold_if_lagging(lock_cases(case_ids, skip_locked=True))


def _fold_if_lagging(locked: Sequence[LockedCase]) -> int:
    lagging = [case.id for case in locked if case.version != case.folded_version]
    if lagging:
        fold_cases(lagging)
    return len(lagging)


def _move(clocks: Sequence[Clock]) -> None:
    """Write where the clocks stand now, in one statement."""
    if not clocks:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalation_clock SET judged_until = v.judged_until, next_signal_at = v.next_signal_at"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, judged_until, next_signal_at)"
            " WHERE escalation_clock.id = v.id",
            [
                [clock.pk for clock in clocks],
                [clock.judged_until for clock in clocks],
                [clock.next_signal_at for clock in clocks],
            ],
        )


def _close(run: SweepRun, tally: Tally, now: datetime) -> None:
    for name, value in vars(tally).items():
        setattr(run, name, value)
    SweepRun.objects.filter(pk=run.pk).update(finished_at=Now(), **vars(tally))
    SweepRun.objects.filter(as_of__lt=now - KEEP_RUNS).delete()
