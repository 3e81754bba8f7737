"""Forms of the supervisors' room."""

from __future__ import annotations

from django import forms

from cases.rules import words
from portal.once import OnceForm


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
