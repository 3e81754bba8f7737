"""A room's queue in the order in which things fall due, and the one thing to do next; keyset pages, masked rows.

The due moment of a case in a queue is that of its earliest running clock of the case as a whole (受理, 转办, 核对, 办结, 回访).
A case whose fold failed has no clock yet: it stands where it was submitted, so that nothing is ever lost from a queue. Of
what is closed a queue by due moment holds only what has yet to be called back (待回访), or to be mended (差评待整改); each of
the two goes by its own clocks (`clocks`), because both may run at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import Case
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.queues import Row, Waiting, owing, row_values, rows_of
from escalation.models import Clock
from escalation.rules.obligations import Obligation
from escalation.selectors.cards import CardView, cards_of_cases
from escalation.selectors.clocks import ClockView, case_clocks

PAGE, NEXT = "page", "next"


class Place(NamedTuple):
    """Where a page ends: the next one starts behind it."""

    at: datetime
    case_id: int


class DueRow(NamedTuple):
    """A case in a queue with the clock that counts for it, None when it has none yet, and its cards."""

    row: Row
    due: ClockView | None
    cards: Sequence[CardView] = ()


class DueQueue(NamedTuple):
    """A page of a queue, where it ends (None at the end), and what to do next (None when nothing waits)."""

    rows: list[DueRow]
    end: Place | None
    next: DueRow | None


def due_queue(
    actor: Actor,
    waiting: Waiting,
    now: datetime,
    *,
    clocks: Collection[Obligation] = (),
    after: Place | None = None,
    limit: int = 50,
    next_in: Waiting = (),
) -> DueQueue:
    """Return the waiting cases that the actor sees, earliest due first; with `clocks` by these alone.

    `next` is the earliest due of those waiting in `next_in`. Six queries whatever the number of rows.
    """
    return _read(_by_due(actor, waiting, after, clocks), actor, now, clocks, limit, next_in, 1)


def ended_queue(
    actor: Actor,
    states: Collection[State],
    now: datetime,
    *,
    after: Place | None = None,
    limit: int = 50,
    next_in: Waiting = (),
) -> DueQueue:
    """Return the cases that the actor sees in `states`, newest first: for what has ended. As many queries."""
    return _read(_newest(actor, states, after), actor, now, (), limit, next_in, -1)


def _read(
    page: QuerySet[Case],
    actor: Actor,
    now: datetime,
    clocks: Collection[Obligation],
    limit: int,
    next_in: Waiting,
    sign: int,
) -> DueQueue:
    """Read a page in its order (`sign` -1: by id, the newest first), and what comes next."""
    asked = _marked(page, PAGE, limit + 1)
    if next_in:
        asked = asked.union(_marked(_by_due(actor, next_in, None), NEXT, 1), all=True)
    found = list(asked)
    places = sorted(
        (Place(one["at"], one["id"]) for one in found if one["mark"] == PAGE),
        key=lambda place: place if sign > 0 else -place.case_id,
    )
    listed = {place.case_id for place in places[:limit]}
    wanted = {one["id"]: one for one in found if one["id"] in listed or one["mark"] == NEXT}
    rows = {row.id: row for row in rows_of(list(wanted.values()))}
    views, cards = case_clocks(list(wanted), now), cards_of_cases(wanted)

    def shown(case_id: int, among: Collection[Obligation]) -> DueRow:
        return DueRow(rows[case_id], clock_shown(views[case_id], among), cards[case_id])

    return DueQueue(
        [shown(place.case_id, clocks) for place in places[:limit]],
        places[limit - 1] if len(places) > limit else None,
        next((shown(one["id"], ()) for one in found if one["mark"] == NEXT), None),
    )


def clock_shown(clocks: list[ClockView], among: Collection[Obligation] = ()) -> ClockView | None:
    """The running clock of the case as a whole that ends first; of one where none runs, its last limit as a case."""
    whole = [clock for clock in clocks if clock.share_id is None]
    cases = [clock for clock in whole if clock.obligation is Obligation.CASE]
    running = (clock for clock in whole if clock.is_running and (not among or clock.obligation in among))
    last = next(reversed(cases or whole), None)
    return min(running, key=lambda clock: clock.due_at, default=last)


def _by_due(
    actor: Actor, waiting: Waiting, after: Place | None, clocks: Collection[Obligation] = ()
) -> QuerySet[Case]:
    running = Clock.objects.filter(case_id=OuterRef("pk"), share_id__isnull=True, stopped_at__isnull=True)
    if clocks:
        running = running.filter(obligation__in=[obligation.value for obligation in clocks])
    due = Subquery(running.order_by("due_at").values("due_at")[:1])
    found = cases_seen_by(actor).filter(owing(waiting)).annotate(at=Coalesce(due, "submitted_at"))
    if after is not None:
        found = found.filter(Q(at__gt=after.at) | Q(at=after.at, pk__gt=after.case_id))
    return found.order_by("at", "pk")


def _newest(actor: Actor, states: Collection[State], after: Place | None) -> QuerySet[Case]:
    found = cases_seen_by(actor).filter(state__in=[state.value for state in states])
    found = found.annotate(at=F("submitted_at"))
    if after is not None:
        found = found.filter(pk__lt=after.case_id)
    return found.order_by("-pk")


def _marked(found: QuerySet[Case], mark: str, limit: int) -> QuerySet[Case, dict[str, Any]]:
    return row_values(found.annotate(mark=Value(mark, CharField())), "at", "mark")[:limit]
