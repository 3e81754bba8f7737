"""What is owed and by whom: running clocks past their due moment, or ending within a working day; for supervisors.

Keyset pages, the earliest due first, which is the longest over. Who owes is told by the clock: a share's clock is owed by
its department, a case's clock by whoever's turn it is (rules.coordination).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cases.models import Share
from cases.rules.coordination import Side, whose_turn
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.queues import leads_of
from cases.selectors.shares import departments_of
from escalation.models import Clock
from escalation.rules.clocks import Key
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView, case_clocks
from escalation.selectors.versions import in_force

A_WORKING_DAY = Limit(Unit.DAYS, 1)


class Owed(NamedTuple):
    """One obligation not yet met: its case, its clock, and who owes it. Nothing of what people wrote or who they are."""

    number: str
    state: State
    matter: str
    hall: str
    lead: str
    clock: ClockView
    owes: str


class OwedPage(NamedTuple):
    """A page of obligations and where it ends (due moment and id of the last clock), None at the end."""

    rows: list[Owed]
    end: tuple[datetime, int] | None


def soon_until(now: datetime) -> datetime:
    """Return the end of the next working day in the city: what ends before it is 将到期; one query."""
    return deadline(now, A_WORKING_DAY, in_force().work_time()).due_at


def running_clocks(
    actor: Actor, *, since: datetime | None, before: datetime, department_id: int | None = None
) -> QuerySet[Clock]:
    """Running clocks due from `since` (None: ever) and before `before` on cases that the actor sees.

    With a department only the clocks of its own live shares.
    """
    found = Clock.objects.filter(
        stopped_at__isnull=True, due_at__lt=before, case_id__in=cases_seen_by(actor).values("id")
    )
    if since is not None:
        found = found.filter(due_at__gte=since)
    if department_id is not None:
        own = Share.objects.filter(department_id=department_id, ended_at__isnull=True)
        found = found.filter(share_id__in=own.values("pk"))
    return found.order_by("due_at", "id")


def owed(
    actor: Actor,
    now: datetime,
    *,
    soon: datetime | None = None,
    department_id: int | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> OwedPage:
    """Return what is overdue, or what ends from `now` until `soon`; six queries whatever the number of rows."""
    since, before = (now, soon) if soon else (None, now)
    found = running_clocks(actor, since=since, before=before, department_id=department_id)
    if after is not None:
        found = found.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], pk__gt=after[1]))
    asked = list(found[: limit + 1])
    shown = asked[:limit]
    end = (shown[-1].due_at, shown[-1].pk) if len(asked) > limit else None
    return OwedPage(_told(actor, shown, now), end)


def _told(actor: Actor, shown: list[Clock], now: datetime) -> list[Owed]:
    ids = list({clock.case_id for clock in shown})
    rows = (
        cases_seen_by(actor)
        .filter(pk__in=ids)
        .values_list("pk", "number", "state", "matter__name", "hall__name")
    )
    cases, leads = {pk: rest for pk, *rest in rows}, leads_of(ids)
    views = {
        (view.case_id, Key(view.obligation, view.share_id, view.run)): view
        for clocks in case_clocks(ids, now).values()
        for view in clocks
    }
    departments = departments_of(clock.share_id for clock in shown if clock.share_id is not None)
    found = []
    for clock in shown:
        number, state, matter, hall = cases[clock.case_id]
        view = views[clock.case_id, Key(Obligation(clock.obligation), clock.share_id, clock.run)]
        lead = leads.get(clock.case_id, "")
        side = lead if whose_turn(State(state)) is Side.DEPARTMENT else hall
        owes = departments[clock.share_id][1] if clock.share_id is not None else side
        found.append(Owed(number, State(state), matter or "", hall, lead, view, owes))
    return found
