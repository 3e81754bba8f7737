"""What /healthz and the boards say about time: lagging folds, the last sweep, missing notices, a change that stands still."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from cases.selectors.timelines import lagging_count
from escalation.models import Change, SweepRun
from escalation.rules.changes import ChangeState
from escalation.rules.hours import CHINA
from escalation.selectors.versions import InForce, in_force

NEXT_YEAR_FROM_MONTH = (
    11  # the notice for a year appears in October to December of the year before (policy.md 5.2)
)
HALTED_AFTER = timedelta(minutes=5)  # each minute somebody takes it up again


class Health(TypedDict):
    """Counts and moments; `beat` is seconds since the last minute tick arrived, None when there was none."""

    lagging_folds: int
    owed_notices: int
    last_sweep: datetime | None
    beat: float | None
    calendar_years_missing: list[int]
    changes_halted: int


def health(now: datetime) -> Health:
    """Return the state of escalation at `now`; five queries."""
    ticks = SweepRun.objects.order_by("-as_of")
    tick = ticks.values_list("as_of", flat=True).first()
    return Health(
        lagging_folds=lagging_count(),
        owed_notices=0,  # notices are in the portal as soon as they are owed; nothing is sent outside yet
        last_sweep=ticks.filter(finished_at__isnull=False).values_list("as_of", flat=True).first(),
        beat=(now - tick).total_seconds() if tick else None,
        calendar_years_missing=years_missing(now),
        changes_halted=int(halted_change(now) is not None),
    )


def years_missing(now: datetime, versions: InForce | None = None) -> list[int]:
    """Return the years whose notice should be loaded by now and is not: this year, and from 1 November the next."""
    today = now.astimezone(CHINA).date()
    needed = [today.year] + ([today.year + 1] if today.month >= NEXT_YEAR_FROM_MONTH else [])
    noticed = (versions or in_force()).noticed_years()
    return [year for year in needed if year not in noticed]


class Swept(NamedTuple):
    """The last finished sweep (时限巡检): up to which moment it judged, and how many clocks it looked at."""

    as_of: datetime
    examined: int


def last_sweep() -> Swept | None:
    """Return the last sweep that finished, None before the first; one query."""
    ended = SweepRun.objects.filter(finished_at__isnull=False).order_by("-as_of")
    row = ended.values_list("as_of", "examined").first()
    return Swept(*row) if row else None


class Halted(NamedTuple):
    """A change (改动) that is being applied and does not get on; since when, and how many cases of how many were done."""

    id: int
    title: str
    done: int
    total: int
    since: datetime


def halted_change(now: datetime) -> Halted | None:
    """Return the change that is stuck in 正在适用, None when none is; one query. There is one at a time."""
    change = Change.objects.filter(state=ChangeState.APPLYING.value).defer("document", "preview").first()
    if change is None:
        return None
    since = max(at for at in (change.worked_at, change.began_at, change.proposed_at) if at is not None)
    is_halted = now - since > HALTED_AFTER
    return Halted(change.pk, change.title, change.done, change.total, since) if is_halted else None
