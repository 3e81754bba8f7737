"""What one calendar content says that another does not: for people as lines, for the preview as spans of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from escalation.rules.contents import CalendarContent, NamedDay
from escalation.rules.holiday_notices import Layer
from escalation.rules.hours import ONE_DAY, HoursPeriod, cuts, sessions_of
from escalation.rules.validity import span

LAYER_NAMES: Mapping[Layer, str] = {
    Layer.STATUTORY: "法定节假日",
    Layer.NATIONAL: "全国放假安排",
    Layer.CITY: "全市",
    Layer.HALL: "大厅",
}
WHOLE_CITY = "全市"


class Run(NamedTuple):
    """Days next to one another that say the same."""

    first: date
    last: date
    row: NamedDay

    @property
    def kind(self) -> str:
        """The word of the notice."""
        return "休" if self.row.is_off else "班"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def runs(rows: Iterable[NamedDay]) -> list[Run]:
    """Join days of one place that follow one another and say the same.

    >>> rows = [NamedDay(Layer.CITY, None, date(2026, 9, d), True, "台风停工") for d in (8, 9, 11)]
    >>> [(run.first.day, run.last.day) for run in runs(rows)]
    [(8, 9), (11, 11)]
    """

    def said(row: NamedDay) -> tuple[object, ...]:
        return (row.layer, row.hall_id, row.is_off, row.name, row.document, row.notice_year)

    found: list[Run] = []
    for row in sorted(rows, key=lambda row: (list(Layer).index(row.layer), row.hall_id or 0, row.day)):
        if found and said(found[-1].row) == said(row) and found[-1].last + ONE_DAY == row.day:
            found[-1] = found[-1]._replace(last=row.day)
        else:
            found.append(Run(row.day, row.day, row))
    return sorted(found, key=lambda run: run.first)


def effective_days(content: CalendarContent, hall_id: int | None, year: int) -> dict[date, NamedDay]:
    """Return the named days of a year as one hall (None: the city) has them: the highest layer that names a day decides.

    >>> from escalation.rules.contents import example_content
    >>> [row.name for row in effective_days(example_content(), None, 2027).values()]  # provisional: the decree
    ['元旦']
    """
    order = list(Layer)
    rows = [
        row
        for row in content.days
        if row.day.year == year
        and row.hall_id in (None, hall_id)
        and not (row.layer is Layer.STATUTORY and year in content.notices)
    ]
    return {row.day: row for row in sorted(rows, key=lambda row: (row.day, order.index(row.layer)))}


class Difference(NamedTuple):
    """One line of what changed: put in or taken out, where, and what."""

    is_added: bool
    place: str
    text: str


def differences(
    before: CalendarContent, after: CalendarContent, halls: Mapping[int, str]
) -> list[Difference]:
    """Return what was taken out and what was put in, days first, then hours; halls by id with their names.

    >>> from dataclasses import replace
    >>> from escalation.rules.contents import example_content
    >>> storm = NamedDay(Layer.CITY, None, date(2026, 11, 25), True, "台风停工", "岐三防〔2026〕8号")
    >>> old = example_content()
    >>> for line in differences(old, replace(old, days=(*old.days, storm)), {}):
    ...     print(line)
    Difference(is_added=True, place='全市', text='2026-11-25 休 台风停工（岐三防〔2026〕8号）')
    """
    lines = []
    gone, new = set(before.days) - set(after.days), set(after.days) - set(before.days)
    for is_added, rows in ((False, gone), (True, new)):
        lines += [Difference(is_added, place_of(run.row, halls), describe(run)) for run in runs(rows)]
    for place in sorted({*before.hours, *after.hours}, key=lambda hall_id: hall_id or 0):
        old, now = set(before.hours.get(place, ())), set(after.hours.get(place, ()))
        for is_added, periods in ((False, old - now), (True, now - old)):
            lines += [
                Difference(is_added, _hall(place, halls), f"办公时间 {told(period)}")
                for period in sorted(periods, key=span)
            ]
    return lines


def describe(run: Run) -> str:
    """Say a run of days in one line."""
    return f"{between(run.first, run.last)} {run.kind} {run.row.name}" + (
        f"（{run.row.document}）" if run.row.document else ""
    )


def between(first: date, last: date) -> str:
    """Say a stretch of days.

    >>> between(date(2026, 9, 8), date(2026, 9, 8)), between(date(2026, 9, 8), date(2026, 9, 9))
    ('2026-09-08', '2026-09-08至2026-09-09')
    """
    return f"{first}" if first == last else f"{first}至{last}"


def told(period: HoursPeriod) -> str:
    """Say a period with its sessions.

    >>> from datetime import time
    >>> from escalation.rules.hours import Session
    >>> told(HoursPeriod(None, None, (Session(time(8, 30), time(12)), Session(time(14), time(17)))))
    '08:30–12:00、14:00–17:00，长期'
    """
    return (
        f"{'、'.join(f'{opens:%H:%M}–{closes:%H:%M}' for opens, closes in period.sessions)}，{span(period)}"
    )


def place_of(row: NamedDay, halls: Mapping[int, str]) -> str:
    """Say where a day holds; halls by id with their names."""
    if row.layer is Layer.HALL:
        return _hall(row.hall_id, halls)
    return LAYER_NAMES[row.layer]


def _hall(hall_id: int | None, halls: Mapping[int, str]) -> str:
    return WHOLE_CITY if hall_id is None else halls.get(hall_id, "已撤销的大厅")


Span = tuple[date, date]


def changed_spans(before: CalendarContent, after: CalendarContent, hall_id: int | None) -> list[Span]:
    """Return the spans of days on which counting, names, marks or hours differ for one hall: a clock outside keeps its due moment.

    >>> from dataclasses import replace
    >>> from escalation.rules.contents import example_content
    >>> storm = NamedDay(Layer.CITY, None, date(2026, 11, 25), True, "台风停工", "岐三防〔2026〕8号")
    >>> old = example_content()
    >>> [(str(first), str(last)) for first, last in changed_spans(old, replace(old, days=(*old.days, storm)), None)]
    [('2026-11-25', '2026-11-25')]
    """
    found: list[Span] = []
    for row in set(before.days) ^ set(after.days):
        if row.hall_id in (None, hall_id):
            found.append((row.day, row.day))
    for year in before.notices.keys() ^ after.notices.keys():  # no longer, or again, provisional
        found.append((date(year, 1, 1), date(year, 12, 31)))
    found += _changed_hours(before, after, hall_id)
    return merged(found)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch joined.

    >>> day = lambda d: date(2026, 11, d)
    >>> [(a.day, b.day) for a, b in merged([(day(5), day(9)), (day(1), day(2)), (day(3), day(3)), (day(7), day(20))])]
    [(1, 3), (5, 20)]
    """
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and (first - ONE_DAY) <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _changed_hours(before: CalendarContent, after: CalendarContent, hall_id: int | None) -> list[Span]:
    """Compare the sessions on each stretch between two days on which some period of either begins."""
    old, new = (content.periods_of(hall_id) for content in (before, after))
    if old == new:
        return []
    return [span for span in cuts([*old, *new]) if sessions_of(old, span[0]) != sessions_of(new, span[0])]
