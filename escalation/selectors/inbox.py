"""A department's inbox: its own shares with their answer clocks, the earliest due first; keyset pages, masked rows.

The share is dispatched with a clock (时限从转办时起算). A share whose fold failed has none yet: it stands where it was
dispatched, at the head, so that nothing is ever lost from an inbox.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models import Share
from cases.rules.grants import Actor
from cases.selectors.queues import Row, rows_by_id
from cases.selectors.shares import own_shares
from escalation.models import Clock
from escalation.selectors.clocks import ClockView, share_dues


class Task(NamedTuple):
    """One own share (承办任务) with its case and its answer clock."""

    row: Row
    role: str
    dispatched_at: datetime
    answered_at: datetime | None
    conclusion: str
    due: ClockView | None


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
    """Own shares waiting for an answer, earliest due first; or those answered, newest first. Eight queries."""
    asked = _answered(actor, after) if answered else _waiting(actor, after)
    shares = list(asked[: limit + 1])
    shown = shares[:limit]
    rows = rows_by_id(actor, [share.case_id for share in shown])
    dues = share_dues([share.pk for share in shown], now)
    tasks = [
        Task(
            rows[share.case_id],
            share.role,
            share.dispatched_at,
            share.answered_at,
            share.conclusion,
            dues.get(share.pk),
        )
        for share in shown
        if share.case_id in rows
    ]
    return Inbox(tasks, (shown[-1].at, shown[-1].pk) if len(shares) > limit else None)


def _waiting(actor: Actor, after: tuple[datetime, int] | None) -> QuerySet[Share]:
    running = Clock.objects.filter(
        case_id=OuterRef("case_id"), share_id=OuterRef("pk"), stopped_at__isnull=True
    ).order_by("due_at")
    found = own_shares(actor).filter(answered_at__isnull=True)
    found = found.annotate(at=Coalesce(Subquery(running.values("due_at")[:1]), "dispatched_at"))
    if after is not None:
        found = found.filter(Q(at__gt=after[0]) | Q(at=after[0], pk__gt=after[1]))
    return found.order_by("at", "pk")


def _answered(actor: Actor, after: tuple[datetime, int] | None) -> QuerySet[Share]:
    found = own_shares(actor).filter(answered_at__isnull=False).annotate(at=F("answered_at"))
    if after is not None:
        found = found.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    return found.order_by("-at", "-pk")
