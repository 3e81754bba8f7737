"""Forms of the counter."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import contacts, scope, words
from cases.rules.classes import CLOSING_OUTCOMES, Channel, Difficulty, Recurrence
from cases.selectors.halls import active_matters, active_obstacles, department_named, matters_like
from escalation.selectors.promises import Promise
from portal.once import OnceForm
from portal.templatetags.bancheng import cn_moment

CHANNELS = (Channel.COUNTER, Channel.PHONE, Channel.HOTLINE, Channel.VISIT)


def _words(codes: Any, table: Any) -> list[tuple[str, str]]:
    return [(code.value, table[code.value]) for code in codes]


class RegistrationForm(OnceForm):
    """Quick registration (快速登记) in the order people speak."""

    phone = forms.CharField(
        label="手机", required=False, max_length=40, help_text="没有就空着，凭编号和查询码查"
    )
    name = forms.CharField(
        label="称呼", max_length=40, error_messages={"required": "请问怎么称呼，至少写“王女士”。"}
    )
    matter = forms.CharField(
        label="事项", required=False, max_length=80, help_text="名称、代码或拼音首字母；不清楚就空着"
    )
    obstacle = forms.ChoiceField(
        label="卡点", widget=forms.RadioSelect, error_messages={"required": "请选卡在哪里。"}
    )
    statement = forms.CharField(
        label="一句话说清",
        min_length=5,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "请写一句话：办什么、卡在哪里。",
            "min_length": "请再多写几个字，部门要看得懂。",
        },
    )
    channel = forms.ChoiceField(
        label="渠道",
        choices=_words(CHANNELS, words.CHANNELS),
        widget=forms.RadioSelect,
        initial=Channel.COUNTER.value,
    )
    organisation = forms.CharField(label="单位名称", required=False, max_length=80)
    credit_code = forms.CharField(label="统一社会信用代码", required=False, max_length=30)
    principal = forms.CharField(label="替谁反映", required=False, max_length=40)
    first_unit = forms.CharField(
        label="首办窗口", required=False, max_length=60, help_text="先去的是哪个部门的窗口"
    )
    first_person = forms.CharField(label="首办人员", required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["obstacle"].choices = [(str(o.pk), o.name) for o in active_obstacles()]
        self.fields["phone"].widget.input_type = "tel"
        self.fields["phone"].widget.attrs |= {"autocomplete": "off", "autofocus": True}
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["matter"].widget.attrs["list"] = "matters"

    def _cleaned(self, field: str, clean: Any) -> str:
        text = self.cleaned_data[field].strip()
        try:
            return clean(text) if text else ""
        except contacts.ContactError as error:
            raise forms.ValidationError(error.message) from None

    def clean_phone(self) -> str:
        """Normalise the number; empty or “-” means there is none."""
        if self.cleaned_data["phone"].strip() in ("", "-", "－", "无"):
            return ""
        return self._cleaned("phone", contacts.clean_phone)

    def clean_name(self) -> str:
        """Normalise the name."""
        return self._cleaned("name", contacts.clean_name)

    def clean_organisation(self) -> str:
        """Normalise the organisation."""
        return self._cleaned("organisation", contacts.clean_organisation)

    def clean_credit_code(self) -> str:
        """Test the check character."""
        return self._cleaned("credit_code", contacts.clean_credit_code)

    def clean_principal(self) -> str:
        """Normalise the other person's name."""
        return self._cleaned("principal", contacts.clean_name)

    def clean_matter(self) -> int | None:
        """Resolve name, code or initials to one matter; say which ones fit when there are several."""
        text = self.cleaned_data["matter"].strip()
        if not text:
            return None
        found = matters_like(text)
        exact = [m for m in found if text in (m.name, m.code)] or found
        if len(exact) == 1:
            return exact[0].pk
        if not exact:
            raise forms.ValidationError(f"没有叫“{text}”的事项，换个说法，或者先空着，受理时再定。")
        raise forms.ValidationError(f"有 {len(exact)} 个事项符合，请写全：{'、'.join(m.name for m in exact)}")

    def clean_first_unit(self) -> int | None:
        """Resolve a department by name or alias."""
        text = self.cleaned_data["first_unit"].strip()
        if not text:
            return None
        found = department_named(text)
        if found is None:
            raise forms.ValidationError(f"没有叫“{text}”的部门，请写全称或常用简称。")
        return found.pk


class AcceptForm(OnceForm):
    """受理: difficulty, and the matter where it is still open."""

    difficulty = forms.ChoiceField(
        label="难度", widget=forms.RadioSelect, error_messages={"required": "请选难度，时限随它定。"}
    )
    matter = forms.ChoiceField(label="事项", required=False)

    def __init__(
        self, *args: Any, limits: dict[Difficulty, Promise], has_matter: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["difficulty"].choices = [
            (d.value, f"{words.DIFFICULTY[d.value]}，{promise.limit_text}：{cn_moment(promise.due_at)} 前")
            for d, promise in limits.items()
        ]
        if has_matter:
            del self.fields["matter"]
        else:
            rows = [(str(m.pk), f"{m.name}（{m.department.name}）") for m in active_matters()]
            self.fields["matter"].choices = [("", "以后再定"), *rows]


class RedirectForm(OnceForm):
    """转其他渠道: reason, and what the reporter is told."""

    reason = forms.ChoiceField(
        label="为什么不在本窗口范围内",
        choices=[(code, reason.label) for code, reason in scope.REASONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选原因。"},
    )
    explanation = forms.CharField(
        label="告诉反映人的话",
        required=False,
        max_length=1000,
        help_text="空着就用所选原因的标准说法；要写清找哪里、怎么找",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Fill in the standard sentence; where only the clerk can name the contact, ask for it."""
        data = super().clean() or {}
        reason = scope.REASONS.get(data.get("reason", ""))
        if reason and not data.get("explanation", "").strip():
            if reason.needs_contact:
                self.add_error("explanation", "这个原因没有统一的去处，请写清应该找哪里、电话多少。")
            else:
                data["explanation"] = scope.redirect_text(data["reason"])
        return data


class PublishForm(OnceForm):
    """答复反映人: the text that the reporter will read."""

    text = forms.CharField(
        label="给反映人的答复",
        max_length=2000,
        help_text="反映人看到的就是这段话，请用平常话写",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请写给反映人的答复。"},
    )


class CloseForm(OnceForm):
    """办结: outcome, evidence, and whether others will meet the same."""

    outcome = forms.ChoiceField(
        label="办结类型",
        choices=_words(CLOSING_OUTCOMES, words.OUTCOMES),
        widget=forms.RadioSelect,
        error_messages={"required": "请选办结类型。"},
    )
    evidence = forms.CharField(
        label="办结依据",
        max_length=1000,
        help_text="结果是什么，怎么核实的",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写办结依据。"},
    )
    recurrence = forms.ChoiceField(
        label="别人也会遇到吗？",
        choices=_words(Recurrence, words.RECURRENCE),
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项，举一反三要用。"},
    )
    recurrence_note = forms.CharField(label="一句话说明", required=False, max_length=200)
