"""Figures for the supervisors' board: bounded counts of clocks, no joins over all cases."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from escalation.models import Clock, SweepRun

LIMIT = 999


class BoardFigures(NamedTuple):
    """How many running clocks are past due and how many end within a working day, counted up to 999; the last sweep."""

    overdue: int
    soon: int
    swept_at: datetime | None


def board_figures(actor: Actor, now: datetime) -> BoardFigures:
    """Count what the actor sees; three queries."""
    seen = cases_seen_by(actor).values("id")
    running = Clock.objects.filter(stopped_at__isnull=True, case_id__in=seen)
    last = (
        SweepRun.objects.filter(finished_at__isnull=False)
        .order_by("-pk")
        .values_list("finished_at", flat=True)
    )
    return BoardFigures(
        overdue=running.filter(due_at__lt=now).values("pk")[:LIMIT].count(),
        soon=running.filter(due_at__gte=now, soon_at__lte=now).values("pk")[:LIMIT].count(),
        swept_at=last.first(),
    )
