"""Forms of what comes in between or afterwards: a supplement, a withdrawal, taking a case up again."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import words
from portal.once import OnceForm
from portal.uploads import FilesField


class SupplementForm(OnceForm):
    """补充材料: a note, files, or both."""

    text = forms.CharField(
        label=words.TEXTS["supplement"],
        required=False,
        max_length=1000,
        help_text="反映人补充了什么；文字和文件至少有一样，反映人和承办部门都看得到",
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    files = FilesField(label="照片或文件")

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {name: self.cleaned_data[name] for name in ("text", "files")}


class WithdrawForm(OnceForm):
    """撤回: the reporter's reason, if they give one."""

    reason = forms.CharField(
        label=words.TEXTS["withdrawal"],
        required=False,
        max_length=500,
        help_text="反映人怎么说的；不说明原因也可以撤回",
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {"reason": self.cleaned_data["reason"]}
