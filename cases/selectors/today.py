"""What a hall has done today: four numbers over its workbench, counted in the newest lines of all timelines."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q

from cases.models import Event
from cases.rules.grants import SEES, Actor, Reach
from cases.rules.kinds import Kind

RECENT = 2000  # events of the whole city that are looked at: a busy day of 25 halls has a few hundred


class Today(NamedTuple):
    """Cases of the actor's halls that came in, were solved on the spot, dispatched and closed (either way) today.

    `complete` is False when the day had more events than are looked at: the numbers are then at least these.
    """

    filed: int
    resolved: int
    dispatched: int
    closed: int
    complete: bool


def today(actor: Actor, since: datetime) -> Today:
    """Count what was recorded from `since` (the day's first moment) on, paper registers (台账补录) aside; one query, bounded."""
    halls = [post.hall_id for post in actor.posts if SEES[post.role] is Reach.HALL]
    recent = Event.objects.order_by("-pk").values("pk")[:RECENT]
    own = Q(recorded_at__gte=since, case__hall_id__in=halls) & ~Q(data__has_key="paper")

    def of(*kinds: Kind) -> Count:
        return Count("case_id", filter=own & Q(kind__in=[kind.value for kind in kinds]), distinct=True)

    found = Event.objects.filter(pk__in=recent).aggregate(
        seen=Count("pk"),
        oldest=Min("recorded_at"),
        filed=of(Kind.SUBMITTED, Kind.REGISTERED),
        resolved=of(Kind.RESOLVED),
        dispatched=of(Kind.DISPATCHED),
        closed=of(Kind.CLOSED, Kind.RESOLVED),
    )
    seen, oldest = found.pop("seen"), found.pop("oldest")
    return Today(**found, complete=seen < RECENT or oldest < since)
