"""Office hours and their validity (有效期): laying one period over others, and taking it out again.

A period without an end lasts: it holds from its first day until the next lasting one begins. One with an end (夏季作息) is an
exception that is laid over what lasts and leaves it whole: `hours.deciding` reads lasting periods first, exceptions over them. Two
exceptions that overlap are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import pairwise

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError
from escalation.rules.hours import ONE_DAY, HoursPeriod, Session

_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至到]+\s*(\d{1,2})[:：](\d{2})")
Periods = tuple[HoursPeriod, ...]


def laid_over(periods: Sequence[HoursPeriod], new: HoursPeriod) -> Periods:
    """Return the periods with the new one among them, in rising precedence; a lasting one replaces that of the same first day.

    >>> day = lambda year, month, d: date(year, month, d)
    >>> summer, lasting = HoursPeriod(day(2027, 7, 1), day(2027, 8, 31), ()), HoursPeriod(None, None, ())
    >>> hours = laid_over(laid_over([lasting], summer), HoursPeriod(day(2026, 9, 1), None, ()))
    >>> [span(period) for period in hours]
    ['长期', '2026-09-01起', '2027-07-01至2027-08-31']
    >>> laid_over(hours, HoursPeriod(day(2027, 8, 31), day(2027, 9, 30), ()))
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 与 2027-07-01至2027-08-31 的办公时间重叠，请先移除那一段，或改起止日期。
    >>> [span(period) for period in laid_over([summer], HoursPeriod(day(2027, 9, 1), day(2027, 9, 30), ()))]
    ['2027-07-01至2027-08-31', '2027-09-01至2027-09-30']
    """
    if new.valid_to is None:
        kept = [period for period in periods if period.valid_to or _start(period) != _start(new)]
        return _ordered([*kept, new])
    for period in periods:
        if period.valid_to and _overlap(period, new):
            raise CalendarError(f"与 {span(period)} 的办公时间重叠，请先移除那一段，或改起止日期。")
    return _ordered([*periods, new])


def taken_out(periods: Sequence[HoursPeriod], gone: HoursPeriod) -> Periods:
    """Return the periods without one: what it lay over holds again.

    >>> lasting = HoursPeriod(None, None, ())
    >>> summer = HoursPeriod(date(2027, 7, 1), date(2027, 8, 31), ())
    >>> taken_out(laid_over([lasting], summer), summer) == (lasting,)
    True
    >>> taken_out([lasting], summer)
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 没有 2027-07-01至2027-08-31 的办公时间，可能已经移除，请刷新后再看。
    """
    if gone not in periods:
        raise CalendarError(f"没有 {span(gone)} 的办公时间，可能已经移除，请刷新后再看。")
    return _ordered(period for period in periods if period != gone)


def uncut(periods: Sequence[HoursPeriod]) -> Periods:
    """Return hours that are stored in pieces, each ending where the next begins, as lasting periods and exceptions over them.

    The same hours hold on each day. What is stored whole stays as it is.

    >>> day, usual, short = date.fromisoformat, (Session(time(9), time(17)),), (Session(time(9), time(13)),)
    >>> pieces = [
    ...     HoursPeriod(None, day("2027-06-30"), usual),
    ...     HoursPeriod(day("2027-07-01"), day("2027-08-31"), short),
    ...     HoursPeriod(day("2027-09-01"), None, usual),
    ... ]
    >>> [span(period) for period in uncut(pieces)]
    ['长期', '2027-07-01至2027-08-31']
    """
    in_pieces = all(
        one.valid_to and one.valid_to + ONE_DAY == other.valid_from for one, other in pairwise(periods)
    )
    if len(periods) < 2 or not in_pieces or periods[-1].valid_to:
        return tuple(periods)
    lasting = [periods[0]._replace(valid_to=None)]
    exceptions: list[HoursPeriod] = []
    for period in periods[1:]:
        if period.sessions == lasting[-1].sessions:
            continue  # the lasting one holds there
        (exceptions if period.valid_to else lasting).append(period)
    return (*lasting, *exceptions)


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


def _overlap(one: HoursPeriod, other: HoursPeriod) -> bool:
    return _start(one) <= (other.valid_to or LAST_DAY) and _start(other) <= (one.valid_to or LAST_DAY)


def _start(period: HoursPeriod) -> date:
    return period.valid_from or FIRST_DAY


def _ordered(periods: Iterable[HoursPeriod]) -> Periods:
    return tuple(sorted(periods, key=lambda period: (period.valid_to is not None, _start(period))))
