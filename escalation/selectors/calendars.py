"""The working calendar (工作日历) for people: one version as content, the list of versions, long holidays. Versions never change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Max

from escalation.models import CalendarVersion, Change
from escalation.rules.calendar import SATURDAY, CalendarError, WorkCalendar
from escalation.rules.changes import ChangeKind, ChangeState
from escalation.rules.contents import CalendarContent
from escalation.selectors.versions import in_force, stored_content

ONE_DAY = timedelta(days=1)


class Version(NamedTuple):
    """One version with its provenance."""

    number: int
    source: str
    entered_by: str
    note: str
    created_at: datetime


def current_number() -> int | None:
    """Return the number of the current version, None while there is no calendar; one query."""
    number: int | None = CalendarVersion.objects.aggregate(highest=Max("number"))["highest"]
    return number


def content_of(number: int | None = None) -> CalendarContent:
    """Return what a version (None: the current one) says. Errors: CalendarError when there is none such."""
    wanted = current_number() if number is None else number
    if wanted is None:
        raise CalendarError("没有工作日历，请先运行 manage.py seed。")
    key = CalendarVersion.objects.filter(number=wanted).values_list("pk", flat=True).first()
    if key is None:
        raise CalendarError(f"没有第 {wanted} 版工作日历。")
    return stored_content(key, wanted)


def versions() -> list[Version]:
    """Return every version, the newest first; one query."""
    rows = CalendarVersion.objects.order_by("-number")
    return [Version(*row) for row in rows.values_list("number", "source", "entered_by", "note", "created_at")]


class Waiting(NamedTuple):
    """A change of the calendar that nobody has confirmed yet."""

    pk: int
    title: str
    proposed_name: str
    proposed_at: datetime


def waiting_calendars() -> list[Waiting]:
    """Return the changes of the calendar that wait to be confirmed, the oldest first; one query."""
    rows = Change.objects.filter(kind=ChangeKind.CALENDAR.value, state=ChangeState.PROPOSED.value)
    return [Waiting(*row) for row in rows.order_by("pk").values_list(*Waiting._fields)]


class Holiday(NamedTuple):
    """A holiday (放假) with its first and last day of rest, weekends that touch it included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def holidays_between(start: date, end: date, hall_id: int | None = None) -> list[Holiday]:
    """Return the named holidays that touch the span from `start` to `end`, as one hall has them; plain weekends are none."""
    calendar = in_force().work_time(hall_id).calendar
    found: list[Holiday] = []
    day = start
    while day <= end:
        kind = calendar.kind_of(day)
        if kind.works or _is_plain(calendar, day):
            day += ONE_DAY
            continue
        holiday = _around(calendar, day)
        found.append(holiday)
        day = holiday.last + ONE_DAY
    return found


def _is_plain(calendar: WorkCalendar, day: date) -> bool:
    """Whether a day rests for no other reason than being a Saturday or Sunday."""
    return day.weekday() >= SATURDAY and calendar.kind_of(day).name.startswith("周")


def _around(calendar: WorkCalendar, day: date) -> Holiday:
    """Return the stretch of rest around a named day off."""
    first = last = day
    while not calendar.is_working_day(first - ONE_DAY):
        first -= ONE_DAY
    while not calendar.is_working_day(last + ONE_DAY):
        last += ONE_DAY
    stretch = (first + timedelta(offset) for offset in range((last - first).days + 1))
    names = dict.fromkeys(
        calendar.kind_of(one).name.removesuffix("（法定）") for one in stretch if not _is_plain(calendar, one)
    )
    return Holiday("、".join(names), first, last)
