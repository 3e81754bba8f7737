"""Forms of the end of a case: solved on the spot, closed, called back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cases.rules import words
from cases.rules.classes import CLOSING_OUTCOMES, GRADES, ON_THE_SPOT, Outcome, Recurrence, Resolution
from portal.once import OnceForm
from portal.uploads import FilesField

UNREACHED = "no"  # what the button 没有接通 sends as `reached`


def _words(codes: Iterable[Any], table: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code.value, table[code.value]) for code in codes]


class EndForm(OnceForm):
    """What is asked at every end of a case: what came of it, how that is known, and whether others will meet the same."""

    outcome = forms.ChoiceField(
        label="办结类型",
        choices=_words(CLOSING_OUTCOMES, words.OUTCOMES),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": "请选办结类型。"},
    )
    evidence = forms.CharField(
        label="办结依据",
        max_length=1000,
        help_text="结果是什么，怎么核实的",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写办结依据。"},
    )
    recurrence = forms.ChoiceField(
        label="别人也会遇到吗？",
        choices=_words(Recurrence, words.RECURRENCE),
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项，举一反三要用。"},
    )
    recurrence_note = forms.CharField(label="一句话说明", required=False, max_length=200)

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        data = self.cleaned_data
        return {
            "outcome": Outcome(data["outcome"]),
            "evidence": data["evidence"],
            "recurrence": Recurrence(data["recurrence"]),
            "recurrence_note": data["recurrence_note"],
        }


class CloseForm(EndForm):
    """办结, with papers that prove it."""

    files = FilesField(label="依据材料")

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {**super().given(), "files": self.cleaned_data["files"]}


class ResolveForm(EndForm):
    """现场解决: what the reporter was told, then the same as at every end."""

    reply = forms.CharField(
        label="当场怎么答复的",
        max_length=2000,
        help_text="反映人查进度时看到的就是这段话",
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": "请写当场怎么答复的，反映人会看到这段话。"},
    )
    field_order = ("reply", "evidence", "outcome", "recurrence", "recurrence_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = _words(ON_THE_SPOT, words.OUTCOMES)
        self.fields["outcome"].widget.attrs.pop("autofocus")

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {**super().given(), "reply": self.cleaned_data["reply"]}


class CallBackForm(OnceForm):
    """回访: solved or not before the grade; or 没有接通, which asks for neither."""

    resolution = forms.ChoiceField(
        label="问题解决了吗？",
        choices=_words(Resolution, words.RESOLUTION),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": "请选问题解决了没有；没有接通的，按“没有接通”。"},
    )
    grade = forms.ChoiceField(
        label="满意吗？",
        choices=[(str(grade), words.SATISFACTION[grade]) for grade in GRADES],
        widget=forms.RadioSelect,
        error_messages={"required": "请选满意程度。"},
    )
    note = forms.CharField(
        label=words.TEXTS["call_back"],
        required=False,
        max_length=500,
        help_text="对方怎么说的；没有接通的，写明情况，如关机、空号",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_unreached = self.data.get("reached") == UNREACHED
        if self.is_unreached:
            self.fields["resolution"].required = self.fields["grade"].required = False

    def given(self) -> dict[str, Any]:
        """What the service is asked with; of a call that nobody took only the note counts."""
        data = self.cleaned_data
        if self.is_unreached:
            return {"reached": False, "note": data["note"]}
        said = {"resolution": Resolution(data["resolution"]), "grade": int(data["grade"])}
        return {"reached": True, "note": data["note"], **said}
