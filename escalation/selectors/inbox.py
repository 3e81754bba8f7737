"""A department's inbox: its own shares with the clock that counts for each and its own cards; keyset pages, masked rows.

The earliest due first. A share is dispatched with clocks (时限从转办时起算); one whose fold failed has none yet: it stands where
it was dispatched, at the head, so that nothing is ever lost from an inbox.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import Share
from cases.rules.grants import Actor
from cases.selectors.queues import Row, rows_by_id
from cases.selectors.shares import own_shares
from escalation.models import Clock
from escalation.rules.hours import CHINA
from escalation.selectors.cards import CardView, cards_of_cases
from escalation.selectors.clocks import ClockView, share_dues


class Tab(StrEnum):
    """A view of the inbox. Those of time (今日到期, 超期) look at any running clock of the share."""

    TO_SIGN = "to_sign"  # 待签收
    HANDLING = "handling"  # 办理中
    TODAY = "today"  # 今日到期
    OVERDUE = "overdue"  # 超期
    ANSWERED = "answered"  # 已答复


class TabCounts(NamedTuple):
    """How many own shares stand in each tab; one above the limit means more."""

    to_sign: int
    handling: int
    today: int
    overdue: int
    answered: int


class Task(NamedTuple):
    """One own share (承办任务) with its case, the clock that counts for it, and the department's own cards on it."""

    row: Row
    role: str
    dispatched_at: datetime
    answered_at: datetime | None
    conclusion: str
    due: ClockView | None
    share_id: int
    signed_at: datetime | None
    contacted_at: datetime | None
    cards: list[CardView]


class Inbox(NamedTuple):
    """A page of an inbox and where it ends (moment and id of the last share), None at the end."""

    tasks: list[Task]
    end: tuple[datetime, int] | None


def inbox(
    actor: Actor,
    now: datetime,
    *,
    answered: bool,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Inbox:
    """Own shares waiting for an answer, earliest due first; or those answered, newest first. Nine queries."""
    return _page(actor, now, _answered(actor, after) if answered else _waiting(actor, after), limit)


def inbox_tab(
    actor: Actor, now: datetime, tab: Tab, after: tuple[datetime, int] | None = None, limit: int = 50
) -> Inbox:
    """One tab of the inbox, earliest due first; those answered newest first. Nine queries."""
    if tab is Tab.ANSWERED:
        return inbox(actor, now, answered=True, after=after, limit=limit)
    return _page(actor, now, _waiting(actor, after).filter(_of_tab(tab, now)), limit)


def inbox_counts(actor: Actor, now: datetime, limit: int = 99) -> TabCounts:
    """Count own shares by tab, no further than a page can say; one query."""
    parts = [
        own_shares(actor)
        .filter(_of_tab(tab, now))
        .annotate(tab=Value(tab.value, CharField()))
        .order_by()
        .values_list("tab", flat=True)[: limit + 1]
        for tab in Tab
    ]
    counted = Counter(parts[0].union(*parts[1:], all=True))
    return TabCounts(*(counted[name] for name in TabCounts._fields))


def _of_tab(tab: Tab, now: datetime) -> Q:
    if tab is Tab.ANSWERED:
        return Q(answered_at__isnull=False)
    waiting = Q(answered_at__isnull=True)
    if tab in {Tab.TO_SIGN, Tab.HANDLING}:
        return waiting & Q(signed_at__isnull=tab is Tab.TO_SIGN)
    if tab is Tab.OVERDUE:
        return waiting & Q(Exists(_running().filter(due_at__lt=now)))
    tomorrow = datetime.combine(now.astimezone(CHINA).date() + timedelta(days=1), time(), CHINA)
    return waiting & Q(Exists(_running().filter(due_at__gte=now, due_at__lt=tomorrow)))


def _running() -> QuerySet[Clock]:
    return Clock.objects.filter(share_id=OuterRef("pk"), stopped_at__isnull=True)


def _page(actor: Actor, now: datetime, asked: QuerySet[Share], limit: int) -> Inbox:
    shares = list(asked[: limit + 1])
    shown = shares[:limit]
    case_ids = [share.case_id for share in shown]
    rows, cards = rows_by_id(actor, case_ids), cards_of_cases(case_ids)
    dues = share_dues([share.pk for share in shown], now)
    tasks = [
        Task(
            rows[share.case_id],
            share.role,
            share.dispatched_at,
            share.answered_at,
            share.conclusion,
            dues.get(share.pk),
            share.pk,
            share.signed_at,
            share.contacted_at,
            [card for card in cards[share.case_id] if card.department_id == share.department_id],
        )
        for share in shown
        if share.case_id in rows
    ]
    return Inbox(tasks, (shown[-1].at, shown[-1].pk) if len(shares) > limit else None)


def _waiting(actor: Actor, after: tuple[datetime, int] | None) -> QuerySet[Share]:
    first = _running().order_by("due_at").values("due_at")[:1]
    found = own_shares(actor).filter(answered_at__isnull=True)
    found = found.annotate(at=Coalesce(Subquery(first), "dispatched_at"))
    if after is not None:
        found = found.filter(Q(at__gt=after[0]) | Q(at=after[0], pk__gt=after[1]))
    return found.order_by("at", "pk")


def _answered(actor: Actor, after: tuple[datetime, int] | None) -> QuerySet[Share]:
    found = own_shares(actor).filter(answered_at__isnull=False).annotate(at=F("answered_at"))
    if after is not None:
        found = found.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    return found.order_by("-at", "-pk")
