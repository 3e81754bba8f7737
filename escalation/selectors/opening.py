"""Is the window open now? Told from calendar and office hours, so that no page writes an hour of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from escalation.rules.hours import CHINA
from escalation.selectors.versions import in_force

LOOK_AHEAD = 30  # days; no holiday is longer


class Opening(NamedTuple):
    """Whether a hall's window is open, when it closes for the day, and when it opens next if it is shut."""

    is_open: bool
    closes_at: datetime | None
    opens_at: datetime | None


def opening(hall_id: int | None, now: datetime) -> Opening:
    """Return how the window of a hall (None: the city) stands at `now`; one query."""
    work_time = in_force().work_time(hall_id)
    local = now.astimezone(CHINA)
    for ahead in range(LOOK_AHEAD):
        day = local.date() + timedelta(days=ahead)
        if not work_time.calendar.is_working_day(day):
            continue
        for session in work_time.sessions_on(day):
            start, end = (datetime.combine(day, moment, CHINA) for moment in session)
            if start <= local < end:
                return Opening(True, work_time.closing(day), None)
            if local < start:
                return Opening(False, None, start)
    return Opening(False, None, None)
