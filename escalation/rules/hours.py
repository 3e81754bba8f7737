"""Office hours (办公时间) and working-hours arithmetic across lunch, weekends and make-up days.

Hours are data with validity dates, per hall; they are the hours in which limits run, not the opening hours of a window
(policy.md 5.3). Sources: 民法典 201 para. 2 (by the hour: from the stated moment) and 203 (the last day ends when business stops).
Units: aware moments in China Standard Time (UTC+8, without summer time since 1992), lengths as `timedelta`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError, WorkCalendar, example_calendar

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
ONE_DAY = timedelta(days=1)
MOST_HOURS = timedelta(hours=8000)  # a thousand working days; longer limits are given in days


class Session(NamedTuple):
    """One stretch of work of a day, from `opens` to `closes`."""

    opens: time
    closes: time


class HoursPeriod(NamedTuple):
    """The sessions in force from `valid_from` to `valid_to`, both inclusive; None is open-ended."""

    valid_from: date | None
    valid_to: date | None
    sessions: tuple[Session, ...]

    def covers(self, day: date) -> bool:
        """Say whether the period is in force on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def checked_period(period: HoursPeriod) -> HoursPeriod:
    """Return the period unchanged, or say in Chinese why it cannot be used.

    >>> checked_period(HoursPeriod(None, None, (Session(time(22), time(6)),)))
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 办公时间 22:00–06:00 无效：下班须晚于上班，且不能跨过零点。
    """
    if not period.sessions:
        raise CalendarError("办公时间不能为空。")
    if period.valid_from and period.valid_to and period.valid_to < period.valid_from:
        raise CalendarError(f"办公时间的止期 {period.valid_to} 早于起期 {period.valid_from}。")
    last = time(0)
    for opens, closes in period.sessions:
        if closes <= opens:
            raise CalendarError(
                f"办公时间 {opens:%H:%M}–{closes:%H:%M} 无效：下班须晚于上班，且不能跨过零点。"
            )
        if opens < last:
            raise CalendarError(f"办公时间 {opens:%H:%M} 与上一时段重叠。")
        last = closes
    return period


class Stretch(NamedTuple):
    """Days from `first` to `last` with the same sessions (none: no hours were set), `length` of office time each."""

    first: date
    last: date
    sessions: tuple[Session, ...]
    length: timedelta


def deciding(periods: Sequence[HoursPeriod], day: date) -> HoursPeriod | None:
    """Return the period that decides on a day, the last one that covers it; None where no hours are set."""
    return next((period for period in reversed(periods) if period.covers(day)), None)


def sessions_of(periods: Sequence[HoursPeriod], day: date) -> tuple[Session, ...]:
    """Return the sessions of a day, none where no hours are set."""
    found = deciding(periods, day)
    return found.sessions if found else ()


def cuts(periods: Iterable[HoursPeriod]) -> Iterator[tuple[date, date]]:
    """Cut all days of the calendar where some period begins or ends, into (first, last)."""
    days = {FIRST_DAY, LAST_DAY + ONE_DAY}
    for period in periods:
        days |= {period.valid_from} if period.valid_from else set()
        days |= {period.valid_to + ONE_DAY} if period.valid_to and period.valid_to < LAST_DAY else set()
    for first, following in pairwise(sorted(day for day in days if FIRST_DAY <= day <= LAST_DAY + ONE_DAY)):
        yield first, following - ONE_DAY


def stretches(periods: Sequence[HoursPeriod]) -> Iterator[Stretch]:
    """Cut all days of the calendar where hours change; the last period that covers a day decides.

    >>> morning, evening = (Session(time(9), time(12)),), (Session(time(18), time(20)),)
    >>> summer = HoursPeriod(date(2026, 7, 1), date(2026, 8, 31), evening)
    >>> for found in stretches([HoursPeriod(None, None, morning), summer]):
    ...     print(found.first, found.last, found.length)
    1992-01-01 2026-06-30 3:00:00
    2026-07-01 2026-08-31 2:00:00
    2026-09-01 2060-12-31 3:00:00
    """
    for first, last in cuts(periods):
        sessions = sessions_of(periods, first)
        length = sum((_length(session) for session in sessions), timedelta(0))
        yield Stretch(first, last, sessions, length)


def _length(session: Session) -> timedelta:
    return datetime.combine(FIRST_DAY, session.closes) - datetime.combine(FIRST_DAY, session.opens)


