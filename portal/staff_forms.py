"""Form pieces that all staff rooms use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from cases.selectors.departments import dispatchable
from portal.once import OnceForm

DISAGREE = "查找的和选中的不是同一个部门，请核对后再转办。"


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
    """转办: the lead department, the one competent for the matter first; narrowed by what stands in the search."""

    search = forms.CharField(
        label="找部门",
        required=False,
        max_length=60,
        help_text="名称、简称或拼音首字母，如 市监、sjj",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    department = forms.ChoiceField(
        label="承办部门", error_messages={"required": "请选承办部门。", "invalid_choice": DISAGREE}
    )

    def __init__(self, *args: Any, proposed: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows, text = dispatchable(), (self["search"].value() or "").strip()
        self.fitting = [row for row in rows if row.fits(text)] if text else rows
        shown = sorted(self.fitting or rows, key=lambda row: row.id != proposed)
        preset = shown[0].id if len(shown) == 1 or shown[0].id == proposed else ""
        self.fields["department"].choices = [
            *([] if len(shown) == 1 else [("", "请选择")]),
            *((str(row.id), row.name + ("（事项主管）" if row.id == proposed else "")) for row in shown),
        ]
        self.fields["department"].initial = str(preset)

    @classmethod
    def narrowed(cls, typed: Mapping[str, Any], build: Callable[..., DispatchForm]) -> DispatchForm:
        """The same form with only the departments that fit the search; nothing is dispatched."""
        form = build(initial={name: typed.get(name, "") for name in ("search", "idem", "version")})
        if not form.fitting:
            form["search"].help_text = "没有找到这个部门，换个说法，或者在下面的名单里选。"
        return form

    def clean(self) -> dict[str, Any]:
        """What was searched and what is chosen must agree: else the wrong office would get the case."""
        data = super().clean() or {}
        chosen = data.get("department")
        if data.get("search", "").strip() and chosen and chosen not in {str(r.id) for r in self.fitting}:
            self.add_error("department", DISAGREE)
        return data
