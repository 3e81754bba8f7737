"""Forms of the filing pages, one for each page, and of tracking."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django import forms

from cases.rules import numbering, retention
from cases.selectors.halls import active_halls, active_obstacles, matters_in_text
from cases.services.drafts import ACCEPT, MAX_FILE_MB, MAX_FILES
from portal.once import OnceForm


class PageForm(forms.Form):
    """One page of the filing. `answers` are those of the other pages; a subclass fills its choices in `prepare`."""

    def __init__(self, *args: Any, answers: dict[str, str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers
        self.today = today
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the database or on other answers."""

    def typed(self) -> dict[str, str]:
        """What was typed, right or wrong, so that nothing is lost."""
        return {name: self.data.get(name, "")[:2000] for name in self.fields}


def choose(message: str, **kwargs: Any) -> forms.ChoiceField:
    """Return radios without a default."""
    return forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": message}, **kwargs)


class ProblemForm(PageForm):
    """1 · 您遇到了什么问题？"""

    statement = forms.CharField(
        label="您遇到了什么问题？",
        help_text="请不要在这里写身份证号、银行卡号。电话后面再填。",
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "请写一写您遇到的问题，一两句话就行。",
            "min_length": "请再多写一点，至少 %(limit_value)d 个字，我们才知道该找谁。",
            "max_length": "最多写 %(limit_value)d 个字，现在是 %(show_value)d 个。其余的可以到窗口补充。",
        },
    )


class MatterForm(PageForm):
    """2 · 是哪件事？ Proposed from the text; 不确定 is always there."""

    UNSURE = "0"

    matter = choose("请选一项，不清楚就选“不确定”。", label="是哪件事？")

    def prepare(self) -> None:
        """Propose matters from the description."""
        proposed = matters_in_text(self.answers.get("statement", ""))
        self.fields["matter"].choices = [
            *((str(m.pk), f"{m.name}（{m.department.name}）") for m in proposed),
            (self.UNSURE, "不确定，请窗口帮我看"),
        ]


class ObstacleForm(PageForm):
    """3 · 卡在哪里？"""

    obstacle = choose("请选一项，最接近的就行。", label="卡在哪里？")

    def prepare(self) -> None:
        """Offer the obstacle reasons in words for citizens."""
        self.fields["obstacle"].choices = [(str(o.pk), o.citizen_text) for o in active_obstacles()]


class BeforeForm(PageForm):
    """4 · 在哪里、什么时候办的？"""

    VISITS = (("0", "还没有跑过"), ("1", "1 次"), ("2", "2 次"), ("3", "3 次或更多"))
    NOWHERE = "记不清，或者在网上办的"

    hall = forms.ChoiceField(label="在哪个大厅办的？", required=False)
    tried_on = forms.DateField(
        label="大概哪一天？",
        required=False,
        help_text="记不清可以不填",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期请写成 2026-11-20 这样，记不清可以不填。"},
    )
    visits = choose("请选一项，大概的次数就行。", label="为这件事跑过几次？", choices=VISITS)

    def prepare(self) -> None:
        """Offer all halls."""
        self.fields["hall"].choices = [("", self.NOWHERE), *((str(h.pk), h.name) for h in active_halls())]
        self.fields["tried_on"].widget.attrs["max"] = self.today.isoformat()

    def clean_tried_on(self) -> date | None:
        """A day to come cannot be when it was tried, and neither can one long before the window existed."""
        day: date | None = self.cleaned_data["tried_on"]
        if day and day > self.today:
            raise forms.ValidationError("这一天还没有到，请检查日期。")
        if day and day.year < 2000:
            raise forms.ValidationError("请检查年份，记不清可以不填。")
        return day


class ManyFilesInput(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesForm(PageForm):
    """5 · 材料照片（选填）. The files themselves are checked and kept one by one by the page."""

    files = forms.Field(
        label="材料照片",
        required=False,
        help_text=f"照片或 PDF，最多 {MAX_FILES} 个，每个不超过 {MAX_FILE_MB} MB。没有就直接点“继续”。",
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ACCEPT}),
    )

    def typed(self) -> dict[str, str]:
        """Nothing is typed here."""
        return {}


class CheckForm(OnceForm):
    """7 · 核对并提交."""

    consent = forms.BooleanField(
        label="我同意为办理这件事使用以上信息",
        help_text="只用来办这件事、联系您。只有接待窗口、承办部门和督办人员能看。"
        f"{retention.kept_for_text()}。您可以随时要求更正或删除。",
        error_messages={"required": "请勾选同意，否则我们不能保存您的信息。"},
    )


class TrackForm(forms.Form):
    """Number and query code, or number and the last four digits of the telephone; `act` is where it leads then."""

    ACTS = ("supplement", "withdraw", "rate", "reopen")

    number = forms.CharField(
        label="编号",
        max_length=60,
        help_text="在回执或跟踪卡上，例如 261122-00009-0",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写编号。", "max_length": "编号太长了，请对照回执或跟踪卡。"},
    )
    secret = forms.CharField(
        label="查询码",
        max_length=40,
        help_text=f"{numbering.CODE_DIGITS} 位数字。找不到，可以填登记电话的后四位，只能看到办到哪一步。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "请填写查询码，或者电话后四位。", "max_length": "查询码太长了。"},
    )
    act = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_act(self) -> str:
        """Whatever is no act leads to the case."""
        return self.cleaned_data["act"] if self.cleaned_data["act"] in self.ACTS else ""

    def clean_number(self) -> str:
        """Accept any grouping; a wrong check digit is a typing error and is said so."""
        try:
            digits = numbering.parse(self.cleaned_data["number"])
        except numbering.NumberError as error:
            raise forms.ValidationError(error.message) from None
        if not digits:
            raise forms.ValidationError("这不像编号，请对照回执或跟踪卡再填一次。")
        return digits

    def clean_secret(self) -> str:
        """Keep the digits; full-width ones, spaces and hyphens are welcome."""
        folded = unicodedata.normalize("NFKC", self.cleaned_data["secret"])
        digits = "".join(c for c in folded if c in "0123456789")
        if len(digits) not in (4, numbering.CODE_DIGITS):
            raise forms.ValidationError(f"查询码是 {numbering.CODE_DIGITS} 位数字；填电话的，只要后四位。")
        return digits
