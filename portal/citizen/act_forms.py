"""Forms of what a reporter does later: add something, rate, have it handled again, withdraw. None has a default."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import words
from cases.rules.classes import GRADES, RatingReason, Resolution
from cases.services.drafts import ACCEPT, MAX_FILE_MB, MAX_FILES
from portal.citizen.forms import ManyFilesInput, choose
from portal.once import OnceForm

MOST = 1000  # characters of a text
KEPT = 2000  # characters of a field that are kept while it is not sent


class ActForm(OnceForm):
    """A form that can give back what was typed, right or wrong."""

    def typed(self) -> dict[str, Any]:
        """What was typed or chosen, without keys and files, fit for the session."""
        found = {}
        for bound in self.visible_fields():
            value = None if isinstance(bound.field.widget, forms.FileInput) else bound.data
            if value:
                found[bound.name] = value[:KEPT]
        return found

    def texts(self) -> list[str]:
        """What was written in words, for the person to copy when the act came too late."""
        areas = [bound for bound in self.visible_fields() if isinstance(bound.field.widget, forms.Textarea)]
        return [bound.data for bound in areas if bound.data and bound.data.strip()]


def _area(label: str, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    messages = {"max_length": "最多写 %(limit_value)d 个字，现在是 %(show_value)d 个。"}
    messages |= kwargs.pop("error_messages", {})
    return forms.CharField(
        label=label,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=messages,
        **kwargs,
    )


class SupplementForm(ActForm):
    """补充材料: a note, photographs, or both. The files are checked and kept one by one by the page."""

    text = _area(
        "要补充的内容",
        required=False,
        help_text="写一段话，或者传照片，有一样就行。不要写身份证号、银行卡号。",
    )
    files = forms.Field(
        label="照片或文件",
        required=False,
        help_text=f"照片或 PDF，一次最多 {MAX_FILES} 个，每个不超过 {MAX_FILE_MB} MB。",
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ACCEPT}),
    )


class RateForm(ActForm):
    """评价: first whether it is solved, then the five grades; reasons and words may be left out."""

    resolution = choose(
        "请选择问题解决了没有。",
        label="问题解决了吗？",
        choices=[(one.value, words.RESOLUTION[one.value]) for one in Resolution],
    )
    grade = choose(
        "请选择您满意不满意。",
        label="您满意吗？",
        choices=[(str(grade), words.SATISFACTION[grade]) for grade in GRADES],
    )
    reasons = forms.MultipleChoiceField(
        label="主要是哪方面",
        required=False,
        choices=[(one.value, words.RATING_REASONS[one.value]) for one in RatingReason],
        widget=forms.CheckboxSelectMultiple,
    )
    text = _area("想说的话", rows=3, required=False)

    def extra(self) -> list[forms.BoundField]:
        """What may be left out; shown open when something stands in it."""
        return [self["reasons"], self["text"]]

    def has_extra(self) -> bool:
        """Whether something was chosen or written there."""
        return any(bound.value() or bound.errors for bound in self.extra())


class ReopenForm(ActForm):
    """重新办理: what is not solved."""

    reason = _area(
        "哪里还没有解决？",
        help_text="写清楚还差什么。不要写身份证号、银行卡号。",
        error_messages={"required": "请写哪里还没有解决，一两句话就行。"},
    )


class WithdrawForm(ActForm):
    """撤回: the reason may be left out."""

    reason = _area("为什么撤回", rows=3, required=False)