class WorkTime:
    """A calendar together with office hours: everything a limit needs, for one hall and one calendar version."""

    __slots__ = ("_firsts", "_stretches", "calendar", "periods")

    def __init__(self, calendar: WorkCalendar, periods: Sequence[HoursPeriod]) -> None:
        """`periods` in rising precedence: the last one that covers a day decides (a hall's own stand last)."""
        self.calendar = calendar
        self.periods = tuple(checked_period(period) for period in periods)
        self._stretches = list(stretches(self.periods))
        self._firsts = [stretch.first for stretch in self._stretches]

    def _stretch(self, day: date) -> Stretch:
        place = bisect_right(self._firsts, day)
        stretch = self._stretches[place - 1]
        if not place or not stretch.sessions:
            raise CalendarError(f"{day} 没有办公时间，请先在日历中设置。")
        return stretch

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """Return the sessions of a working day; the caller knows that it is one."""
        return self._stretch(day).sessions

    def closing(self, day: date) -> datetime:
        """Return the moment when business stops on `day`, the end of a limit's last day (民法典 203).

        >>> str(example_work_time().closing(date(2026, 10, 10)))
        '2026-10-10 17:30:00+08:00'
        """
        return datetime.combine(day, self.sessions_on(day)[-1].closes, CHINA)

    def add_hours(self, moment: datetime, hours: timedelta) -> datetime:
        """Return the moment at which `hours` of office time have passed since `moment`.

        Counting starts at the moment itself, or at the next opening; an end at closing time stays there.

        >>> friday, work_time = datetime(2026, 9, 18, 16, 0, tzinfo=CHINA), example_work_time()
        >>> [str(work_time.add_hours(friday, timedelta(hours=h)))[:16] for h in (1, 1.5, 4)]  # Sunday 09-20 works
        ['2026-09-18 17:00', '2026-09-18 17:30', '2026-09-20 11:00']
        >>> lunch = datetime(2026, 9, 18, 12, 30, tzinfo=CHINA)
        >>> str(work_time.add_hours(lunch, timedelta(hours=3)))[:16]
        '2026-09-18 17:30'
        """
        if not timedelta(0) <= hours <= MOST_HOURS:
            raise CalendarError(f"工作小时数应在 0 至 {MOST_HOURS // timedelta(hours=1)} 之间。")
        at = moment.astimezone(CHINA)
        day = self.calendar.on_or_after(at.date())
        left = hours
        while True:
            for session in self.sessions_on(day):
                start = max(at, datetime.combine(day, session.opens, CHINA))
                room = datetime.combine(day, session.closes, CHINA) - start
                if room > timedelta(0):
                    if left <= room:
                        return start + left
                    left -= room
            day, left = self._whole_days_on(self.calendar.add(day, 1), left)

    def _whole_days_on(self, day: date, left: timedelta) -> tuple[date, timedelta]:
        """Take the days that `left` fills entirely, a stretch at a time: return the day on which it ends, and the rest."""
        stretch = self._stretch(day)
        while left > stretch.length:
            fills = (
                -(-left // stretch.length) - 1
            )  # one less when it comes out even: an end at closing time stays there
            days = min(fills, self.calendar.count(day, stretch.last) + 1)
            day, left = self.calendar.add(day, days), left - days * stretch.length
            stretch = self._stretch(day)
        return day, left

    def hours_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the office time from `start` to `end`.

        >>> work_time = example_work_time()
        >>> morning, evening = (datetime(2026, 9, 18, h, tzinfo=CHINA) for h in (9, 20))
        >>> str(work_time.hours_between(morning, evening))
        '6:00:00'
        """
        if end < start:
            raise CalendarError("结束时间早于开始时间。")
        start, end = start.astimezone(CHINA), end.astimezone(CHINA)
        return self._whole_days(start.date(), end.date()) + self._so_far(end) - self._so_far(start)

    def _so_far(self, moment: datetime) -> timedelta:
        """The office time of the moment's own day that has passed."""
        day, passed = moment.date(), timedelta(0)
        if self.calendar.is_working_day(day):
            for opens, closes in self.sessions_on(day):
                begins, ends = (datetime.combine(day, at, CHINA) for at in (opens, closes))
                passed += max(timedelta(0), min(moment, ends) - begins)
        return passed

    def _whole_days(self, first: date, until: date) -> timedelta:
        """The office time of the days from `first` to the one before `until`."""
        works, total = self.calendar.is_working_day, timedelta(0)
        while first < until:
            following = min(until, self._following(first))
            days = self.calendar.count(first, following) + works(first) - works(following)
            total += days * self._stretch(first).length if days else timedelta(0)
            first = following
        return total

    def _following(self, day: date) -> date:
        """Return the first day of the next stretch, or the day after the calendar's last, which cannot be counted."""
        place = bisect_right(self._firsts, day)
        return self._firsts[place] if place < len(self._firsts) else LAST_DAY + ONE_DAY


@lru_cache(maxsize=1)
def example_work_time() -> WorkTime:
    """Return autumn 2026 with the default hours of policy.md F1, for doctests.

    >>> example_work_time().sessions_on(date(2026, 9, 18))[0].opens
    datetime.time(8, 30)
    """
    sessions = (Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30)))
    return WorkTime(example_calendar(), [HoursPeriod(None, None, sessions)])
