"""Which calendar and rule versions are in force, and their contents. Versions are immutable, so contents are kept per process.

One cheap query per transaction asks which versions there are; everything else is loaded once, by primary key.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from django.db.models import CharField, Value

from escalation.models import CalendarDay, CalendarVersion, OfficeHours, RuleVersion, YearNotice
from escalation.rules.calendar import CalendarError
from escalation.rules.contents import CalendarContent, NamedDay, in_order, sessions_from
from escalation.rules.explain_steps import Source
from escalation.rules.holiday_notices import Layer
from escalation.rules.hours import HoursPeriod, WorkTime
from escalation.rules.limits import Rulebook, RulePackage, parse_package
from escalation.rules.validity import uncut


class InForce:
    """What there is at one moment: the current calendar version and all rule packages."""

    def __init__(self, calendars: dict[int, int], rules: tuple[int, ...]) -> None:
        """`calendars` maps version number to primary key; `rules` are the primary keys of rule versions."""
        if not calendars:
            raise CalendarError("没有工作日历，请先运行 manage.py seed。")
        self._calendars = calendars
        self.calendar_number = max(calendars)
        self._rules = rules

        self._proposed: CalendarContent | None = None
        self._book: Rulebook | None = None  # with a package that is not saved yet
        self._times: dict[int | None, WorkTime] = {}

    def with_calendar(self, content: CalendarContent) -> InForce:
        """Return the same with a content that is not saved yet as the next, and current, calendar version."""
        found = InForce(self._calendars, self._rules)
        found.calendar_number = self.calendar_number + 1
        found._proposed, found._book = replace(content, number=found.calendar_number), self._book
        return found

    def with_package(self, package: RulePackage) -> InForce:
        """Return the same with a rule package that is not saved yet."""
        found = InForce(self._calendars, self._rules)
        found.calendar_number, found._proposed = self.calendar_number, self._proposed
        found._book = self.rulebook.beside(package)
        return found

    @property
    def rulebook(self) -> Rulebook:
        """All rule packages. Errors: CalendarError while there is none, before a new city is opened."""
        return self._book or _rulebook(self._rules)

    def _proposed_time(self, hall_id: int | None) -> WorkTime:
        """Calendar and hours of the content that is not saved yet, made once for each hall that has its own."""
        content = self._proposed
        if content is None:
            raise CalendarError("没有提出的日历。")
        place = _place(content, hall_id)
        if place not in self._times:
            self._times[place] = content.work_time(place)
        return self._times[place]

    def work_time(self, hall_id: int | None = None, number: int | None = None) -> WorkTime:
        """Return calendar and office hours of a hall (None: of the city) in a version (None: the current one)."""
        number = self.calendar_number if number is None else number
        if self._proposed is not None and number == self._proposed.number:
            return self._proposed_time(hall_id)
        if number not in self._calendars:
            raise CalendarError(f"没有第 {number} 版工作日历。")
        key = self._calendars[number]
        return _work_time(key, number, _place(stored_content(key, number), hall_id))

    def source(self, hall_id: int | None = None, number: int | None = None) -> Source:
        """Return where a version (None: the current one) comes from: its notices, and its local days, by document (文号)."""
        number = self.calendar_number if number is None else number
        return _source(self._calendars[number], number, hall_id)

    def noticed_years(self) -> frozenset[int]:
        """Return the years whose notice the current calendar has."""
        return frozenset(stored_content(self._calendars[self.calendar_number], self.calendar_number).notices)


def in_force() -> InForce:
    """Return what is in force now; one query."""
    calendars = CalendarVersion.objects.annotate(what=Value("calendar", CharField()))
    rules = RuleVersion.objects.annotate(what=Value("rules", CharField()))
    rows = list(
        calendars.values_list("what", "number", "pk").union(rules.values_list("what", "version", "pk"))
    )
    numbers = {number: key for what, number, key in rows if what == "calendar"}
    return InForce(numbers, tuple(sorted(key for what, _, key in rows if what == "rules")))


def rule_version_at(moment: datetime) -> int:
    """Return the rule version that a case accepted at `moment` is pinned to."""
    return in_force().rulebook.in_force_at(moment).version


@lru_cache(maxsize=8)
def _rulebook(keys: tuple[int, ...]) -> Rulebook:
    documents = RuleVersion.objects.filter(pk__in=keys).values_list("document", flat=True)
    return Rulebook([parse_package(document) for document in documents])


@lru_cache(maxsize=32)
def stored_content(key: int, number: int) -> CalendarContent:
    """Return what one calendar version says, by its primary key and number; three queries, once in a process."""
    columns = ("layer", "hall_id", "day", "is_off", "name", "document", "notice_year")
    rows = CalendarDay.objects.filter(version_id=key).order_by("day", "pk").values_list(*columns)
    hours: dict[int | None, tuple[HoursPeriod, ...]] = {}
    periods = OfficeHours.objects.filter(version_id=key).order_by("pk")
    for hall_id, start, end, sessions in periods.values_list("hall_id", "valid_from", "valid_to", "sessions"):
        hours[hall_id] = (*hours.get(hall_id, ()), HoursPeriod(start, end, sessions_from(sessions)))
    notices = YearNotice.objects.filter(version_id=key).order_by("year").values_list("year", "document")
    return CalendarContent(
        number,
        dict(notices),
        in_order(NamedDay(Layer(layer), *rest) for layer, *rest in rows),
        {place: uncut(own) for place, own in hours.items()},
    )


@lru_cache(maxsize=64)
def _work_time(key: int, number: int, hall_id: int | None) -> WorkTime:
    return stored_content(key, number).work_time(hall_id)


def _place(content: CalendarContent, hall_id: int | None) -> int | None:
    """The hall, if the content says anything of its own about it; else the city."""
    return hall_id if hall_id in content.places else None


@lru_cache(maxsize=64)
def _source(key: int, number: int, hall_id: int | None) -> Source:
    content = stored_content(key, number)
    city, hall = content.days_of(Layer.CITY), content.days_of(Layer.HALL, hall_id)
    named = {day: row.document for rows in (city, hall) for day, row in rows.items() if row.document}
    return Source(dict(content.notices), named)
