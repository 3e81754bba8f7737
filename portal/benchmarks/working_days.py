"""Adding working days: the precomputed table against walking day by day with the chinesecalendar package."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter

import chinese_calendar

from escalation.rules.calendar import WorkCalendar
from escalation.services.national import national_calendar
from portal.benchmarks import Row

STARTS = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 330, 3)]
DAYS = 10
ROUNDS = 200


def walk(start: date, days: int) -> date:
    """Add working days the way most systems do: one day at a time."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= chinese_calendar.is_workday(day)
    return day


def microseconds(call: Callable[[date, int], date], rounds: int) -> float:
    """Return the mean time of one call."""
    began = perf_counter()
    for _ in range(rounds):
        for start in STARTS:
            call(start, DAYS)
    return (perf_counter() - began) / (rounds * len(STARTS)) * 1e6


def run() -> list[Row]:
    """Measure both in one run."""
    calendar: WorkCalendar = national_calendar()
    walked = microseconds(walk, 1)
    return [
        Row("working_days.add", microseconds(calendar.add, ROUNDS), "µs", walked),
        Row("working_days.count", microseconds(lambda d, n: _count(calendar, d, n), ROUNDS), "µs", walked),
    ]


def _count(calendar: WorkCalendar, start: date, days: int) -> date:
    calendar.count(start, start + timedelta(days=days))
    return start
