"""工作日历: a year as a grid, the notices by year, the versions and where they come from. Everybody of the room reads these pages."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.selectors.halls import active_halls
from escalation.rules.calendar import FIRST_DAY, LAST_DAY, SATURDAY
from escalation.rules.contents import CalendarContent, NamedDay
from escalation.rules.differences import LAYER_NAMES, Run, differences, effective_days, place_of, runs
from escalation.rules.holiday_notices import Layer
from escalation.selectors.calendars import Version, content_of, versions, waiting_calendars
from escalation.selectors.condition import halted_change, years_missing
from portal.accounts.actors import staff_only
from portal.administration.guard import READERS
from portal.administration.navigation import navigation

WEEKS = Calendar()  # weeks begin on Monday
YEARS_AHEAD = 2  # how far the list of notices looks
MOST_DIGITS = 9  # of the id of a hall


class Cell(NamedTuple):
    """One day of the grid. `mark` is its word (休, 班) or empty; `kind` its shape: off, on, rest or work."""

    day: date
    kind: str
    mark: str
    is_local: bool
    is_provisional: bool
    told: str

    @property
    def shape(self) -> str:
        """The classes of the cell."""
        names = [self.kind, *(["local"] if self.is_local else []), *(["open"] if self.is_provisional else [])]
        return " ".join(f"bc-day--{name}" for name in names)


class Line(NamedTuple):
    """A stretch of named days in the list beside the grid."""

    run: Run
    place: str
    origin: str


@staff_only(READERS)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One year as one hall has it: what each day is, by whose document; the year and the hall stand in the address."""
    today, content = timezone.localdate(), content_of()
    halls = {hall.pk: hall.name for hall in active_halls()}
    year, hall_id = year_asked(request, today.year), hall_asked(request, halls)
    named = effective_days(content, hall_id, year)
    context = {
        "year": year,
        "before": year - 1 if year > FIRST_DAY.year else None,
        "after": year + 1 if year < LAST_DAY.year else None,
        "years": range(FIRST_DAY.year, LAST_DAY.year + 1),
        "months": [(month, weeks(year, month, named, content)) for month in range(1, 13)],
        "lines": lines(named, halls),
        "document": content.notices.get(year, ""),
        "number": content.number,
        "halls": halls.items(),
        "hall_id": hall_id,
        "hall": halls.get(hall_id, "") if hall_id else "",
        "today": today,
        "missing": years_missing(timezone.now()),
        "halted": halted_change(timezone.now()),
        "waiting": waiting_calendars(),
        **navigation(request, "calendar"),
    }
    return render(request, "administration/calendar.html", context)


@staff_only(READERS)
@require_safe
def calendar_notices(request: HttpRequest) -> HttpResponse:
    """放假通知 by year, those to come first: which are there with their documents, which are not published yet."""
    today, content = timezone.localdate(), content_of()
    counts: dict[int, list[int]] = {}
    for row in content.days:
        if row.layer is Layer.NATIONAL and row.notice_year:
            counts.setdefault(row.notice_year, [0, 0])[row.is_off] += 1
    last = max([today.year + YEARS_AHEAD, *content.notices])
    rows = [
        (year, content.notices.get(year, ""), *reversed(counts.get(year, [0, 0])))
        for year in range(last, min([today.year, *content.notices]) - 1, -1)
    ]
    context = {
        "rows": rows,
        "missing": years_missing(timezone.now()),
        "waiting": waiting_calendars(),
        **navigation(request, "calendar_notices"),
    }
    return render(request, "administration/calendar_notices.html", context)


@staff_only(READERS)
@require_safe
def calendar_versions(request: HttpRequest) -> HttpResponse:
    """Every version with its document, who entered it and when; the newest first."""
    context = {"versions": versions(), **navigation(request, "calendar_versions")}
    return render(request, "administration/calendar_versions.html", context)


@staff_only(READERS)
@require_safe
def calendar_version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: where it comes from, and what it says that the one before did not."""
    version, before = _version(number), _previous(number)
    halls = {hall.pk: hall.name for hall in active_halls()}
    context = {
        "version": version,
        "before": before,
        "changes": differences(content_of(before.number), content_of(number), halls) if before else [],
        **navigation(request, "calendar_versions"),
    }
    return render(request, "administration/calendar_version.html", context)


def year_asked(request: HttpRequest, usual: int) -> int:
    """The year asked for; the usual one for whatever is no year of the calendar."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else usual
    return year if FIRST_DAY.year <= year <= LAST_DAY.year else usual


def hall_asked(request: HttpRequest, halls: Mapping[int, str]) -> int | None:
    """The hall asked for, None for the city."""
    text = request.GET.get("hall", "")
    hall_id = int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
    return hall_id if hall_id in halls else None


def weeks(
    year: int, month: int, named: Mapping[date, NamedDay], content: CalendarContent
) -> list[list[Cell | None]]:
    """A month in weeks from Monday; days of other months are empty."""
    return [
        [
            _cell(day, named.get(day), year not in content.notices) if day.month == month else None
            for day in week
        ]
        for week in WEEKS.monthdatescalendar(year, month)
    ]


def lines(named: Mapping[date, NamedDay], halls: Mapping[int, str]) -> list[Line]:
    """The named days of a year, those next to one another together."""
    return [
        Line(run, place_of(run.row, halls), run.row.document or "全国年节及纪念日放假办法")
        for run in runs(named.values())
    ]


def _cell(day: date, row: NamedDay | None, is_provisional: bool) -> Cell:
    if row is None:
        kind = "rest" if day.weekday() >= SATURDAY else "work"
        return Cell(day, kind, "", False, is_provisional, "")
    mark = "休" if row.is_off else "班"
    is_local = row.layer in (Layer.CITY, Layer.HALL)
    told = f"{mark}，{row.name}，{LAYER_NAMES[row.layer]}"
    return Cell(day, "off" if row.is_off else "on", mark, is_local, is_provisional, told)


def _version(number: int) -> Version:
    found = next((version for version in versions() if version.number == number), None)
    if found is None:
        raise Http404
    return found


def _previous(number: int) -> Version | None:
    return next((version for version in versions() if version.number < number), None)
