"""Office hours and their validity (有效期): laying one period over others, and taking it out again.

Periods of one place never overlap. A period with both ends is an exception (夏季作息) that is laid over lasting ones: they are cut
around it. A lasting one, open at an end, takes over from its first day on. Two exceptions that overlap are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError
from escalation.rules.hours import ONE_DAY, HoursPeriod, Session

_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至到]+\s*(\d{1,2})[:：](\d{2})")
Periods = tuple[HoursPeriod, ...]


def laid_over(periods: Sequence[HoursPeriod], new: HoursPeriod) -> Periods:
    """Return the periods with the new one among them, in order, none overlapping another.

    >>> day = lambda month, d: date(2027, month, d)
    >>> lasting = HoursPeriod(None, None, ())
    >>> summer = laid_over([lasting], HoursPeriod(day(7, 1), day(8, 31), ()))
    >>> [span(period) for period in summer]
    ['至2027-06-30', '2027-07-01至2027-08-31', '2027-09-01起']
    >>> laid_over(summer, HoursPeriod(day(8, 1), day(9, 30), ()))
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 与 2027-07-01至2027-08-31 的办公时间重叠，请先移除那一段，或改起止日期。
    >>> [span(period) for period in laid_over([lasting], HoursPeriod(day(9, 1), None, ()))]
    ['至2027-08-31', '2027-09-01起']
    """
    kept: list[HoursPeriod] = []
    for period in periods:
        if not _overlap(period, new):
            kept.append(period)
        elif _is_bounded(period):
            raise CalendarError(f"与 {span(period)} 的办公时间重叠，请先移除那一段，或改起止日期。")
        else:
            kept += _cut(period, new)
    return _ordered([*kept, new])


def taken_out(periods: Sequence[HoursPeriod], gone: HoursPeriod) -> Periods:
    """Return the periods without one; the neighbour before it (else after it) that touches it takes its days.

    >>> lasting = HoursPeriod(None, None, ())
    >>> summer = HoursPeriod(date(2027, 7, 1), date(2027, 8, 31), ())
    >>> taken_out(laid_over([lasting], summer), summer) == (lasting,)
    True
    >>> taken_out([lasting], summer)
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 没有 2027-07-01至2027-08-31 的办公时间，可能已经移除，请刷新后再看。
    """
    rest = list(_ordered(periods))
    if gone not in rest:
        raise CalendarError(f"没有 {span(gone)} 的办公时间，可能已经移除，请刷新后再看。")
    at = rest.index(gone)
    rest.remove(gone)
    if at > 0 and _end(rest[at - 1]) + ONE_DAY == _start(gone):
        rest[at - 1] = rest[at - 1]._replace(valid_to=gone.valid_to)
    elif at < len(rest) and _end(gone) + ONE_DAY == _start(rest[at]):
        rest[at] = rest[at]._replace(valid_from=gone.valid_from)
    return _joined(rest)


def read_session(text: str) -> Session:
    """Read hours as people write them.

    >>> read_session("8:30-12:00")
    Session(opens=datetime.time(8, 30), closes=datetime.time(12, 0))
    >>> read_session("8点到12点")
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 办公时间 8点到12点 看不懂，应写成 08:30-12:00。
    """
    read = _HOURS.fullmatch(text.strip())
    try:
        opens, closes = (time(int(read[n]), int(read[n + 1])) for n in (1, 3)) if read else (None, None)
    except ValueError:
        opens = closes = None
    if opens is None or closes is None:
        raise CalendarError(f"办公时间 {text.strip()[:20]} 看不懂，应写成 08:30-12:00。")
    return Session(opens, closes)


def span(period: HoursPeriod) -> str:
    """Say from when to when a period holds.

    >>> span(HoursPeriod(None, None, ()))
    '长期'
    """
    if period.valid_from and period.valid_to:
        return f"{period.valid_from}至{period.valid_to}"
    if period.valid_from:
        return f"{period.valid_from}起"
    return f"至{period.valid_to}" if period.valid_to else "长期"


def _joined(periods: Iterable[HoursPeriod]) -> Periods:
    """Make neighbours that touch and say the same one period again."""
    found: list[HoursPeriod] = []
    for period in periods:
        if found and _end(found[-1]) + ONE_DAY == _start(period) and found[-1].sessions == period.sessions:
            found[-1] = found[-1]._replace(valid_to=period.valid_to)
        else:
            found.append(period)
    return tuple(found)


def _cut(period: HoursPeriod, new: HoursPeriod) -> list[HoursPeriod]:
    """Return what is left of a lasting period before and after the new one."""
    left = []
    if new.valid_from and _start(period) < new.valid_from:
        left.append(period._replace(valid_to=new.valid_from - ONE_DAY))
    if new.valid_to and new.valid_to < _end(period):
        left.append(period._replace(valid_from=new.valid_to + ONE_DAY))
    return left


def _overlap(one: HoursPeriod, other: HoursPeriod) -> bool:
    return _start(one) <= _end(other) and _start(other) <= _end(one)


def _is_bounded(period: HoursPeriod) -> bool:
    return period.valid_from is not None and period.valid_to is not None


def _start(period: HoursPeriod) -> date:
    return period.valid_from or FIRST_DAY


def _end(period: HoursPeriod) -> date:
    return period.valid_to or LAST_DAY


def _ordered(periods: Iterable[HoursPeriod]) -> Periods:
    return tuple(sorted(periods, key=_start))
