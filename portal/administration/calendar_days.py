"""停工和地方节日: days of the whole city or of one hall, entered from–to, and taken out again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.selectors.halls import active_halls
from escalation.rules.calendar import CalendarError
from escalation.rules.cautions import cautions
from escalation.rules.contents import with_days, without_days
from escalation.rules.differences import Run, between, runs
from escalation.rules.holiday_notices import LONGEST_NAME, HolidayNotice, Layer, NoticeDay
from escalation.rules.notice_texts import days_between
from escalation.selectors.calendars import content_of, waiting_calendars
from portal.accounts.actors import actor_of, staff_only
from portal.administration.calendar_edit import CITY, DATE, UNPROCESSABLE, EditForm, PlaceField, propose
from portal.administration.guard import EDITORS, READERS
from portal.administration.navigation import navigation

OFF, ON = "off", "on"
MOST_DAYS = 366


class DaysForm(EditForm):
    """Some days off, or days that work although they would rest."""

    hall = PlaceField()
    kind = forms.ChoiceField(
        label="休还是班",
        choices=((OFF, "休（停工、放假）"), (ON, "班（照常上班、应急值守）")),
        initial=OFF,
        widget=forms.RadioSelect,
        error_messages={"required": "请选休还是班。", "invalid_choice": "请选休还是班。"},
    )
    first = forms.DateField(
        label="从",
        widget=DATE,
        error_messages={"required": "请填开始日期。", "invalid": "开始日期请写成 2026-11-25 这样。"},
    )
    last = forms.DateField(
        label="到（含当天）",
        required=False,
        widget=DATE,
        help_text="只有一天可以不填",
        error_messages={"invalid": "结束日期请写成 2026-11-26 这样。"},
    )
    name = forms.CharField(
        label="名称",
        max_length=LONGEST_NAME,
        help_text="如 台风停工；算时限时会这样写给反映人和部门看",
        error_messages={
            "required": "请写名称，如 台风停工。",
            "max_length": f"名称最多 {LONGEST_NAME} 个字。",
        },
    )
    looked = forms.BooleanField(label="核对过了，就按这样录入", required=False)

    field_order = ("hall", "kind", "first", "last", "name", "document", "note")

    def __init__(self, *args: Any, halls: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].fill(halls)

    def clean(self) -> dict[str, Any]:
        """Make the days of it."""
        data = super().clean() or {}
        if data.get("first") and "last" in data and data.get("name") and data.get("kind"):
            try:
                data["days"] = days_between(
                    data["first"], data["last"] or data["first"], data["kind"] == OFF, data["name"]
                )
            except CalendarError as wrong:
                self.add_error("last", str(wrong))
        return data


class TakeOutForm(EditForm):
    """移除: one stretch of local days; why it is taken out."""

    hall = PlaceField()
    first = forms.DateField(widget=forms.HiddenInput)
    last = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, halls: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].fill(halls)
        self.fields["hall"].widget = forms.HiddenInput()
        self.fields["document"].help_text = "撤销停工或更正的文号"


@staff_only(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_days(request: HttpRequest) -> HttpResponse:
    """The local days that are entered, the latest first, and the form for more; only administrators post."""
    halls = {hall.pk: hall.name for hall in active_halls()}
    if request.method != "POST":
        return _show(request, DaysForm(halls=halls), halls)
    if not actor_of(request).roles & EDITORS:
        raise PermissionDenied
    form = DaysForm(request.POST, halls=halls)
    if not form.is_valid():
        return _show(request, form, halls, status=UNPROCESSABLE)
    data = form.cleaned_data
    layer = Layer.HALL if data["hall"] else Layer.CITY
    try:
        content = content_of()
        odd = cautions(content, _notice(layer, data["document"], data["days"]), data["hall"])
        if odd and not data["looked"]:
            return _show(request, form, halls, odd)
        edited = with_days(content, layer, data["hall"], data["days"], data["document"])
        return propose(
            request, form, "administration:calendar_days", lambda: edited, title=_title(data, halls)
        )
    except CalendarError as refused:
        form.add_error(None, str(refused))
        return _show(request, form, halls, status=UNPROCESSABLE)


@staff_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_days_remove(request: HttpRequest) -> HttpResponse:
    """Take a stretch of local days out; the page names it and asks for the document."""
    halls = {hall.pk: hall.name for hall in active_halls()}
    if request.method != "POST":
        chosen = {key: request.GET.get(key, "") for key in ("hall", "first", "last")}
        return _show_removal(request, TakeOutForm(initial=chosen, halls=halls), halls)
    form = TakeOutForm(request.POST, halls=halls)
    if not form.is_valid():
        return _show_removal(request, form, halls, UNPROCESSABLE)
    data = form.cleaned_data
    layer = Layer.HALL if data["hall"] else Layer.CITY
    try:
        content = content_of()
        span = _days_from(data["first"], data["last"])
        edited = without_days(content, layer, data["hall"], span)
        title = f"移除 {between(data['first'], data['last'])} {halls.get(data['hall'], '全市')}"
        return propose(request, form, "administration:calendar_days_remove", lambda: edited, title=title)
    except CalendarError as refused:
        form.add_error(None, str(refused))
        return _show_removal(request, form, halls, UNPROCESSABLE)


def _days_from(first: date, last: date) -> list[date]:
    """The days of a stretch, which may be longer than what is entered at once."""
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise CalendarError("要移除的日期不对，请回到列表重新选。")
    return [first + timedelta(offset) for offset in range((last - first).days + 1)]


def _notice(layer: Layer, document: str, days: list[NoticeDay]) -> HolidayNotice:
    return HolidayNotice(layer, "", None, document, tuple(days))


def _title(data: dict[str, Any], halls: dict[int, str]) -> str:
    place = halls.get(data["hall"], "全市")
    return f"{data['name']} {between(data['first'], data['last'] or data['first'])} {place}"


def _local(halls: dict[int, str]) -> list[tuple[Run, str]]:
    rows = [row for row in content_of().days if row.layer in (Layer.CITY, Layer.HALL)]
    found = [(run, halls.get(run.row.hall_id or 0, "全市")) for run in runs(rows)]
    return found[::-1]


def _show(
    request: HttpRequest,
    form: DaysForm,
    halls: dict[int, str],
    odd: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": _local(halls),
        "cautions": odd or [],
        "today": timezone.localdate(),
        "waiting": waiting_calendars(),
        **navigation(request, "calendar_days"),
    }
    return render(request, "administration/calendar_days.html", context, status=status)


def _show_removal(
    request: HttpRequest, form: TakeOutForm, halls: dict[int, str], status: int = 200
) -> HttpResponse:
    """The page names what goes: the stretch of the list that the address speaks of, or that it is gone."""
    asked = tuple(str(form[key].value() or "") for key in ("hall", "first", "last"))
    found = next(
        (
            (run, place)
            for run, place in _local(halls)
            if (str(run.row.hall_id or CITY), str(run.first), str(run.last)) == asked
        ),
        None,
    )
    context = {
        "form": form,
        "found": found,
        "waiting": waiting_calendars(),
        **navigation(request, "calendar_days"),
    }
    return render(request, "administration/calendar_days_remove.html", context, status=status)
