"""录入放假通知: as a file, as pasted text, or holiday by holiday; what looks odd is said once before it goes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError
from escalation.rules.cautions import cautions
from escalation.rules.contents import with_notice
from escalation.rules.holiday_notices import HolidayNotice, NoticeDay, checked_notice
from escalation.rules.notice_texts import day_list, days_between, parse_text, to_text
from escalation.selectors.calendars import content_of, waiting_calendars
from escalation.services.calendars import MOST_BYTES, hall_id_of, notice_of
from portal.accounts.actors import staff_only
from portal.administration.calendar import year_asked
from portal.administration.calendar_edit import DATE, UNPROCESSABLE, EditForm, propose
from portal.administration.guard import EDITORS
from portal.administration.navigation import navigation

ROUTE = "administration:calendar_notice"
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", "", "")
ONE_WAY = "请只用一种办法：选文件、粘贴通知，或者逐个节日填。"


class NoticeForm(EditForm):
    """A notice of one year in one of three ways; `looked` says that the cautions were read."""

    year = forms.IntegerField(
        label="哪一年的通知",
        min_value=FIRST_DAY.year,
        max_value=LAST_DAY.year,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请写是哪一年的放假通知。",
            "invalid": "年份请写四位数字，如 2027。",
            "min_value": f"日历从 {FIRST_DAY.year} 年开始。",
            "max_value": f"日历到 {LAST_DAY.year} 年为止。",
        },
    )
    text = forms.CharField(
        label="粘贴通知",
        required=False,
        help_text="通知原文（一、元旦：1月1日至3日放假……），或每行一段：2027-01-01至2027-01-03 休 元旦",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label="选文件",
        required=False,
        max_length=200,
        help_text=".json 或 .csv；csv 的列是 day,kind,name，kind 写 休 或 班",
        widget=forms.FileInput(attrs={"accept": ".json,.csv"}),
        error_messages={"empty": "文件是空的，请重新选择。"},
    )
    looked = forms.BooleanField(label="核对过了，就按这样录入", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice: HolidayNotice | None = None
        for number, name in enumerate(HOLIDAYS):
            for key, field in _row_fields(name).items():
                self.fields[f"{key}_{number}"] = field

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The table of holidays."""
        return [[self[f"{key}_{n}"] for key in ("name", "first", "last", "on")] for n in range(len(HOLIDAYS))]

    def clean(self) -> dict[str, Any]:
        """Read the notice in the way that was used."""
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            self.notice = self._read(data)
        except CalendarError as wrong:
            self.add_error(self._blamed(data), str(wrong))
        return data

    def _read(self, data: dict[str, Any]) -> HolidayNotice:
        given = {"year": data["year"], "document": data["document"]}
        typed = any(
            data.get(f"first_{n}") or data.get(f"last_{n}") or data.get(f"on_{n}")
            for n in range(len(HOLIDAYS))
        )
        if [bool(data["file"]), bool(data["text"].strip()), typed].count(True) > 1:
            raise CalendarError(ONE_WAY)
        if data["file"]:
            return notice_of(data["file"].name, data["file"].read(MOST_BYTES + 1), **given)
        if data["text"].strip():
            return parse_text(data["text"], **given)
        return checked_notice(given, self._typed(data))

    def _typed(self, data: dict[str, Any]) -> list[NoticeDay]:
        """The days of the table."""
        days: list[NoticeDay] = []
        for n in range(len(HOLIDAYS)):
            name, first, last, on = (data.get(f"{key}_{n}") for key in ("name", "first", "last", "on"))
            if not (first or last or on):
                continue
            where = f"第 {n + 1} 行"
            if not name:
                raise CalendarError(f"{where}没有写节日名称。")
            if not first and last:
                raise CalendarError(f"{where}{name}没有写从哪天起放假。")
            if first:
                days += days_between(first, last or first, True, name)
            days += [NoticeDay(day, False, name) for day in day_list(on, data["year"], f"{where}{name}")]
        return days

    def _blamed(self, data: dict[str, Any]) -> str | None:
        return "file" if data["file"] else "text" if data["text"].strip() else None

    def shown_again(self, notice: HolidayNotice) -> NoticeForm:
        """The same form with what was read from a file as text: a browser does not keep the chosen file."""
        again = self.data.copy()
        again["text"], again["year"], again["document"] = to_text(notice), self.data["year"], notice.document
        return NoticeForm(again)


def _row_fields(name: str) -> dict[str, forms.Field]:
    wrong = {"invalid": "日期请写成 2027-01-01 这样。"}
    return {
        "name": forms.CharField(label="节日", required=False, max_length=20, initial=name),
        "first": forms.DateField(label="放假从", required=False, widget=DATE, error_messages=wrong),
        "last": forms.DateField(label="到", required=False, widget=DATE, error_messages=wrong),
        "on": forms.CharField(label="调休上班", required=False, max_length=60),
    }


@staff_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_notice(request: HttpRequest) -> HttpResponse:
    """The form; a notice that reads well goes on to its preview, with a stop where something looks odd."""
    if request.method != "POST":
        usual = timezone.localdate().year + 1
        return _show(request, NoticeForm(initial={"year": year_asked(request, usual)}))
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid() or form.notice is None:
        return _show(request, form, status=UNPROCESSABLE)
    notice = form.notice
    try:
        content, hall_id = content_of(), hall_id_of(notice)
        edited = with_notice(content, notice, hall_id)
        odd = cautions(content, notice, hall_id)
        if odd and not form.cleaned_data["looked"]:
            shown = form.shown_again(notice) if form.cleaned_data["file"] else form
            return _show(request, shown, odd)
        return propose(request, form, ROUTE, lambda: edited, title=_title(notice))
    except CalendarError as refused:
        form.add_error(None, str(refused))
        return _show(request, form, status=UNPROCESSABLE)


def _title(notice: HolidayNotice) -> str:
    if notice.year is not None:
        return f"{notice.year}年放假安排"
    names = dict.fromkeys(row.name for row in notice.days)
    return "、".join(names)


def _show(
    request: HttpRequest, form: NoticeForm, odd: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "cautions": odd or [],
        "waiting": waiting_calendars(),
        **navigation(request, "calendar_notices"),
    }
    return render(request, "administration/calendar_notice.html", context, status=status)
