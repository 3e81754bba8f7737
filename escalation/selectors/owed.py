"""What is owed and by whom: cases with running clocks past their due moment, or ending within a working day; for supervisors.

Keyset pages of cases, the earliest due first, which is the longest over. Who owes is told by the clock, as for cards
(rules.cards): a share's clock is owed by its department, the limit of the whole case by who holds it up, every other by the hall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet

from cases.models import Share
from cases.rules.classes import ShareRole
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.latest import Latest, latest_of
from escalation.models import Clock
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.obligations import Obligation
from escalation.selectors.cards import CardView, live_cards_of
from escalation.selectors.clocks import ClockView, view_of
from escalation.selectors.versions import InForce, in_force

A_WORKING_DAY = Limit(Unit.DAYS, 1)


class Debt(NamedTuple):
    """One obligation not yet met, and who owes it. `red_at` is when it leads to a red card, if it can."""

    clock: ClockView
    owes: str
    red_at: datetime | None


class Owed(NamedTuple):
    """A case with what is owed on it, what blocks it first: a step before the limit of the whole case, then the longest over.

    `latest` is the last thing that a person did, `cards` the live ones. Nothing of what people wrote or who they are.
    """

    number: str
    state: State
    matter: str
    hall: str
    lead: str
    debts: Sequence[Debt]
    latest: Latest | None
    cards: Sequence[CardView]


class OwedPage(NamedTuple):
    """A page of cases and where it ends (due moment of its earliest obligation and id of the last case), None at the end."""

    rows: list[Owed]
    end: tuple[datetime, int] | None


def soon_until(now: datetime, versions: InForce | None = None) -> datetime:
    """Return the end of the next working day in the city: what ends before it is 将到期; one query, or none."""
    return deadline(now, A_WORKING_DAY, (versions or in_force()).work_time()).due_at


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
    limit: int = 20,
    versions: InForce | None = None,
) -> OwedPage:
    """Return cases with something overdue, or with something that ends from `now` until `soon`.

    Six queries whatever the number of rows, one more without `versions`.
    """
    since, before = (now, soon) if soon else (None, now)
    found = running_clocks(actor, since=since, before=before, department_id=department_id)
    cases = found.order_by().values("case_id").annotate(at=Min("due_at")).order_by("at", "case_id")
    if after is not None:
        cases = cases.filter(Q(at__gt=after[0]) | Q(at=after[0], case_id__gt=after[1]))
    asked = list(cases.values_list("at", "case_id")[: limit + 1])
    ids = [case_id for _, case_id in asked[:limit]]
    clocks = found.filter(case_id__in=ids)
    return OwedPage(
        _told(actor, ids, clocks, now, versions or in_force()),
        asked[limit - 1] if len(asked) > limit else None,
    )


def _told(
    actor: Actor, ids: Sequence[int], clocks: QuerySet[Clock], now: datetime, versions: InForce
) -> list[Owed]:
    rows = (
        cases_seen_by(actor)
        .filter(pk__in=ids)
        .values_list("pk", "number", "state", "matter__name", "hall__name")
    )
    cases, parts, debts = {pk: rest for pk, *rest in rows}, _Parts(ids), defaultdict[int, list[Debt]](list)
    for clock in clocks:
        owes = parts.owes(clock, hall=cases[clock.case_id][3])
        debts[clock.case_id].append(Debt(view_of(clock, now, versions), owes, clock.red_at))
    latest, cards = latest_of(ids), live_cards_of(ids)
    found = []
    for case_id in ids:
        number, state, matter, hall = cases[case_id]
        first = sorted(debts[case_id], key=lambda debt: debt.clock.obligation is Obligation.CASE)
        known = (parts.leads.get(case_id, ""), first, latest.get(case_id), cards[case_id])
        found.append(Owed(number, State(state), matter or "", hall, *known))
    return found


class _Parts:
    """The departments of cases: which share is whose, who leads, and who holds the whole case up; one query."""

    def __init__(self, case_ids: Collection[int]) -> None:
        """The holder is the lead until it has answered, then a co-handler who has not."""
        rows = Share.objects.filter(case_id__in=case_ids, ended_at__isnull=True).order_by("-pk")
        self.shares: dict[int, str] = {}
        self.leads: dict[int, str] = {}
        self.holders: dict[int, str] = {}
        named = list(rows.values_list("pk", "case_id", "role", "answered_at", "department__name"))
        named.sort(key=lambda row: row[2] == ShareRole.LEAD)  # the last one wins
        for share_id, case_id, role, answered_at, name in named:
            self.shares[share_id] = name
            if role == ShareRole.LEAD:
                self.leads[case_id] = name
            if answered_at is None:
                self.holders[case_id] = name

    def owes(self, clock: Clock, hall: str) -> str:
        """Who owes what a clock measures; `hall` is the hall of its case."""
        if clock.share_id is not None:
            return self.shares.get(clock.share_id, hall)
        return self.holders.get(clock.case_id, hall) if clock.obligation == Obligation.CASE else hall
