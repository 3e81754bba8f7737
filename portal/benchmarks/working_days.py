"""Working days and office hours: looked up in the precomputed table, against walking day by day.

The peer for days is a walk with the package chinesecalendar, for hours a walk through our own table; microseconds a call.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from time import perf_counter

import chinese_calendar

from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime
from escalation.services.national import national_calendar
from portal.benchmarks import Row

STARTS = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 330, 3)]
DAYS, FOUR_HOURS, MONTH = 10, timedelta(hours=4), timedelta(hours=143)
ROUNDS, TIMES = 50, 5
SESSIONS = (Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30)))


def run() -> list[Row]:
    """Measure everything in one run; each figure is the best of a few, for other work on the machine only adds."""
    calendar = national_calendar()
    work_time = WorkTime(calendar, [HoursPeriod(None, None, SESSIONS)])
    moments = [datetime.combine(start, time(10, 20), CHINA) for start in STARTS]
    ends = [work_time.add_hours(moment, MONTH) for moment in moments]
    last_days = [end.date() for end in ends]
    limit = Limit(Unit.DAYS, DAYS)
    walked = microseconds([lambda s=start: walk(s, DAYS) for start in STARTS], 1)
    hours_walked = microseconds([lambda m=m: walk_hours(work_time, m, MONTH) for m in moments], 1)
    return [
        _row("add", [lambda s=start: calendar.add(s, DAYS) for start in STARTS], walked),
        _row(
            "count", [lambda s=s, e=e: calendar.count(s, e) for s, e in zip(STARTS, last_days, strict=True)]
        ),
        _row("deadline", [lambda m=m: deadline(m, limit, work_time) for m in moments], walked),
        _row("add_hours.4", [lambda m=m: work_time.add_hours(m, FOUR_HOURS) for m in moments]),
        _row("add_hours.143", [lambda m=m: work_time.add_hours(m, MONTH) for m in moments], hours_walked),
        _row(
            "hours_between",
            [lambda m=m, e=e: work_time.hours_between(m, e) for m, e in zip(moments, ends, strict=True)],
            hours_walked,
        ),
        Row("working_days.build", microseconds([national_calendar], 1) / 1000, "ms"),
    ]


def _row(name: str, calls: list[Callable[[], object]], baseline: float | None = None) -> Row:
    return Row(f"working_days.{name}", microseconds(calls), "µs", baseline)


def microseconds(calls: list[Callable[[], object]], rounds: int = ROUNDS) -> float:
    """Return the mean time of one call in the best of a few runs, the loop around it included."""
    best = float("inf")
    for _ in range(TIMES):
        began = perf_counter()
        for _ in range(rounds):
            for call in calls:
                call()
        best = min(best, perf_counter() - began)
    return best / (rounds * len(calls)) * 1e6


def walk(start: date, days: int) -> date:
    """Add working days the way most systems do: one day at a time."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= chinese_calendar.is_workday(day)
    return day


def walk_hours(work_time: WorkTime, moment: datetime, left: timedelta) -> datetime:
    """Add office hours one session after the other."""
    day, calendar = moment.date(), work_time.calendar
    while True:
        if calendar.is_working_day(day):
            for opens, closes in work_time.sessions_on(day):
                start = max(moment, datetime.combine(day, opens, CHINA))
                room = datetime.combine(day, closes, CHINA) - start
                if timedelta(0) < left <= room:
                    return start + left
                left -= max(room, timedelta(0))
        day += timedelta(days=1)
