"""Forms of the filing pages, one for each page, and of tracking."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cases.rules import contacts, numbering
from cases.selectors.halls import active_halls, active_obstacles, matters_in_text
from portal.once import OnceForm

REQUIRED = "请填写这一项。"


class ProblemForm(forms.Form):
    """1 · 您遇到了什么问题？"""

    statement = forms.CharField(
        label="您遇到了什么问题？",
        help_text="请不要在这里写身份证号、银行卡号。联系方式后面再填。",
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "请写一写您遇到的问题，一两句话就行。",
            "min_length": "请再多写一点，至少 10 个字，我们才知道该找谁。",
            "max_length": "最多写 1000 个字，其余的可以到窗口补充。",
        },
    )


class MatterForm(forms.Form):
    """2 · 是哪件事？ Proposed from the text; 不确定 is always there."""

    matter = forms.ChoiceField(
        label="是哪件事？",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项，不清楚就选“不确定”。"},
    )

    def __init__(self, *args: Any, draft: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposed = [
            (str(m.pk), f"{m.name}（{m.department.name}）")
            for m in matters_in_text(draft.get("statement", ""))
        ]
        self.fields["matter"].choices = [*proposed, ("0", "不确定，请窗口帮我看")]


class ObstacleForm(forms.Form):
    """3 · 卡在哪里？"""

    obstacle = forms.ChoiceField(
        label="卡在哪里？", widget=forms.RadioSelect, error_messages={"required": "请选一项，最接近的就行。"}
    )

    def __init__(self, *args: Any, draft: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["obstacle"].choices = [(str(o.pk), o.citizen_text) for o in active_obstacles()]


class BeforeForm(forms.Form):
    """4 · 在哪里、什么时候办的？"""

    VISITS = (("0", "还没有跑过"), ("1", "1 次"), ("2", "2 次"), ("3", "3 次或更多"))

    hall = forms.ChoiceField(label="在哪个大厅办的？", required=False)
    tried_on = forms.DateField(
        label="大概哪一天？",
        required=False,
        help_text="记不清可以不填",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期请写成 2026-11-20 这样，记不清可以不填。"},
    )
    visits = forms.ChoiceField(
        label="为这件事跑过几次？",
        choices=VISITS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项，大概的次数就行。"},
    )

    def __init__(self, *args: Any, draft: dict[str, Any], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["hall"].choices = [
            ("", "记不清，或者在网上办的"),
            *((str(h.pk), h.name) for h in active_halls()),
        ]

    def clean_tried_on(self) -> date | None:
        """A day to come cannot be when it was tried."""
        day: date | None = self.cleaned_data["tried_on"]
        if day and day > self.today:
            raise forms.ValidationError("这一天还没有到，请检查日期。")
        return day


class ManyFilesInput(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesForm(forms.Form):
    """5 · 材料照片（选填）."""

    files = forms.FileField(
        label="材料照片",
        required=False,
        help_text="照片或 PDF，最多 9 个，每个不超过 10 MB。没有就直接点“继续”。",
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
    )


RELATIONS = (
    ("parent", "父母"),
    ("child", "子女"),
    ("spouse", "配偶"),
    ("friend", "亲戚朋友"),
    ("other", "其他"),
)
ORGANISATION_RELATIONS = (("legal", "法定代表人"), ("employee", "员工"), ("agent", "代办机构"))
BY = (("sms", "发短信"), ("call", "打电话，工作时间打给我"), ("window", "不用通知，我自己来问"))


class ContactForm(forms.Form):
    """6 · 怎么联系您？"""

    name = forms.CharField(
        label="怎么称呼您",
        help_text="可以只写“罗女士”",
        max_length=40,
        error_messages={"required": "请写怎么称呼您，例如“罗女士”。"},
    )
    phone = forms.CharField(
        label="电话",
        help_text="手机或带区号的座机，只用来联系这件事",
        max_length=40,
        error_messages={"required": "请写一个能找到您的电话。"},
    )
    by = forms.ChoiceField(
        label="怎么通知您",
        choices=BY,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择我们怎么通知您。"},
    )
    organisation = forms.CharField(
        label="单位名称", required=False, max_length=80, help_text="替公司、个体户等单位反映的，请写全称"
    )
    credit_code = forms.CharField(
        label="统一社会信用代码", required=False, max_length=30, help_text="18 位，不记得可以不填"
    )
    organisation_relation = forms.ChoiceField(
        label="您在单位是", required=False, choices=(("", "请选择"), *ORGANISATION_RELATIONS)
    )
    principal = forms.CharField(
        label="替谁反映",
        required=False,
        max_length=40,
        help_text="替父母、朋友等别人反映的，请写那个人的称呼",
    )
    relation = forms.ChoiceField(label="那个人是您的", required=False, choices=(("", "请选择"), *RELATIONS))

    def __init__(self, *args: Any, draft: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = {"name": "name", "phone": "tel"}[name]
        self.fields["phone"].widget.input_type = "tel"

    def _cleaned(self, field: str, clean: Any) -> str:
        text = self.cleaned_data[field].strip()
        try:
            return clean(text) if text else ""
        except contacts.ContactError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_name(self) -> str:
        """Normalise the name."""
        return self._cleaned("name", contacts.clean_name)

    def clean_phone(self) -> str:
        """Normalise the telephone number."""
        return self._cleaned("phone", contacts.clean_phone)

    def clean_organisation(self) -> str:
        """Normalise the organisation's name."""
        return self._cleaned("organisation", contacts.clean_organisation)

    def clean_credit_code(self) -> str:
        """Test the check character when a code was given."""
        return self._cleaned("credit_code", contacts.clean_credit_code)

    def clean_principal(self) -> str:
        """Normalise the other person's name."""
        return self._cleaned("principal", contacts.clean_name)


class CheckForm(OnceForm):
    """7 · 核对并提交."""

    consent = forms.BooleanField(
        label="我同意为办理这件事使用以上信息",
        help_text="信息只给接待窗口、承办部门和督办人员，办结后保存十年，之后删除。您可以随时要求更正或删除。",
        error_messages={"required": "请勾选同意，否则我们不能保存您的信息。"},
    )


class TrackForm(forms.Form):
    """Number and query code, or number and the last four digits of the telephone."""

    number = forms.CharField(
        label="编号",
        max_length=60,
        help_text="在回执或跟踪卡上，例如 261122-00009-2",
        error_messages={"required": "请填写编号。"},
    )
    secret = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="6 位数字。找不到可以填登记手机的后四位，只能看到办到哪一步",
        error_messages={"required": "请填写查询码，或者手机后四位。"},
    )

    def clean_number(self) -> str:
        """Accept any grouping; a wrong check digit is a typing error and is said so."""
        try:
            digits = numbering.parse(self.cleaned_data["number"])
        except numbering.NumberError as error:
            raise forms.ValidationError(str(error)) from None
        if not digits:
            raise forms.ValidationError("编号应是 12 位数字，请对照回执或跟踪卡。")
        return digits

    def clean_secret(self) -> str:
        """Keep digits only."""
        text = self.cleaned_data["secret"]
        digits = "".join(str(int(ch)) for ch in text if ch.isdigit())
        if len(digits) not in (4, 6):
            raise forms.ValidationError("查询码是 6 位数字，手机后四位是 4 位数字。")
        return digits
