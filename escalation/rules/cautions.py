"""What looks odd about a notice and may still be right: said before it is entered, never refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from escalation.rules.calendar import SATURDAY, WEEKDAYS
from escalation.rules.contents import CalendarContent, NamedDay
from escalation.rules.differences import between, effective_days, runs
from escalation.rules.holiday_notices import HolidayNotice, Layer, NoticeDay

ONE_DAY = timedelta(days=1)


def cautions(content: CalendarContent, notice: HolidayNotice, hall_id: int | None = None) -> list[str]:
    """Return a sentence for each thing to look at twice.

    >>> from escalation.rules.contents import example_content
    >>> days = (NoticeDay(date(2027, 1, 5), False, "元旦"), NoticeDay(date(2027, 5, 1), True, "劳动节"))
    >>> for line in cautions(example_content(), HolidayNotice(Layer.NATIONAL, "", 2027, "x", days)):
    ...     print(line)
    2027-01-05（周二）本来就上班，通知又写了调休上班。
    2027-05-01（周六）本来就休息，前后也没有连着的放假。
    法定节假日 元旦（2027-01-01）没有写进通知。
    """
    national = notice.layer is Layer.NATIONAL
    below = {} if national else _below(content, notice, hall_id)
    return [
        *_needless(notice.days, below),
        *(_forgotten(content, notice) if national else ()),
        *_replaced(content, notice),
    ]


def _below(content: CalendarContent, notice: HolidayNotice, hall_id: int | None) -> dict[date, NamedDay]:
    """What the layers below say of the years that a local notice touches."""
    years = {row.day.year for row in notice.days}
    upto = list(Layer).index(notice.layer)
    return {
        day: row
        for year in years
        for day, row in effective_days(content, hall_id, year).items()
        if list(Layer).index(row.layer) < upto
    }


def _needless(days: Iterable[NoticeDay], below: dict[date, NamedDay]) -> list[str]:
    """Working days that work anyway, and lone days off that rest anyway."""
    rows = tuple(days)
    off = {row.day for row in rows if row.is_off}
    found = []
    for row in rows:
        rests = below[row.day].is_off if row.day in below else row.day.weekday() >= SATURDAY
        told = f"{row.day}（周{WEEKDAYS[row.day.weekday()]}）"
        if not row.is_off and not rests:
            found.append(f"{told}本来就上班，通知又写了调休上班。")
        elif row.is_off and rests and not _joins_working_day(row.day, off):
            found.append(f"{told}本来就休息，前后也没有连着的放假。")
    return found


def _joins_working_day(day: date, off: set[date]) -> bool:
    """Whether the stretch of days off around a weekend day takes in a weekday."""
    first = last = day
    while first - ONE_DAY in off:
        first -= ONE_DAY
    while last + ONE_DAY in off:
        last += ONE_DAY
    return any((first + timedelta(offset)).weekday() < SATURDAY for offset in range((last - first).days + 1))


def _forgotten(content: CalendarContent, notice: HolidayNotice) -> list[str]:
    """Statutory days of the year that the notice does not name as days off."""
    off = {row.day for row in notice.days if row.is_off}
    left = [
        row
        for row in content.days
        if row.layer is Layer.STATUTORY and row.day.year == notice.year and row.day not in off
    ]
    return [
        f"法定节假日 {run.row.name}（{between(run.first, run.last)}）没有写进通知。" for run in runs(left)
    ]


def _replaced(content: CalendarContent, notice: HolidayNotice) -> list[str]:
    """The notice of a year that is there already."""
    if notice.year is None or notice.year not in content.notices:
        return []
    return [f"{notice.year}年已有通知 {content.notices[notice.year]}，这次会整份替换。"]
