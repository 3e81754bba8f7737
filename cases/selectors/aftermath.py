"""What came back after a closing and waits for a supervisor: cases taken up again, bad ratings and unsolved call-backs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery

from cases.models import Event, Rating
from cases.rules.classes import BAD_GRADES, Resolution
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.rules.kinds import Kind
from cases.selectors.cases import cases_seen_by


class Reopened(NamedTuple):
    """A case taken up again (重新办理) that nobody has dispatched yet."""

    number: str
    matter: str
    hall: str
    times: int
    at: datetime


def reopened_waiting(actor: Actor, *, limit: int) -> list[Reopened]:
    """Cases taken up again and not yet dispatched, the longest waiting first; one query."""
    events = Event.objects.filter(case_id=OuterRef("pk"), kind=Kind.REOPENED.value).order_by("-version")
    rows = (
        cases_seen_by(actor)
        .filter(state=State.ACCEPTED.value, reopenings__gt=0)
        .annotate(at=Subquery(events.values("happened_at")[:1]))
        .order_by("at", "pk")
        .values_list("number", "matter__name", "hall__name", "reopenings", "at")[:limit]
    )
    return [Reopened(number, matter or "", hall, times, at) for number, matter, hall, times, at in rows]


class Complaint(NamedTuple):
    """A reporter who is not content with how their case was closed, or says that it is not solved."""

    number: str
    matter: str
    source: str
    resolution: str
    grade: int
    at: datetime


def complaints(actor: Actor, since: datetime, *, limit: int) -> list[Complaint]:
    """Bad ratings and unsolved call-backs from `since` on, the newest first, of cases still closed; one query.

    A case that has been taken up again since then is in hand and left out, and so is what was mended (整改) after it was said.
    """
    bad = Q(grade__in=sorted(BAD_GRADES)) | Q(resolution=Resolution.UNSOLVED.value)
    still = Q(case__state=State.CLOSED.value, case__erased_at__isnull=True, closing=F("case__reopenings"))
    unmended = Q(case__rectified_at__isnull=True) | Q(given_at__gt=F("case__rectified_at"))
    rows = (
        Rating.objects.filter(
            bad, still, unmended, given_at__gte=since, case_id__in=cases_seen_by(actor).values("pk")
        )
        .order_by("-given_at", "-pk")
        .values_list("case__number", "case__matter__name", "source", "resolution", "grade", "given_at")
    )
    found: dict[str, Complaint] = {}
    for number, matter, *rest in rows[: 2 * limit]:  # the reporter and the call-back may both say it
        found.setdefault(number, Complaint(number, matter or "", *rest))
    return list(found.values())[:limit]
