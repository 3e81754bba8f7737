"""What the pages that change the calendar share: an edited content becomes a proposal, whose effect is shown before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from escalation.rules.contents import CalendarContent
from escalation.rules.holiday_notices import LONGEST_DOCUMENT
from escalation.services.changes import propose_calendar
from portal.accounts.actors import actor_of
from portal.administration.going import set_going
from portal.once import OnceForm, once

UNPROCESSABLE = 422
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CITY = "city"  # the choice of place that is no hall
TITLE = 200  # characters of a proposal's title


class EditForm(OnceForm):
    """A change of the calendar: on what document it rests, and a remark."""

    document = forms.CharField(
        label="文号",
        max_length=LONGEST_DOCUMENT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请写依据的文号，如 国办发明电〔2025〕7号。",
            "max_length": f"文号最多 {LONGEST_DOCUMENT} 个字。",
        },
    )
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="会写进日历版本，给以后查的人看"
    )


class PlaceField(forms.ChoiceField):
    """The whole city, or one hall."""

    def __init__(self, halls: dict[int, str] | None = None, **more: Any) -> None:
        wrong = {"required": "请选全市，或选一个大厅。", "invalid_choice": "没有这个大厅，请重新选。"}
        super().__init__(label="适用", error_messages=wrong, **more)
        self.fill(halls or {})

    def fill(self, halls: dict[int, str]) -> None:
        """Offer these halls."""
        self.choices = [(CITY, "全市"), *((str(pk), name) for pk, name in halls.items())]

    def clean(self, value: Any) -> int | None:
        """Return the hall's id, None for the city."""
        chosen = super().clean(value)
        return None if chosen == CITY else int(chosen)


def propose(
    request: HttpRequest, form: EditForm, route: str, edit: Callable[[], CalendarContent], *, title: str
) -> HttpResponse:
    """Make the edit, propose what comes out, and show it; once for each form. Errors of `edit` pass through."""
    made: list[int] = []

    def do() -> str:
        change = propose_calendar(
            edit(),
            title=title[:TITLE],
            basis=form.cleaned_data["document"],
            note=form.cleaned_data.get("note", ""),
            actor=actor_of(request),
            by_name=request.user.get_full_name(),
            now=timezone.now(),
        )
        made.append(change.pk)
        return reverse("administration:change", args=[change.pk])

    answer = once(request, route, form.cleaned_data["idem"], do)
    for pk in made[-1:]:
        set_going(pk)
    return answer
