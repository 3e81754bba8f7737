"""A room's queue in the order in which things fall due, and the one thing to do next; keyset pages, masked rows.

The due moment of a case in a queue is that of its earliest running clock of the case as a whole (受理, 转办, 办结). A case
whose fold failed has no clock yet: it stands where it was submitted, so that nothing is ever lost from a queue.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import Case
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.queues import Row, rows_by_id
from escalation.models import Clock
from escalation.selectors.clocks import ClockView, case_clocks

PAGE, NEXT = "page", "next"


class Place(NamedTuple):
    """Where a page ends: the next one starts behind it."""

    at: datetime
    case_id: int


class DueRow(NamedTuple):
    """A case in a queue with the clock that counts for it, None when it has none yet."""

    row: Row
    due: ClockView | None


class DueQueue(NamedTuple):
    """A page of a queue, where it ends (None at the end), and what to do next (None when nothing waits)."""

    rows: list[DueRow]
    end: Place | None
    next: DueRow | None


def due_queue(
    actor: Actor,
    states: Collection[State],
    now: datetime,
    *,
    after: Place | None = None,
    limit: int = 50,
    next_in: Collection[State] = (),
    newest_first: bool = False,
) -> DueQueue:
    """Return the cases that the actor sees in `states`, earliest due first (or newest first, for what has ended).

    `next` is the earliest due case in the states `next_in`. Eight queries whatever the number of rows.
    """
    page = _newest(actor, states, after) if newest_first else _by_due(actor, states, after)
    asked = _marked(page, PAGE, limit + 1)
    if next_in:
        asked = asked.union(_marked(_by_due(actor, next_in, None), NEXT, 1), all=True)
    found = list(asked)
    sign = -1 if newest_first else 1
    places = sorted(
        (Place(at, pk) for pk, at, mark in found if mark == PAGE),
        key=lambda place: (place.case_id * sign) if newest_first else place,
    )
    ids = list(dict.fromkeys([*(place.case_id for place in places[:limit]), *(row[0] for row in found)]))
    rows, clocks = rows_by_id(actor, ids), case_clocks(ids, now)
    shown = {pk: DueRow(rows[pk], clock_shown(clocks[pk])) for pk in ids if pk in rows}
    return DueQueue(
        [shown[place.case_id] for place in places[:limit] if place.case_id in shown],
        places[limit - 1] if len(places) > limit else None,
        next((shown[pk] for pk, _, mark in found if mark == NEXT and pk in shown), None),
    )


def clock_shown(clocks: list[ClockView]) -> ClockView | None:
    """The running clock of the case as a whole that ends first; of an ended case the last one."""
    whole = [clock for clock in clocks if clock.share_id is None]
    running = (clock for clock in whole if clock.is_running)
    return min(running, key=lambda clock: clock.due_at, default=whole[-1] if whole else None)


def _by_due(actor: Actor, states: Collection[State], after: Place | None) -> QuerySet[Case]:
    running = Clock.objects.filter(case_id=OuterRef("pk"), share_id__isnull=True, stopped_at__isnull=True)
    due = Subquery(running.order_by("due_at").values("due_at")[:1])
    found = _seen(actor, states).annotate(at=Coalesce(due, "submitted_at"))
    if after is not None:
        found = found.filter(Q(at__gt=after.at) | Q(at=after.at, pk__gt=after.case_id))
    return found.order_by("at", "pk")


def _newest(actor: Actor, states: Collection[State], after: Place | None) -> QuerySet[Case]:
    found = _seen(actor, states).annotate(at=F("submitted_at"))
    if after is not None:
        found = found.filter(pk__lt=after.case_id)
    return found.order_by("-pk")


def _seen(actor: Actor, states: Collection[State]) -> QuerySet[Case]:
    return cases_seen_by(actor).filter(state__in=[state.value for state in states])


def _marked(found: QuerySet[Case], mark: str, limit: int) -> QuerySet[Case]:
    marked = found.annotate(mark=Value(mark, CharField()))
    return marked.values_list("pk", "at", "mark")[:limit]
