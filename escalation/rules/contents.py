"""What one version of the working calendar (工作日历) says, as plain data, and the edits that lead to the next one.

An edit returns a new content or raises CalendarError with a Chinese sentence; nothing is stored here. `number` is the version
the content was taken from: who saves it can see whether another edit came first. Units: calendar days (`date`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property
from typing import Any, NamedTuple

from escalation.rules.calendar import CalendarError, WorkCalendar
from escalation.rules.holiday_notices import (
    HolidayNotice,
    Layer,
    NoticeDay,
    checked_days,
    checked_document,
    overlay,
)
from escalation.rules.hours import HoursPeriod, Session, WorkTime, checked_period, stretches
from escalation.rules.validity import laid_over, taken_out

LOCAL = (Layer.CITY, Layer.HALL)  # layers whose days people enter and remove one by one


class NamedDay(NamedTuple):
    """One day that differs from its weekday, with where that comes from; `notice_year` on days of a yearly notice."""

    layer: Layer
    hall_id: int | None
    day: date
    is_off: bool
    name: str
    document: str = ""
    notice_year: int | None = None


@dataclass(frozen=True)
class CalendarContent:
    """One complete calendar: documents of the noticed years, named days, office hours of the city (None) and of halls."""

    number: int
    notices: Mapping[int, str]
    days: tuple[NamedDay, ...]
    hours: Mapping[int | None, tuple[HoursPeriod, ...]]

    @cached_property
    def places(self) -> frozenset[int]:
        """The halls with days or hours of their own."""
        own = {row.hall_id for row in self.days} | set(self.hours)
        return frozenset(hall_id for hall_id in own if hall_id is not None)

    def days_of(self, layer: Layer, hall_id: int | None = None) -> dict[date, NamedDay]:
        """Return the days of one layer (of one hall), by date."""
        return {row.day: row for row in self.days if row.layer is layer and row.hall_id == hall_id}

    def periods_of(self, hall_id: int | None = None) -> list[HoursPeriod]:
        """Return the periods that one hall (None: the city) goes by, in rising precedence."""
        own = self.hours.get(hall_id, ()) if hall_id is not None else ()
        return [*self.hours.get(None, ()), *own]

    def work_time(self, hall_id: int | None = None) -> WorkTime:
        """Return calendar and office hours as one hall (None: the city) has them.

        >>> content = example_content()
        >>> str(content.work_time().closing(date(2026, 10, 10))), content.work_time().calendar.number
        ('2026-10-10 17:30:00+08:00', 3)
        """
        layers: dict[tuple[Layer, int | None], list[NoticeDay]] = {}
        for row in self.days:
            layers.setdefault((row.layer, row.hall_id), []).append(NoticeDay(row.day, row.is_off, row.name))
        national = layers.get((Layer.NATIONAL, None), [])
        local = [*layers.get((Layer.CITY, None), [])]
        local += layers.get((Layer.HALL, hall_id), []) if hall_id is not None else []
        off, on = overlay([national, local])
        calendar = WorkCalendar(
            noticed_years=frozenset(self.notices),
            days_off=off,
            days_on=on,
            local_days=frozenset(row.day for row in local),
            statutory={row.day: row.name for row in layers.get((Layer.STATUTORY, None), [])},
            number=self.number,
        )
        return WorkTime(calendar, self.periods_of(hall_id))


def with_notice(
    content: CalendarContent, notice: HolidayNotice, hall_id: int | None = None
) -> CalendarContent:
    """Add a notice. A national one replaces the earlier one of its year; a day of the city or a hall replaces that day.

    >>> days = (NoticeDay(date(2027, 1, 1), True, "元旦"),)
    >>> then = with_notice(example_content(), HolidayNotice(Layer.NATIONAL, "", 2027, "国办x号", days))
    >>> sorted(then.notices), then.work_time().calendar.is_provisional(date(2027, 1, 1), date(2027, 1, 4))
    ([2026, 2027], False)
    """
    if notice.year is None:
        return with_days(content, notice.layer, hall_id, notice.days, notice.document)
    checked_document(notice.document)
    kept = [row for row in content.days if row.layer is not Layer.NATIONAL or row.notice_year != notice.year]
    taken = {row.day: row for row in kept if row.layer is Layer.NATIONAL}
    for row in notice.days:
        if row.day in taken:
            year = taken[row.day].notice_year
            raise CalendarError(f"{row.day} 已由 {year} 年的通知规定，不能再写进 {notice.year} 年的通知。")
    new = [NamedDay(Layer.NATIONAL, None, *row, notice.document, notice.year) for row in notice.days]
    notices = {**content.notices, notice.year: notice.document}
    return replace(content, notices=dict(sorted(notices.items())), days=in_order(kept + new))


def with_days(
    content: CalendarContent, layer: Layer, hall_id: int | None, days: Iterable[NoticeDay], document: str
) -> CalendarContent:
    """Set local days (台风停工、地方节日) of the city or of one hall; a day that is there already is replaced.

    >>> storm = [NoticeDay(date(2026, 11, 25), True, "台风停工")]
    >>> then = with_days(example_content(), Layer.CITY, None, storm, "岐三防〔2026〕8号")
    >>> then.work_time().calendar.kind_of(date(2026, 11, 25))
    DayKind(works=False, name='台风停工')
    >>> with_days(example_content(), Layer.CITY, None, [], "x")
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 通知里没有任何一天。
    """
    _check_place(layer, hall_id)
    checked_document(document)
    new = {row.day: NamedDay(layer, hall_id, *row, document) for row in checked_days(days)}
    kept = [row for row in content.days if (row.layer, row.hall_id) != (layer, hall_id) or row.day not in new]
    return replace(content, days=in_order([*kept, *new.values()]))


def without_days(
    content: CalendarContent, layer: Layer, hall_id: int | None, days: Collection[date]
) -> CalendarContent:
    """Take local days out again. Days of a national notice are replaced with their notice, never one by one.

    >>> without_days(example_content(), Layer.CITY, None, [date(2026, 11, 25)])
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 2026-11-25 不在日历里，可能已经移除，请刷新后再看。
    """
    _check_place(layer, hall_id)
    there = content.days_of(layer, hall_id)
    for day in days:
        if day not in there:
            raise CalendarError(f"{day} 不在日历里，可能已经移除，请刷新后再看。")
    gone = {there[day] for day in days}
    return replace(content, days=tuple(row for row in content.days if row not in gone))


def with_hours(content: CalendarContent, hall_id: int | None, period: HoursPeriod) -> CalendarContent:
    """Lay office hours with their validity over those of the city (None) or of a hall (rules.validity says how).

    >>> summer = HoursPeriod(date(2027, 7, 1), date(2027, 8, 31), (Session(time(8), time(12)), Session(time(15), time(18))))
    >>> then = with_hours(example_content(), None, summer)
    >>> [str(then.work_time().closing(date(2027, month, 1)).time()) for month in (6, 7, 9)]
    ['17:30:00', '18:00:00', '17:30:00']
    """
    periods = laid_over(content.hours.get(hall_id, ()), checked_period(period))
    return replace(content, hours={**content.hours, hall_id: periods})


def without_hours(content: CalendarContent, hall_id: int | None, period: HoursPeriod) -> CalendarContent:
    """Take a period out again: what it lay over holds there; a hall without hours follows the city, which never is without.

    >>> content = example_content()
    >>> without_hours(content, None, content.hours[None][0])
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 全市的办公时间不能全部移除，请先写新的办公时间。
    """
    periods = taken_out(content.hours.get(hall_id, ()), period)
    if hall_id is None and not periods:
        raise CalendarError("全市的办公时间不能全部移除，请先写新的办公时间。")
    gap = next((stretch for stretch in stretches(periods) if not stretch.sessions), None)
    if hall_id is None and gap:
        raise CalendarError(f"移除以后，{gap.first}至{gap.last} 没有办公时间，请先写那段时间的办公时间。")
    hours = {place: rows for place, rows in content.hours.items() if place != hall_id}
    return replace(content, hours=hours | ({hall_id: periods} if periods else {}))


def with_only_hours(
    content: CalendarContent, hall_id: int | None, sessions: tuple[Session, ...]
) -> CalendarContent:
    """Set the hours of a place for all time, in place of whatever it had."""
    period = checked_period(HoursPeriod(None, None, sessions))
    return replace(content, hours={**content.hours, hall_id: (period,)})


def _check_place(layer: Layer, hall_id: int | None) -> None:
    if layer not in LOCAL:
        raise CalendarError("法定节假日和全国放假安排不能逐日改，请导入当年的通知。")
    if (layer is Layer.HALL) != (hall_id is not None):
        raise CalendarError("请选全市，或选一个大厅。")


def in_order(rows: Iterable[NamedDay]) -> tuple[NamedDay, ...]:
    """Return days as a content keeps them: by date, then by layer, then by hall."""
    return tuple(sorted(rows, key=lambda row: (row.day, list(Layer).index(row.layer), row.hall_id or 0)))


def to_json(content: CalendarContent) -> dict[str, Any]:
    """Return the content as JSON can hold it; `from_json` reads it back.

    >>> from_json(to_json(example_content())) == example_content()
    True
    """
    return {
        "number": content.number,
        "notices": {str(year): document for year, document in content.notices.items()},
        "days": [[row.layer.value, row.hall_id, row.day.isoformat(), *row[3:]] for row in content.days],
        "hours": [
            [hall_id, _iso(period.valid_from), _iso(period.valid_to), sessions_json(period.sessions)]
            for hall_id, periods in content.hours.items()
            for period in periods
        ],
    }


def from_json(document: Mapping[str, Any]) -> CalendarContent:
    """Read what `to_json` wrote."""
    hours: dict[int | None, tuple[HoursPeriod, ...]] = {}
    for hall_id, valid_from, valid_to, sessions in document["hours"]:
        period = HoursPeriod(_date(valid_from), _date(valid_to), sessions_from(sessions))
        hours[hall_id] = (*hours.get(hall_id, ()), period)
    return CalendarContent(
        number=document["number"],
        notices={int(year): text for year, text in document["notices"].items()},
        days=tuple(
            NamedDay(Layer(layer), hall_id, date.fromisoformat(day), *rest)
            for layer, hall_id, day, *rest in document["days"]
        ),
        hours=hours,
    )


def sessions_json(sessions: Iterable[Session]) -> list[list[str]]:
    """Return sessions as they are stored: [["08:30", "12:00"], …]."""
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in sessions]


def sessions_from(stored: Iterable[Iterable[str]]) -> tuple[Session, ...]:
    """Read stored sessions."""
    return tuple(Session(*(time.fromisoformat(moment) for moment in pair)) for pair in stored)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def example_content() -> CalendarContent:
    """Return autumn 2026 with the default hours of policy.md F1 as version 3, for doctests.

    >>> example_content().places
    frozenset()
    """
    document = "国办发明电〔2025〕7号"
    off = [(date(2026, 9, 25), "中秋节")] + [(date(2026, 10, d), "国庆节") for d in range(1, 8)]
    on = [(date(2026, 9, 20), "国庆节"), (date(2026, 10, 10), "国庆节")]
    days = [
        NamedDay(Layer.NATIONAL, None, day, is_off, name, document, 2026)
        for rows, is_off in ((off, True), (on, False))
        for day, name in rows
    ]
    days.append(NamedDay(Layer.STATUTORY, None, date(2027, 1, 1), True, "元旦"))
    sessions = (Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30)))
    return CalendarContent(3, {2026: document}, in_order(days), {None: (HoursPeriod(None, None, sessions),)})
