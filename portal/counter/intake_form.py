"""The form of quick registration (快速登记), in the order people speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.urls import reverse

from cases.rules import contacts, masking, words
from cases.rules.classes import Channel
from cases.rules.flow import Act
from cases.rules.grants import Actor
from cases.selectors.halls import active_obstacles, department_named, matters_like
from cases.services.content import Person
from cases.services.intake import Intake
from portal.once import OnceForm

CHANNELS = (Channel.COUNTER, Channel.PHONE, Channel.HOTLINE, Channel.VISIT)
NO_PHONE = frozenset({"-", "－", "无", "没有"})
FOLDED = ("principal", "relation", "organisation", "credit_code", "first_unit", "first_person")
ONLY_REGISTER = "register"
# 处置: what is done next, in the order of the number keys, and the address of the act that it leads to (pages.md W2).
NEXT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Act.RESOLVE.value: (words.ACTS[Act.RESOLVE.value], "counter:resolve"),
        Act.DISPATCH.value: ("转部门", "counter:accept"),
        Act.REDIRECT.value: ("不属政务服务范围", "counter:redirect"),
        ONLY_REGISTER: ("只登记", ""),
    }
)
NEVER_TYPED = {"id_number": "身份证号", "bank_card": "银行卡号"}


class RegistrationForm(OnceForm):
    """What the clerk types while the person speaks. `found` are the matters to choose from when several fit."""

    phone = forms.CharField(
        label="手机",
        max_length=40,
        error_messages={"required": "请填手机；没有手机，在这一栏填一个 -。"},
    )
    name = forms.CharField(
        label="称呼", max_length=50, error_messages={"required": "请问怎么称呼，至少写“王女士”。"}
    )
    matter = forms.CharField(label="事项", required=False, max_length=80)
    obstacle = forms.ChoiceField(
        label="卡在哪里", widget=forms.RadioSelect, error_messages={"required": "请选卡在哪里。"}
    )
    statement = forms.CharField(
        label="一句话说清",
        min_length=5,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "请写一句话：办什么、卡在哪里。",
            "min_length": "请再多写几个字，部门要看得懂。",
        },
    )
    then = forms.ChoiceField(
        label="处置",
        choices=[(code, label) for code, (label, _) in NEXT.items()],
        widget=forms.RadioSelect,
        initial=ONLY_REGISTER,
        error_messages={"required": "请选接下来怎么办。"},
    )
    channel = forms.ChoiceField(
        label="渠道",
        choices=[(channel.value, words.CHANNELS[channel.value]) for channel in CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.COUNTER.value,
    )
    principal = forms.CharField(label="替谁反映", required=False, max_length=50)
    relation = forms.ChoiceField(
        label="是这个人或单位的",
        required=False,
        choices=[("", "请选择"), *words.RELATIONS.items()],
    )
    organisation = forms.CharField(label="单位名称", required=False, max_length=100)
    credit_code = forms.CharField(label="统一社会信用代码", required=False, max_length=30)
    first_unit = forms.CharField(label="首办窗口所属部门", required=False, max_length=60)
    first_person = forms.CharField(label="首办人员", required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: Sequence[Any] = ()
        self.fields["obstacle"].choices = [(str(o.pk), o.name) for o in active_obstacles()]
        for name in ("phone", "name", "matter", *FOLDED):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["matter"].widget.attrs["data-offers"] = "matters"
        self.fields["phone"].widget.input_type = "tel"
        self.fields["phone"].widget.attrs["autofocus"] = not self.is_bound

    @property
    def unfolded(self) -> bool:
        """Whether anything stands in the folded part."""
        return any(self[name].value() or self[name].errors for name in FOLDED)

    @property
    def picked(self) -> str:
        """The matter chosen from the numbered list."""
        return str(self.data.get("matter_pick", ""))

    def _tidy(self, field: str, clean: Callable[[str], str]) -> str:
        text = self.cleaned_data[field].strip()
        try:
            return clean(text) if text else ""
        except contacts.ContactError as error:
            raise forms.ValidationError(error.message) from None

    def clean_phone(self) -> str:
        """Normalise the number; “-” is the key for nobody having one."""
        if self.cleaned_data["phone"].strip() in NO_PHONE:
            return ""
        return self._tidy("phone", contacts.clean_phone)

    def clean_name(self) -> str:
        """Normalise the name."""
        return self._tidy("name", contacts.clean_name)

    def clean_organisation(self) -> str:
        """Normalise the organisation."""
        return self._tidy("organisation", contacts.clean_organisation)

    def clean_credit_code(self) -> str:
        """Test the check character."""
        return self._tidy("credit_code", contacts.clean_credit_code)

    def clean_principal(self) -> str:
        """Normalise the other person's name."""
        return self._tidy("principal", contacts.clean_name)

    def clean_matter(self) -> int | None:
        """Resolve name, code or initials to one matter; offer those that fit when there are several."""
        text = self.cleaned_data["matter"].strip()
        found = matters_like(text)
        exact = [m for m in found if text.casefold() in (m.name, m.code.casefold(), m.initials)]
        chosen = [m for m in found if str(m.pk) == self.picked] or exact or found
        if len(chosen) == 1:
            return int(chosen[0].pk)
        if not text:
            return None
        self.found = found
        if found:
            raise forms.ValidationError(f"有 {len(found)} 个事项符合“{text}”，请选一个。")
        raise forms.ValidationError(f"没有找到“{text}”，换个说法，或者先空着，受理时再定。")

    def clean_first_unit(self) -> int | None:
        """Resolve a department by name or alias."""
        text = self.cleaned_data["first_unit"].strip()
        found = department_named(text) if text else None
        if text and found is None:
            raise forms.ValidationError(f"没有叫“{text}”的部门，请写全称或常用简称。")
        return found.pk if found else None

    def clean_statement(self) -> str:
        """Mask identity and card numbers that slipped in, and let the clerk look before it is saved."""
        text = self.cleaned_data["statement"].strip()
        kinds = {found.kind for found in masking.find_personal(text)}
        slipped = [word for kind, word in NEVER_TYPED.items() if kind in kinds]
        if slipped:
            self.data = self.data.copy()
            self.data["statement"] = masking.mask_text(text)
            raise forms.ValidationError(f"里面有{'、'.join(slipped)}，已经替您遮住，请核对后再按登记。")
        return text

    def next_address(self, number: str) -> str:
        """Where the registration leads: to the act chosen, or to number and query code."""
        chosen = self.cleaned_data["then"]
        route = NEXT[chosen][1]
        then = f"?then={chosen}" if chosen == Act.DISPATCH.value else ""  # accepted first, dispatched at once
        return reverse(route, args=[number]) + then if route else reverse("counter:registered")

    def intake(self, actor: Actor) -> Intake:
        """What is registered, at the hall of the actor."""
        data = self.cleaned_data
        hall_id = next(post.hall_id for post in actor.posts if post.hall_id)
        fields = ("name", "phone", "organisation", "credit_code", "relation")
        reporter = Person(**{field: data[field] for field in fields})
        principal = (Person(part="principal", name=data["principal"]),) if data["principal"] else ()
        return Intake(
            statement=data["statement"],
            hall_id=hall_id,
            people=(reporter, *principal),
            channel=Channel(data["channel"]),
            matter_id=data["matter"],
            obstacle_id=int(data["obstacle"]),
            first_unit_id=data["first_unit"],
            first_person=data["first_person"].strip(),
        )
