"""Tags and filters of our templates: dates as Chinese offices write them, case numbers in groups, icons, form fields."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms import BoundField
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cases.rules import numbering, words
from escalation.rules.explain_steps import in_weeks
from portal.icons import PATHS

register = template.Library()
register.filter("in_weeks", in_weeks)
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(SHANGHAI) if isinstance(value, datetime) else value


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """Return a date with its weekday.

    >>> cn_date(date(2026, 9, 19))
    '2026年9月19日（周六）'
    """
    if not value:
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def cn_moment(value: datetime | None) -> str:
    """Return a moment in Shanghai time.

    >>> from datetime import UTC
    >>> cn_moment(datetime(2026, 9, 20, 9, 30, tzinfo=UTC))
    '2026年9月20日（周日）17:30'
    """
    return f"{cn_date(value)}{_local(value):%H:%M}" if value else ""


@register.filter
def short_date(value: date | datetime | None) -> str:
    """Return a date without its year.

    >>> short_date(date(2026, 9, 19))
    '9月19日（周六）'
    """
    return cn_date(value).partition("年")[2] if value else ""


@register.filter
def short_moment(value: datetime | None, now: datetime | None = None) -> str:
    """Return a moment without its year; given `now`, the year stays when it is another one.

    >>> from datetime import UTC
    >>> due = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
    >>> short_moment(due)
    '1月4日（周一）17:30'
    >>> short_moment(due, datetime(2026, 12, 30, tzinfo=UTC)), short_moment(due, due)
    ('2027年1月4日（周一）17:30', '1月4日（周一）17:30')
    """
    if not value:
        return ""
    if now and _local(now).year != _local(value).year:
        return cn_moment(value)
    return cn_moment(value).partition("年")[2]


@register.filter
def iso(value: date | datetime | None) -> str:
    """Return the machine-readable form for <time datetime>."""
    return _local(value).isoformat() if value else ""


@register.filter
def grouped(digits: str) -> str:
    """Return the digits of a case number in groups: 261122-00009-0."""
    return numbering.group(digits) if digits else ""


@register.filter
def code_groups(code: str) -> str:
    """Return a query code in two groups: 482 915."""
    return numbering.show_query_code(code) if code else ""


@register.filter
def tel(text: str) -> str:
    """Return a telephone number as a tel: link wants it.

    >>> tel("0700-88001037")
    '070088001037'
    """
    return "".join(ch for ch in text or "" if ch.isdigit() or ch == "+")


TIMES = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})")


@register.filter
def hours(text: str) -> SafeString:
    """Return opening hours as written by the office: a line for each part, and no break inside a pair of times.

    >>> hours("工作日 08:30-12:00；周六 9:00-12:00 延时服务")
    '工作日 <span class="bc-num">08:30–12:00</span><br>周六 <span class="bc-num">9:00–12:00</span> 延时服务'
    """
    lines = TIMES.sub(r'<span class="bc-num">\1–\2</span>', escape(text or "")).split("；")
    return mark_safe("<br>".join(lines))  # noqa: S308 - escaped above


@register.filter
def word(value: str, group: str) -> str:
    """Return the Chinese term of a code: {{ case.state|word:"STATES" }}. Source: cases/rules/words/."""
    return getattr(words, group).get(value, "") if value not in (None, "") else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an inline SVG; it always stands beside a word, so it is hidden from screen readers."""
    return mark_safe(  # noqa: S308 - our own constant paths
        f'<svg class="bc-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{PATHS[name]}</svg>'
    )


CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _target(bound: BoundField) -> str:
    """Return the id that a link to the field must point at: the control itself, or the first of its choices."""
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, CHOICES) else bound.id_for_label


def _attributes(bound: BoundField, kind: str, described: str) -> dict[str, object]:
    """Return the attributes of the control.

    A placeholder is no label, so there is none. A text area takes too many characters and says so: `maxlength` would
    cut what is pasted without a word.
    """
    widget = bound.field.widget
    attributes: dict[str, object] = {"class": f"bc-input bc-input--{kind}" if kind else "bc-input"}
    if isinstance(widget, forms.CheckboxInput):
        attributes["class"] = "bc-choice__box"
    if isinstance(widget, forms.Textarea) and widget.attrs.get("maxlength"):
        attributes |= {"maxlength": False, "data-max": widget.attrs["maxlength"]}
    if described:
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {"placeholder": False, **attributes}


@register.inclusion_tag("components/_field.html")
def field(
    bound: BoundField,
    numbered: bool = False,
    kind: str = "",
    hint: str | None = None,
    quiet: bool = False,
) -> dict[str, object]:
    """Render one form field: label, hint, error, input; radios and checkboxes as rows to press.

    `numbered` shows number keys beside the choices; `kind` sets the width (tel, name, no); `hint` replaces the form's
    own; `quiet` hides the label from the eye where the page's heading says the same.
    """
    hint_text = bound.help_text if hint is None else hint
    hint_id = f"{bound.auto_id}-hint" if hint_text else ""
    error = f"{bound.auto_id}-error" if bound.errors else ""
    described = " ".join(filter(None, (hint_id, error)))
    is_choices = isinstance(bound.field.widget, CHOICES)
    is_checkbox = isinstance(bound.field.widget, forms.CheckboxInput)
    return {
        "bound": bound,
        "hint": hint_text,
        "hint_id": hint_id,
        "quiet": quiet,
        "error_id": error,
        "described": described,
        "is_choices": is_choices,
        "is_checkbox": is_checkbox,
        "numbered": numbered,
        "optional": not bound.field.required and not is_checkbox,
        "control": "" if is_choices else bound.as_widget(attrs=_attributes(bound, kind, described)),
    }


@register.inclusion_tag("components/_error_summary.html")
def error_summary(form: forms.Form, message: str = "") -> dict[str, object]:
    """Render what is wrong with a form: a list of links to its fields, in the words of the fields."""
    rows = [(f"#{_target(bound)}", error) for bound in form for error in bound.errors]
    rows += [("", error) for error in form.non_field_errors()]
    if message:
        rows.append(("", message))
    return {"rows": rows}


@register.simple_tag
def hidden(form: forms.Form) -> SafeString:
    """Render the hidden fields of a form: idempotency key and version."""
    return format_html("{}", mark_safe("".join(str(bound) for bound in form.hidden_fields())))  # noqa: S308


@register.simple_tag
def act_url(room: str, act: str, number: str) -> str:
    """Return the address of an act's page in a room: counter:accept and so on."""
    return reverse(f"{room}:{act}", args=[number])
