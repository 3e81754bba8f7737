"""Form pieces that all staff rooms use."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.selectors.halls import active_departments
from portal.once import OnceForm


class RevealForm(forms.Form):
    """显示: why somebody looks at a name and number in clear."""

    purpose = forms.ChoiceField(
        label="查看原因",
        choices=(
            ("contact", "联系群众"),
            ("verify", "核验身份"),
            ("supervise", "督办核查"),
            ("other", "其他"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "请选查看的原因，系统会记下来。"},
    )


class DispatchForm(OnceForm):
    """转办: the lead department."""

    department = forms.ChoiceField(label="承办部门", error_messages={"required": "请选承办部门。"})

    def __init__(self, *args: Any, proposed: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(d.pk), d.name) for d in active_departments() if d.has_account]
        first = [row for row in rows if row[0] == str(proposed)]
        self.fields["department"].choices = [
            ("", "请选择"),
            *((pk, f"{name}（事项主管）") for pk, name in first),
            *(row for row in rows if row not in first),
        ]
        self.fields["department"].initial = str(proposed) if first else ""
