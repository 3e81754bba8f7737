"""怎么联系您？ Who reports, perhaps for an organisation or for somebody else, and how they hear of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from cases.rules import contacts, words
from portal.citizen.forms import PageForm, choose


def _words(table: Mapping[str, str], *codes: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, table[code]) for code in codes)


RELATIONS = _words(words.RELATIONS, "child", "parent", "spouse", "relative", "friend", "other")
ORGANISATION_RELATIONS = _words(words.RELATIONS, "legal", "employee", "agent")
BY = (("sms", "发短信"), ("call", "打电话，工作时间打给我"), ("window", "不用通知，我自己来问"))
CHOOSE = ("", "请选择")


class AskedTogether(forms.Field):
    """A field of a fold: not optional once the fold is used, which the form judges as a whole."""

    def validate(self, value: Any) -> None:
        """An unused fold is no error."""
        if value not in self.empty_values:
            super().validate(value)


class FoldText(AskedTogether, forms.CharField):
    """A text of a fold."""


class FoldChoice(AskedTogether, forms.ChoiceField):
    """A choice of a fold."""


def _text(
    label: str, *, autocomplete: str = "off", field: type[forms.CharField] = forms.CharField, **kwargs: Any
) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return field(label=label, widget=widget, max_length=100, **kwargs)


def _tel(label: str, **kwargs: Any) -> forms.CharField:
    found = _text(label, **kwargs)
    found.widget.input_type = "tel"
    return found


class ShortContactForm(PageForm):
    """怎么联系您？ in the elder theme: telephone and form of address, and we call back."""

    use_required_attribute = False  # the fields of a closed fold are not required

    CLEANERS: dict[str, Callable[[str], str]] = {"name": contacts.clean_name, "phone": contacts.clean_phone}

    phone = _tel(
        "电话",
        error_messages={"required": "请写一个能找到您的电话。"},
        autocomplete="tel",
        help_text="手机，或带区号的座机。我们打给您。",
    )
    name = _text(
        "怎么称呼您",
        error_messages={"required": "请写怎么称呼您，例如“罗女士”。"},
        autocomplete="name",
        help_text="可以只写“罗女士”",
    )

    def clean(self) -> dict[str, Any]:
        """Bring names and numbers into their one written form, each with its own sentence when it cannot be right."""
        for field, tidy in self.CLEANERS.items():
            text = str(self.cleaned_data.get(field) or "").strip()
            if not text:
                continue
            try:
                self.cleaned_data[field] = tidy(text)
            except contacts.ContactError as error:
                self.add_error(field, error.message)
        return self.cleaned_data


class ContactForm(ShortContactForm):
    """6 · 怎么联系您？"""

    CLEANERS = {
        **ShortContactForm.CLEANERS,
        "organisation": contacts.clean_organisation,
        "credit_code": contacts.clean_credit_code,
        "principal": contacts.clean_name,
        "principal_phone": contacts.clean_phone,
    }

    by = choose("请选择我们怎么通知您。", label="怎么通知您", choices=BY)
    organisation = _text("单位名称", field=FoldText, help_text="公司、个体户等单位的全称")
    credit_code = _text("统一社会信用代码", required=False, help_text="在营业执照上，不记得可以不填")
    organisation_relation = FoldChoice(label="您在单位是", choices=(CHOOSE, *ORGANISATION_RELATIONS))
    principal = _text("替谁反映", field=FoldText, help_text="那个人的称呼，可以只写“李奶奶”")
    relation = FoldChoice(label="您是这个人的", choices=(CHOOSE, *RELATIONS))
    principal_phone = _tel("这个人的电话", required=False)

    field_order = ("name", "phone", "by")

    def prepare(self) -> None:
        """Here the hint need not promise a call."""
        self.fields["phone"].help_text = "手机，或带区号的座机。只用来联系这件事。"

    def clean(self) -> dict[str, Any]:
        """What belongs together: a message needs a mobile; who acts for others says for whom and as what."""
        values = super().clean()
        mobile = contacts.is_mobile(values.get("phone") or "")
        if values.get("by") == "sms" and values.get("phone") and "phone" not in self.errors and not mobile:
            self.add_error("by", "这个电话收不到短信，请选打电话，或者换一个手机号。")
        for other in ("credit_code", "organisation_relation"):
            if values.get(other) and not values.get("organisation") and "organisation" not in self.errors:
                self.add_error("organisation", "请写单位的全称。")
        for other in ("relation", "principal_phone"):
            if values.get(other) and not values.get("principal") and "principal" not in self.errors:
                self.add_error("principal", "请写您替谁反映。")
        if values.get("organisation") and values.get("principal"):
            self.add_error("principal", "替单位和替别人反映，请只填一样。")
        elif values.get("organisation") and not values.get("organisation_relation"):
            self.add_error("organisation_relation", "请选您在单位是什么身份。")
        elif values.get("principal") and not values.get("relation"):
            self.add_error("relation", "请选您是这个人的什么人。")
        return values
