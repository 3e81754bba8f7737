"""Suspensions (中止计时) in arithmetic: counting working days around whole days that do not count.

Source: policy.md F1. The day a suspension starts counts as used, the day it ends does not count, the remaining days run from
the next working day; it ends by itself at its planned end, so that every limit always has a due moment. Pure functions on
`date` and working days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from escalation.rules.calendar import WorkCalendar


class Pause(NamedTuple):
    """The days after `from_on` up to and including `until_on` do not count. `of` is the version of the event that began it."""

    from_on: date
    until_on: date
    reason: str = ""
    of: int = 0


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Return the pauses in order, without empty ones, overlapping ones made one.

    >>> day = lambda d: date(2026, 11, d)
    >>> [(p.from_on.day, p.until_on.day) for p in merged([Pause(day(9), day(12)), Pause(day(3), day(10)), Pause(day(20), day(20))])]
    [(3, 12)]
    """
    found: list[Pause] = []
    for pause in sorted(pauses):
        if pause.until_on <= pause.from_on:
            continue
        if found and pause.from_on <= found[-1].until_on:
            found[-1] = found[-1]._replace(until_on=max(found[-1].until_on, pause.until_on))
        else:
            found.append(pause)
    return found


def beyond(pauses: Iterable[Pause], others: Iterable[Pause]) -> list[Pause]:
    """Return what the pauses take away besides the others: days that stand still for two reasons are lost once.

    >>> day = lambda d: date(2026, 11, d)
    >>> own, whole = [Pause(day(3), day(12))], [Pause(day(5), day(8))]
    >>> [(p.from_on.day, p.until_on.day) for p in beyond(own, whole)], beyond(whole, own)
    ([(3, 5), (8, 12)], [])
    """
    left = merged(pauses)
    for other in merged(others):
        parts = [
            (
                pause._replace(until_on=min(pause.until_on, other.from_on)),
                pause._replace(from_on=max(pause.from_on, other.until_on)),
            )
            for pause in left
        ]
        left = [part for pair in parts for part in pair if part.from_on < part.until_on]
    return left


def add_around(calendar: WorkCalendar, day: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """Return the `days`-th working day after `day` that no pause takes away.

    A pause that begins on the very last day still leaves the first working day after its end: who asks in time is not late
    while time stands still.

    >>> from escalation.rules.calendar import example_calendar
    >>> calendar, monday = example_calendar(), date(2026, 11, 23)
    >>> pause = Pause(date(2026, 11, 25), date(2026, 12, 4))  # policy.md F1: limit 5, two used, three left
    >>> str(add_around(calendar, monday, 5, [pause])), str(add_around(calendar, monday, 5))
    ('2026-12-09', '2026-11-30')
    >>> [str(add_around(calendar, monday, n, [pause])) for n in (1, 2, 3)]
    ['2026-11-24', '2026-12-07', '2026-12-07']
    """
    return pushed(calendar, day, calendar.add(day, days), pauses)


def pushed(calendar: WorkCalendar, day: date, last: date, pauses: Sequence[Pause]) -> date:
    """Return the last day of a limit counted from `day`, that would end on `last`, when pauses take days away from it."""
    for pause in merged(pauses) if pauses else ():
        if pause.until_on <= day or pause.from_on > last:
            continue
        if pause.from_on == last:
            last = calendar.add(pause.until_on, 1)
        else:
            last = calendar.add(last, calendar.count(max(pause.from_on, day), pause.until_on))
    return last


def count_around(calendar: WorkCalendar, after: date, upto: date, pauses: Sequence[Pause] = ()) -> int:
    """Return the working days later than `after`, up to and including `upto`, that no pause takes away.

    >>> from escalation.rules.calendar import example_calendar
    >>> pause = Pause(date(2026, 11, 25), date(2026, 12, 4))
    >>> count_around(example_calendar(), date(2026, 11, 23), date(2026, 12, 9), [pause])
    5
    """
    if not pauses:
        return calendar.count(after, upto)
    lost = sum(
        calendar.count(max(pause.from_on, after), min(pause.until_on, upto))
        for pause in merged(pauses)
        if max(pause.from_on, after) < min(pause.until_on, upto)
    )
    return calendar.count(after, upto) - lost


def paused_on(day: date, pauses: Iterable[Pause]) -> Pause | None:
    """Return the pause in which `day` lies, the day that it starts included (the rest of it does not run), or None.

    >>> pause = Pause(date(2026, 11, 25), date(2026, 12, 4))
    >>> [paused_on(date(2026, *day), [pause]) is pause for day in ((11, 24), (11, 25), (12, 4), (12, 5))]
    [False, True, True, False]
    """
    return next((pause for pause in pauses if pause.from_on <= day <= pause.until_on), None)
