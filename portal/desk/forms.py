"""Forms of the department's room."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import words
from cases.rules.classes import Conclusion, ContactWay
from portal.desk.advice import advice_on
from portal.once import OnceForm
from portal.uploads import FilesField

REACHED, UNREACHED = "yes", "no"
BASIS, INSTEAD = "依据：", "还可以怎么办："  # how a refusal names its parts
ONLY_WHEN = f"选“{words.CONCLUSIONS[Conclusion.CANNOT.value]}”时必填，群众会看到"


class ContactForm(OnceForm):
    """联系反映人: how, whether anybody was reached, and what was said."""

    way = forms.ChoiceField(
        label="怎么联系的",
        choices=[(way.value, words.CONTACT_WAYS[way.value]) for way in ContactWay],
        widget=forms.RadioSelect,
        initial=ContactWay.PHONE.value,
        error_messages={"required": "请选联系的方式。"},
    )
    reached = forms.ChoiceField(
        label="结果",
        choices=((REACHED, "联系上了"), (UNREACHED, "没有联系上")),
        widget=forms.RadioSelect,
        error_messages={"required": "请选有没有联系上。"},
    )
    note = forms.CharField(
        label="说了什么",
        required=False,
        max_length=500,
        help_text="给窗口和督办看，反映人看不到",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def contact(self) -> dict[str, Any]:
        """What the service books."""
        data = self.cleaned_data
        return {
            "way": ContactWay(data["way"]),
            "reached": data["reached"] == REACHED,
            "note": data["note"],
        }


class AnswerForm(OnceForm):
    """答复: a conclusion, the words for the reporter, an internal note. 依法不能办 needs basis and another way."""

    conclusion = forms.ChoiceField(
        label="结论",
        choices=[(c.value, words.CONCLUSIONS[c.value]) for c in Conclusion],
        widget=forms.RadioSelect,
        error_messages={"required": "请选结论。"},
    )
    text = forms.CharField(
        label="给群众的话",
        max_length=2000,
        help_text="用平常话写清：结果是什么，还要做什么，到哪里、找谁",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请写给群众的答复。"},
    )
    basis = forms.CharField(
        label="依据",
        required=False,
        max_length=300,
        help_text=f"{ONLY_WHEN}：法律、文件的名称和条款",
    )
    instead = forms.CharField(
        label="还可以怎么办",
        required=False,
        max_length=500,
        help_text=f"{ONLY_WHEN}：替代的办法或渠道",
    )
    internal = forms.CharField(
        label="内部说明",
        required=False,
        max_length=1000,
        help_text="给窗口和督办看，反映人看不到",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    files = FilesField()

    def clean(self) -> dict[str, Any]:
        """A refusal needs its basis and what could be done instead (policy.md F3)."""
        data = super().clean() or {}
        if data.get("conclusion") == Conclusion.CANNOT.value:
            if not data.get("basis"):
                self.add_error("basis", "依法不能办的，请写明依据。")
            if not data.get("instead"):
                self.add_error("instead", "依法不能办的，请告诉群众还可以怎么办。")
        return data

    def composed(self) -> str:
        """The whole text that the reporter reads; basis and alternative belong to a refusal only."""
        data = self.cleaned_data
        parts = [data["text"]]
        if data["conclusion"] == Conclusion.CANNOT.value:
            parts += [f"{BASIS}{data['basis']}", f"{INSTEAD}{data['instead']}"]
        return "\n\n".join(parts)

    def unsent(self) -> list[str]:
        """Labels of what was typed but goes nowhere with this conclusion: said on the preview, nothing is lost silently."""
        if self.cleaned_data["conclusion"] == Conclusion.CANNOT.value:
            return []
        return [str(self.fields[name].label) for name in ("basis", "instead") if self.cleaned_data[name]]

    def advice(self) -> list[str]:
        """What could be said more plainly; the basis may name its documents."""
        data = self.cleaned_data
        return advice_on("\n".join((data["text"], data["instead"])))


class ContactAnswerForm(ContactForm, AnswerForm):
    """答复 of a lead department that has not tried to contact the reporter: the record of the contact comes with it."""

    field_order = ("way", "reached", "note")


def taken_apart(conclusion: str, text: str) -> dict[str, str]:
    """Return an earlier answer as its form holds it: the reverse of `AnswerForm.composed`.

    >>> taken_apart("cannot", "还不能登记。\\n\\n依据：《民法典》\\n\\n还可以怎么办：集群注册。")
    {'conclusion': 'cannot', 'text': '还不能登记。', 'basis': '《民法典》', 'instead': '集群注册。'}
    >>> taken_apart("done", "已办好。\\n\\n依据：《民法典》")
    {'conclusion': 'done', 'text': '已办好。\\n\\n依据：《民法典》'}
    """
    if conclusion != Conclusion.CANNOT.value:
        return {"conclusion": conclusion, "text": text}
    rest, _, instead = text.partition(f"\n\n{INSTEAD}")
    said, _, basis = rest.partition(f"\n\n{BASIS}")
    return {"conclusion": conclusion, "text": said, "basis": basis, "instead": instead}
