"""Form pieces that all staff rooms use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict

from cases.rules import words
from cases.selectors.departments import dispatchable
from portal.once import OnceForm

DISAGREE = "查找的部门没有选为主办或协办，请选上，或者清空查找，再转办。"
UNKNOWN = "名单里没有这个部门，请重新选择。"


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
    """转办: one lead department, the one competent for the matter first; any number of co-handlers; what is asked of them.

    The search narrows both lists and never changes a choice: what is chosen stays in its list, fitting or not.
    """

    search = forms.CharField(
        label="找部门",
        required=False,
        max_length=60,
        help_text="名称、简称或拼音首字母，如 市监、sjj",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    department = forms.ChoiceField(
        label="主办部门", error_messages={"required": "请选主办部门。", "invalid_choice": UNKNOWN}
    )
    co_departments = forms.MultipleChoiceField(
        label="协办部门",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": UNKNOWN},
    )
    instruction = forms.CharField(
        label=words.TEXTS["instruction"],
        required=False,
        max_length=500,
        help_text="要各部门办什么、怎么分工；只有窗口、部门和督办看得到",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, proposed: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows, text = dispatchable(), str(self._chosen("search") or "").strip()
        self.fitting = [row for row in rows if row.fits(text)] if text else rows
        lead, co = str(self._chosen("department") or ""), set(self._chosen("co_departments") or ())
        fit = {row.id for row in self.fitting or rows}
        shown = sorted(
            (row for row in rows if row.id in fit or str(row.id) == lead), key=lambda row: row.id != proposed
        )
        self.fields["department"].choices = [
            *([] if len(shown) == 1 else [("", "请选择")]),
            *((str(row.id), row.name + ("（事项主管）" if row.id == proposed else "")) for row in shown),
        ]
        if len(shown) == 1 or (shown and shown[0].id == proposed):
            self.fields["department"].initial = str(shown[0].id)
        self.fields["co_departments"].choices = [
            (str(row.id), row.name) for row in rows if row.id in fit or str(row.id) in co
        ]

    def _chosen(self, name: str) -> Any:
        """What stands in a field. Asking the bound field would fix its initial value before it is known."""
        if self.is_bound:
            return self.fields[name].widget.value_from_datadict(self.data, self.files, name)
        return self.initial.get(name)

    @property
    def is_joint(self) -> bool:
        """Whether co-handlers are being looked for: their list is unfolded."""
        return bool(self["co_departments"].value() or self["co_departments"].errors or self["search"].value())

    @classmethod
    def narrowed(cls, typed: QueryDict, build: Callable[..., DispatchForm]) -> DispatchForm:
        """The same form with only what is chosen and the departments that fit the search; nothing is dispatched."""
        names = ("search", "department", "instruction", "idem", "version")
        kept = {name: typed[name] for name in names if typed.get(name)}
        form = build(initial={**kept, "co_departments": typed.getlist("co_departments")})
        if not form.fitting:
            form["search"].help_text = "没有找到这个部门，换个说法，或者在下面的名单里选。"
        return form

    def clean(self) -> dict[str, Any]:
        """What was searched must be among what is chosen: else the office looked for would not get the case."""
        data = super().clean() or {}
        lead, co = data.get("department", ""), data.get("co_departments", [])
        if lead in co:
            self.add_error("co_departments", "主办部门不用再选为协办部门。")
        if data.get("search", "").strip() and lead and not {lead, *co} & {str(r.id) for r in self.fitting}:
            self.add_error("department", DISAGREE)
        return data

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        data = self.cleaned_data
        return {
            "department_id": int(data["department"]),
            "co_department_ids": [int(co) for co in data["co_departments"]],
            "instruction": data["instruction"],
        }


class ReopenForm(OnceForm):
    """重新办理: what is still not solved; after the limit also that there are new facts."""

    reason = forms.CharField(
        label=words.TEXTS["reopening"],
        max_length=1000,
        help_text="哪里还没有解决，有什么新的情况；反映人和承办部门都看得到",
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": "请写为什么要重新办理，哪里还没有解决。"},
    )
    new_facts = forms.BooleanField(
        label="有新的情况",
        error_messages={"required": "已超过期限，只有出现新的情况才能重新办理，请确认。"},
    )

    def __init__(self, *args: Any, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["new_facts"]

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        data = self.cleaned_data
        return {"reason": data["reason"], "new_facts": data.get("new_facts", False)}
