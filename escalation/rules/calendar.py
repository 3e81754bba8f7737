"""The working calendar (工作日历): which days count, and adding and counting working days by one look-up.

Sources: 行政许可法 82 (limits are in working days), 民法典 201 (the first day does not count) and 203 (a last day that is a
rest day moves to the next working day), 国务院关于职工工作时间的规定 7 (Saturday and Sunday rest), 全国年节及纪念日放假办法 (statutory
days) and the yearly notice of the State Council (调休). Units: calendar days (`date`), counts of working days (`int`).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, compress
from typing import NamedTuple

FIRST_DAY, LAST_DAY = date(1992, 1, 1), date(2060, 12, 31)
ALL_DAYS = tuple(
    map(date.fromordinal, range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1))
)  # shared by all
SATURDAY = 5
WEEK = bytes(day.weekday() < SATURDAY for day in ALL_DAYS)
WEEKDAYS = "一二三四五六日"


class CalendarError(ValueError):
    """A date, a count or a calendar that cannot be used; the message is Chinese and meant for people."""


class RestDay(StrEnum):
    """What a submission on a rest day means (休息日提交): received the next working day, or that very day."""

    DEEMED = "deemed"  # 视为下一个工作日收到
    NATURAL = "natural"  # 当日收到


class DayKind(NamedTuple):
    """Whether a day counts, and the name under which people know it ("" for an ordinary day)."""

    works: bool
    name: str


class WorkCalendar:
    """One immutable version of the calendar, seen from one hall.

    `noticed_years` are the years whose notice has been published. In any other year the `statutory` days rest, weekends
    rest, and every limit that touches it is provisional. `days_off` and `days_on` carry names. A day on is a make-up day
    (调休上班), unless city or hall have set it themselves (`local_days`): then its name alone says what it is.
    """

    __slots__ = (
        "_base",
        "_days_off",
        "_days_on",
        "_local_days",
        "_statutory",
        "_upto",
        "_working",
        "noticed_years",
        "number",
    )

    def __init__(
        self,
        *,
        noticed_years: frozenset[int],
        days_off: Mapping[date, str],
        days_on: Mapping[date, str],
        statutory: Mapping[date, str] | None = None,
        local_days: frozenset[date] = frozenset(),
        number: int = 0,
    ) -> None:
        both = sorted(days_off.keys() & days_on.keys())
        if both:
            raise CalendarError(f"{both[0]} 既是放假又是上班，请核对。")
        self.number = number
        self.noticed_years = noticed_years
        self._days_off, self._days_on, self._local_days = dict(days_off), dict(days_on), local_days
        self._statutory = {d: n for d, n in (statutory or {}).items() if d.year not in noticed_years}
        self._base = FIRST_DAY.toordinal()
        self._upto, self._working = self._tables()

    def _tables(self) -> tuple[array[int], list[date]]:
        """Return, by day, how many working days there are up to and including it; and those days in order."""
        works = bytearray(WEEK)
        for days, value in ((self._statutory, 0), (self._days_off, 0), (self._days_on, 1)):
            for day in days:
                if FIRST_DAY <= day <= LAST_DAY:
                    works[day.toordinal() - self._base] = value
        return array("i", accumulate(works)), list(compress(ALL_DAYS, works))

    def _count_upto(self, day: date) -> int:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CalendarError(f"日期 {day} 超出日历范围（{FIRST_DAY.year}年至{LAST_DAY.year}年）。")
        return self._upto[day.toordinal() - self._base]

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` counts as a working day.

        >>> calendar = example_calendar()
        >>> [calendar.is_working_day(date(2026, 9, d)) for d in (18, 19, 20)]  # Fri, Sat, make-up Sunday
        [True, False, True]
        """
        place = self._count_upto(day)
        return place > 0 and self._working[place - 1] == day

    def add(self, day: date, days: int) -> date:
        """Return the `days`-th working day after `day`, which is not counted (民法典 201); 0 is `day` or the next one.

        >>> calendar = example_calendar()
        >>> [str(calendar.add(date(2026, 9, 30), n)) for n in (0, 1, 3)]
        ['2026-09-30', '2026-10-08', '2026-10-10']
        >>> calendar.add(date(2026, 9, 30), -1)
        Traceback (most recent call last):
        escalation.rules.calendar.CalendarError: 天数不能为负：-1。
        """
        if days < 1:
            if days < 0:
                raise CalendarError(f"天数不能为负：{days}。")
            return self.on_or_after(day)
        if FIRST_DAY <= day <= LAST_DAY:
            place = self._upto[day.toordinal() - self._base] + days - 1
            if place < len(self._working):
                return self._working[place]
        raise CalendarError(
            f"{day} 之后 {days} 个工作日超出日历范围（{FIRST_DAY.year}年至{LAST_DAY.year}年）。"
        )

    def back(self, day: date, days: int = 1) -> date:
        """Return the `days`-th working day before `day` (1: the last working day before it).

        >>> str(example_calendar().back(date(2026, 10, 8)))
        '2026-09-30'
        """
        place = self._count_upto(day) - self.is_working_day(day) - days
        if days < 1 or place < 0:
            raise CalendarError(f"{day} 之前 {days} 个工作日超出日历范围或天数无效。")
        return self._working[place]

    def on_or_after(self, day: date) -> date:
        """Return `day` when it is a working day, otherwise the next one (民法典 203).

        >>> calendar = example_calendar()
        >>> [str(calendar.on_or_after(date(2026, 9, d))) for d in (18, 19, 20)]
        ['2026-09-18', '2026-09-20', '2026-09-20']
        """
        return day if self.is_working_day(day) else self.add(day, 1)

    def count(self, after: date, upto: date) -> int:
        """Return the number of working days later than `after`, up to and including `upto`.

        >>> calendar = example_calendar()
        >>> calendar.count(date(2026, 9, 30), date(2026, 10, 7)), calendar.count(date(2026, 9, 30), date(2026, 10, 10))
        (0, 3)
        >>> calendar.count(date(2026, 10, 10), date(2026, 9, 30))
        Traceback (most recent call last):
        escalation.rules.calendar.CalendarError: 结束日期 2026-09-30 早于开始日期 2026-10-10。
        """
        if upto < after:
            raise CalendarError(f"结束日期 {upto} 早于开始日期 {after}。")
        return self._count_upto(upto) - self._count_upto(after)

    def received_on(self, day: date, rest_day: RestDay) -> date:
        """Return the day on which something handed in on `day` counts as received (policy.md F1).

        >>> saturday, calendar = date(2026, 11, 21), example_calendar()
        >>> [str(calendar.received_on(saturday, policy)) for policy in RestDay]
        ['2026-11-23', '2026-11-21']
        """
        return self.on_or_after(day) if rest_day is RestDay.DEEMED else day

    def is_provisional(self, start: date, end: date) -> bool:
        """Say whether the span from `start` to `end` touches a year without a published notice.

        >>> calendar = example_calendar()
        >>> calendar.is_provisional(date(2026, 12, 28), date(2026, 12, 31))
        False
        >>> calendar.is_provisional(date(2026, 12, 31), date(2027, 1, 4))
        True
        """
        first, last = start.year, end.year
        if first not in self.noticed_years:
            return True
        return (
            any(year not in self.noticed_years for year in range(first + 1, last + 1))
            if last > first
            else False
        )

    def kind_of(self, day: date) -> DayKind:
        """Say whether `day` counts and why, for explanations.

        >>> calendar = example_calendar()
        >>> for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 11)):
        ...     calendar.kind_of(day)
        DayKind(works=True, name='')
        DayKind(works=False, name='国庆节')
        DayKind(works=True, name='国庆节调休上班')
        DayKind(works=False, name='周日')
        """
        if day in self._days_on:
            return DayKind(True, self._days_on[day] + ("" if day in self._local_days else "调休上班"))
        if day in self._days_off:
            return DayKind(False, self._days_off[day])
        if day in self._statutory:
            return DayKind(False, f"{self._statutory[day]}（法定）")
        return (
            DayKind(True, "") if day.weekday() < SATURDAY else DayKind(False, f"周{WEEKDAYS[day.weekday()]}")
        )


@lru_cache(maxsize=1)
def example_calendar() -> WorkCalendar:
    """Return autumn 2026 of the State Council's notice (国办发明电〔2025〕7号), for doctests.

    >>> example_calendar().noticed_years
    frozenset({2026})
    """
    return WorkCalendar(
        noticed_years=frozenset({2026}),
        days_off={date(2026, 10, d): "国庆节" for d in range(1, 8)} | {date(2026, 9, 25): "中秋节"},
        days_on={date(2026, 9, 20): "国庆节", date(2026, 10, 10): "国庆节"},
        statutory={date(2027, 1, 1): "元旦"},
    )
