"""Forms of the department's room."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import words
from cases.rules.classes import Conclusion
from portal.once import OnceForm


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
        label="依据", required=False, max_length=300, help_text="选“依法不能办”时必填：法律、文件的名称和条款"
    )
    instead = forms.CharField(
        label="还可以怎么办",
        required=False,
        max_length=500,
        help_text="选“依法不能办”时必填：替代的办法或渠道",
    )
    internal = forms.CharField(
        label="内部说明",
        required=False,
        max_length=1000,
        help_text="反映人看不到",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal needs its basis and what could be done instead (policy.md F3)."""
        data = super().clean() or {}
        if data.get("conclusion") == Conclusion.CANNOT.value:
            if not data.get("basis", "").strip():
                self.add_error("basis", "依法不能办的，请写明依据。")
            if not data.get("instead", "").strip():
                self.add_error("instead", "依法不能办的，请告诉群众还可以怎么办。")
        return data

    def composed(self) -> str:
        """The whole text that the reporter reads."""
        data = self.cleaned_data
        parts = [data["text"].strip()]
        if data["basis"].strip():
            parts.append(f"依据：{data['basis'].strip()}")
        if data["instead"].strip():
            parts.append(f"您还可以：{data['instead'].strip()}")
        return "\n\n".join(parts)
