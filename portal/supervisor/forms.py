"""Forms of the supervisors' room."""

from __future__ import annotations

from django import forms

from cases.rules import words
from portal.once import OnceForm


class SuperviseForm(OnceForm):
    """督办: the words that the departments and the window will read."""

    text = forms.CharField(
        label=words.TEXTS["supervision"],
        max_length=1000,
        help_text="要谁做什么，什么时候之前；承办部门和窗口会收到通知，反映人只看到“督办专员已介入”",
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        error_messages={"required": "请写督办意见：要谁做什么，什么时候之前。"},
    )


class EraseForm(OnceForm):
    """依法删除: the legal basis, and a deliberate yes."""

    basis = forms.ChoiceField(
        label="法律依据（个人信息保护法第四十七条）",
        choices=list(words.ERASURE_BASES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择删除的法律依据。"},
    )
    sure = forms.BooleanField(
        label="我已核对编号，知道删除后不能恢复",
        error_messages={"required": "删除后不能恢复，请核对后勾选。"},
    )
