"""Forms of what follows a bad rating: the talk with whoever gave it, and what was done about it."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import words
from cases.rules.classes import ContactWay
from portal.once import OnceForm
from portal.uploads import FilesField


class ContactRaterForm(OnceForm):
    """联系评价人: how, and what they said; only who was reached is booked."""

    way = forms.ChoiceField(
        label="怎么联系的",
        choices=[(way.value, words.CONTACT_WAYS[way.value]) for way in ContactWay],
        widget=forms.RadioSelect,
        initial=ContactWay.PHONE.value,
        error_messages={"required": "请选联系的方式。"},
    )
    text = forms.CharField(
        label=words.TEXTS["rater_contact"],
        max_length=1000,
        help_text="对方怎么说的、要求怎么改；给窗口和督办看，反映人看不到",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写对方怎么说的、要求怎么改。"},
    )

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {"way": ContactWay(self.cleaned_data["way"]), "text": self.cleaned_data["text"]}


class RectifyForm(OnceForm):
    """整改: what was changed, for the reporter to read, with papers that prove it."""

    text = forms.CharField(
        label=words.TEXTS["rectification"],
        max_length=2000,
        help_text="用平常话写清：改了什么，结果怎样。反映人看得到，看了可以再评价一次",
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        error_messages={"required": "请写改了什么、结果怎样。"},
    )
    files = FilesField(label="依据材料")

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {name: self.cleaned_data[name] for name in ("text", "files")}
