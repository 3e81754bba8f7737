"""Which calendar and rule versions are in force, and their contents. Versions are immutable, so contents are kept per process.

One cheap query per transaction asks which versions there are; everything else is loaded once, by primary key.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import CharField, Value

from escalation.models import CalendarDay, CalendarVersion, OfficeHours, RuleVersion, YearNotice
from escalation.rules.calendar import CalendarError, WorkCalendar
from escalation.rules.contents import CalendarContent
from escalation.rules.explain_steps import Source
from escalation.rules.holiday_notices import Layer, NoticeDay, overlay
from escalation.rules.hours import HoursPeriod, Session, WorkTime
from escalation.rules.limits import Rulebook, RulePackage, parse_package


class _Content(NamedTuple):
    """One calendar version as stored; hall layers by hall id."""

    years: frozenset[int]
    layers: dict[tuple[str, int | None], list[NoticeDay]]
    hours: dict[int | None, list[HoursPeriod]]


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
        if hall_id not in self._times:
            place = hall_id if hall_id in content.places else None
            if place not in self._times:
                self._times[place] = content.work_time(place)
            self._times[hall_id] = self._times[place]
        return self._times[hall_id]

    def work_time(self, hall_id: int | None = None, number: int | None = None) -> WorkTime:
        """Return calendar and office hours of a hall (None: of the city) in a version (None: the current one)."""
        number = self.calendar_number if number is None else number
        if self._proposed is not None and number == self._proposed.number:
            return self._proposed_time(hall_id)
        if number not in self._calendars:
            raise CalendarError(f"没有第 {number} 版工作日历。")
        key = self._calendars[number]
        content = _content(key)
        has_own = hall_id in content.hours or (Layer.HALL.value, hall_id) in content.layers
        return _work_time(key, number, hall_id if has_own else None)

    def source(self, hall_id: int | None = None, number: int | None = None) -> Source:
        """Return where a version (None: the current one) comes from: its notices, and its local days, by document (文号)."""
        return _source(self._calendars[self.calendar_number if number is None else number], hall_id)

    def noticed_years(self) -> frozenset[int]:
        """Return the years whose notice the current calendar has."""
        return _content(self._calendars[self.calendar_number]).years


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
def _content(key: int) -> _Content:
    layers: dict[tuple[str, int | None], list[NoticeDay]] = {}
    days = CalendarDay.objects.filter(version_id=key).order_by("day")
    for layer, hall_id, day, is_off, name in days.values_list("layer", "hall_id", "day", "is_off", "name"):
        layers.setdefault((layer, hall_id), []).append(NoticeDay(day, is_off, name))
    hours: dict[int | None, list[HoursPeriod]] = {}
    periods = OfficeHours.objects.filter(version_id=key).order_by("pk")
    for hall_id, *period in periods.values_list("hall_id", "valid_from", "valid_to", "sessions"):
        hours.setdefault(hall_id, []).append(_period(*period))
    years = YearNotice.objects.filter(version_id=key).values_list("year", flat=True)
    return _Content(frozenset(years), layers, hours)


@lru_cache(maxsize=64)
def _source(key: int, hall_id: int | None) -> Source:
    days = CalendarDay.objects.filter(version_id=key, hall_id__in=[hall_id]) if hall_id is not None else None
    city = CalendarDay.objects.filter(version_id=key, layer=Layer.CITY.value)
    columns = ("day", "document")
    named = dict(city.exclude(document="").values_list(*columns))
    named |= dict(days.exclude(document="").values_list(*columns)) if days is not None else {}
    notices = YearNotice.objects.filter(version_id=key).values_list("year", "document")
    return Source(dict(notices), named)


def _period(valid_from: date | None, valid_to: date | None, sessions: list[Any]) -> HoursPeriod:
    read = tuple(Session(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in sessions)
    return HoursPeriod(valid_from, valid_to, read)


@lru_cache(maxsize=64)
def _work_time(key: int, number: int, hall_id: int | None) -> WorkTime:
    content = _content(key)
    order: list[tuple[str, int | None]] = [(Layer.NATIONAL.value, None), (Layer.CITY.value, None)]
    if hall_id is not None:
        order.append((Layer.HALL.value, hall_id))
    days_off, days_on = overlay(content.layers.get(place, []) for place in order)
    calendar = WorkCalendar(
        noticed_years=content.years,
        days_off=days_off,
        days_on=days_on,
        statutory={row.day: row.name for row in content.layers.get((Layer.STATUTORY.value, None), [])},
        number=number,
    )
    own = content.hours.get(hall_id, []) if hall_id is not None else []
    return WorkTime(calendar, [*content.hours.get(None, []), *own])
