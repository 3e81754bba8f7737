"""Counts that may be shown to everybody: counts, never percentages of little (users.md, truth in small things)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from cases.models import Case
from cases.rules.classes import Outcome
from cases.rules.flow import OPEN

YEAR = timedelta(days=365)


class Figures(NamedTuple):
    """Cases filed in the last year, of those done, and all that are open."""

    filed: int
    done: int
    being_handled: int


def figures(now: datetime) -> Figures:
    """Count a year's cases; bounded by the year and by what is open, and asked for once a page at most."""
    year = Case.objects.filter(submitted_at__gt=now - YEAR, submitted_at__lte=now)
    return Figures(
        filed=year.count(),
        done=year.filter(outcome=Outcome.DONE.value).count(),
        being_handled=Case.objects.filter(state__in=[state.value for state in OPEN]).count(),
    )
