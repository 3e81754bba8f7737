"""The ladder (亮牌阶梯): at which moments a running clock earns a blue, yellow or red signal.

Source: policy.md F4. Each signal has one true instant, a morning hour of a working day; a sweep that runs late judges by that
instant, so late and early sweeps end alike. Cards themselves are issued elsewhere; here are only moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from escalation.rules.calendar import WorkCalendar
from escalation.rules.hours import CHINA
from escalation.rules.limits import Breach, Ladder
from escalation.rules.pauses import Pause, add_around, count_around


class Signal(StrEnum):
    """A rung of the ladder."""

    HALF = "half"  # 时限过半
    SOON = "soon"  # 临期
    OVERDUE = "overdue"  # 超期
    RED = "red"  # 严重超期


class Instants(NamedTuple):
    """The moments of one clock's ladder; None where it has no such rung."""

    half_at: datetime | None
    soon_at: datetime | None
    overdue_at: datetime
    red_at: datetime | None


class Earned(NamedTuple):
    """A signal at its true instant."""

    at: datetime
    signal: Signal


def instants(
    counted_from: date,
    due_on: date,
    calendar: WorkCalendar,
    ladder: Ladder,
    breach: Breach,
    grace_days: int = 0,
    pauses: Sequence[Pause] = (),
) -> Instants:
    """Return the ladder of a limit counted from day zero `counted_from` and ending on `due_on`, around `pauses`.

    Due Monday 2026-11-23: blue Friday, yellow Tuesday, red Friday 27, three full working days over.

    >>> from escalation.rules.calendar import example_calendar
    >>> from escalation.rules.limits import example_package
    >>> ladder = example_package().ladder
    >>> rungs = instants(date(2026, 11, 18), date(2026, 11, 23), example_calendar(), ladder, Breach.LADDER)
    >>> [f"{at:%m-%d %H:%M}" for at in rungs if at]
    ['11-20 08:30', '11-24 08:30', '11-27 08:30']
    >>> short = instants(date(2026, 11, 20), date(2026, 11, 23), example_calendar(), ladder, Breach.LADDER)
    >>> short.soon_at is None
    True
    """

    def morning(day: date) -> datetime:
        return datetime.combine(day, ladder.issue_at, CHINA)

    overdue_at = morning(calendar.add(due_on, 1 + grace_days))
    if breach is not Breach.LADDER:
        return Instants(None, None, overdue_at, None)
    days = count_around(calendar, counted_from, due_on, pauses) if due_on > counted_from else 0
    half_at = (
        morning(add_around(calendar, counted_from, (days + 1) // 2 + 1, pauses))
        if days >= ladder.half_from_days
        else None
    )
    soon_at = morning(calendar.back(due_on)) if days >= ladder.soon_from_days else None
    red_at = morning(add_around(calendar, due_on, 1 + ladder.red_after_days, pauses))
    return Instants(half_at, soon_at, overdue_at, red_at)


def earned(
    rungs: Instants, judged_until: datetime, stopped_at: datetime | None, now: datetime | None = None
) -> list[Earned]:
    """Return the signals after `judged_until` that the clock earns up to `now` (None: ever), in order of instant.

    A clock that stopped at or before an instant does not earn it; one that stopped later does, however late one looks.

    >>> from datetime import timedelta
    >>> day = timedelta(days=1)
    >>> zero = datetime(2026, 11, 18, 10, tzinfo=CHINA)
    >>> rungs = Instants(None, zero + day, zero + 3 * day, zero + 6 * day)
    >>> [e.signal.value for e in earned(rungs, zero, None, zero + 4 * day)]
    ['soon', 'overdue']
    >>> [e.signal.value for e in earned(rungs, zero + day, zero + 3 * day)]
    []
    >>> [e.signal.value for e in earned(rungs, zero + day, zero + 4 * day, zero + 9 * day)]
    ['overdue']
    """
    found = [
        Earned(at, signal)
        for at, signal in zip(rungs, Signal, strict=True)
        if at and at > judged_until and (stopped_at is None or at < stopped_at) and (now is None or at <= now)
    ]
    return sorted(found)


def next_signal_at(rungs: Instants, judged_until: datetime, stopped_at: datetime | None) -> datetime | None:
    """Return when a sweep must look at the clock next, or None when nothing more can happen to it.

    >>> zero = datetime(2026, 11, 18, 10, tzinfo=CHINA)
    >>> next_signal_at(Instants(None, None, zero, None), zero, None) is None
    True
    """
    ahead = [at for at in rungs if at and at > judged_until and (stopped_at is None or at < stopped_at)]
    return min(ahead) if ahead else None
