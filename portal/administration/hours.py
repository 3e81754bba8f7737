"""办公时间: from when to when limits run in the city and in halls with hours of their own, each with its validity."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.selectors.halls import active_halls
from escalation.rules.calendar import CalendarError
from escalation.rules.contents import with_hours, without_hours
from escalation.rules.differences import WHOLE_CITY, told
from escalation.rules.hours import HoursPeriod, Session, checked_period, deciding
from escalation.rules.validity import read_session, span
from escalation.selectors.calendars import content_of, waiting_calendars
from portal.accounts.actors import actor_of, staff_only
from portal.administration.calendar_edit import CITY, DATE, UNPROCESSABLE, EditForm, PlaceField, propose
from portal.administration.guard import EDITORS, READERS
from portal.administration.navigation import navigation

INVALID = {"invalid": "日期请写成 2027-07-01 这样。"}


class Row(NamedTuple):
    """A period as the list shows it."""

    hall_id: int | None
    place: str
    period: HoursPeriod
    times: str
    validity: str
    holds_today: bool


class HoursForm(EditForm):
    """Morning and afternoon, from when until when they hold; one of the two may be empty."""

    hall = PlaceField()
    morning = forms.CharField(label="上午", required=False, max_length=20, help_text="如 08:30-12:00")
    afternoon = forms.CharField(
        label="下午", required=False, max_length=20, help_text="如 14:30-17:30；中午不休息就把一整段写在上午"
    )
    valid_from = forms.DateField(
        label="从哪天起", required=False, widget=DATE, error_messages=INVALID, help_text="空着：一直以来"
    )
    valid_to = forms.DateField(
        label="到哪天止", required=False, widget=DATE, error_messages=INVALID, help_text="空着：以后一直"
    )

    field_order = ("hall", "morning", "afternoon", "valid_from", "valid_to", "document", "note")

    def __init__(self, *args: Any, halls: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].fill(halls)

    def _session(self, name: str) -> Session | None:
        text = self.cleaned_data[name].strip()
        try:
            return read_session(text) if text else None
        except CalendarError as wrong:
            raise forms.ValidationError(str(wrong)) from None

    def clean_morning(self) -> Session | None:
        """From when to when."""
        return self._session("morning")

    def clean_afternoon(self) -> Session | None:
        """From when to when."""
        return self._session("afternoon")

    def clean(self) -> dict[str, Any]:
        """Hours in order, with a beginning before their end."""
        data = super().clean() or {}
        if not self.errors:
            sessions = tuple(one for one in (data["morning"], data["afternoon"]) if one)
            try:
                data["period"] = checked_period(HoursPeriod(data["valid_from"], data["valid_to"], sessions))
            except CalendarError as wrong:
                self.add_error("morning" if "期" not in str(wrong) else "valid_to", str(wrong))
        return data


class TakeOutHoursForm(EditForm):
    """移除: one period, named by its place in the list and by what it said when it was shown."""

    hall = PlaceField()
    period = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, halls: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].fill(halls)
        self.fields["hall"].widget = forms.HiddenInput()


@staff_only(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """The hours of the city and of halls, and the form for a change; only administrators post."""
    halls = {hall.pk: hall.name for hall in active_halls()}
    if request.method != "POST":
        return _show(request, HoursForm(halls=halls), halls)
    if not actor_of(request).roles & EDITORS:
        raise PermissionDenied
    form = HoursForm(request.POST, halls=halls)
    if not form.is_valid():
        return _show(request, form, halls, UNPROCESSABLE)
    data = form.cleaned_data
    try:
        edited = with_hours(content_of(), data["hall"], data["period"])
        title = f"办公时间 {halls.get(data['hall'], WHOLE_CITY)} {told(data['period'])}"
        return propose(request, form, "administration:hours", lambda: edited, title=title)
    except CalendarError as refused:
        form.add_error("valid_from", str(refused))
        return _show(request, form, halls, UNPROCESSABLE)


@staff_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def hours_remove(request: HttpRequest) -> HttpResponse:
    """Take a period out; the page says what holds afterwards and asks for the document."""
    halls = {hall.pk: hall.name for hall in active_halls()}
    if request.method != "POST":
        chosen = {key: request.GET.get(key, "") for key in ("hall", "period")}
        return _show_removal(request, TakeOutHoursForm(initial=chosen, halls=halls), halls)
    form = TakeOutHoursForm(request.POST, halls=halls)
    found = _found(form, halls)
    if not form.is_valid() or found is None:
        return _show_removal(request, form, halls, UNPROCESSABLE)
    try:
        edited = without_hours(content_of(), found.hall_id, found.period)
        title = f"移除办公时间 {found.place} {told(found.period)}"
        return propose(request, form, "administration:hours_remove", lambda: edited, title=title)
    except CalendarError as refused:
        form.add_error(None, str(refused))
        return _show_removal(request, form, halls, UNPROCESSABLE)


def _rows(halls: dict[int, str]) -> list[Row]:
    """All periods: the city first, then halls by name; past ones too, they are what old cases were counted by."""
    today, found = timezone.localdate(), []
    for hall_id, periods in content_of().hours.items():
        place = WHOLE_CITY if hall_id is None else halls.get(hall_id, "已撤销的大厅")
        holds = deciding(periods, today)
        for period in periods:
            times = told(period).rpartition("，")[0]
            found.append(Row(hall_id, place, period, times, span(period), period == holds))
    return sorted(
        found, key=lambda row: (row.hall_id is not None, row.place, str(row.period.valid_from or ""))
    )


def _found(form: TakeOutHoursForm, halls: dict[int, str]) -> Row | None:
    asked = tuple(str(form[key].value() or "") for key in ("hall", "period"))
    return next((row for row in _rows(halls) if (str(row.hall_id or CITY), told(row.period)) == asked), None)


def _show(request: HttpRequest, form: HoursForm, halls: dict[int, str], status: int = 200) -> HttpResponse:
    rows = [(row, told(row.period)) for row in _rows(halls)]
    context = {
        "form": form,
        "rows": rows,
        "alone": len(rows) == 1,
        "waiting": waiting_calendars(),
        **navigation(request, "hours"),
    }
    return render(request, "administration/hours.html", context, status=status)


def _show_removal(
    request: HttpRequest, form: TakeOutHoursForm, halls: dict[int, str], status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "found": _found(form, halls),
        "waiting": waiting_calendars(),
        **navigation(request, "hours"),
    }
    return render(request, "administration/hours_remove.html", context, status=status)
