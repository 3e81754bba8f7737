"""What the first-run page asks."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cases.rules.contacts import ContactError, clean_name, clean_spaces
from cases.rules.places import fold
from portal.opening.state import is_opening_code
from portal.sheets import MAX_BYTES

MORNING, AFTERNOON = "08:30-12:00", "14:30-17:30"  # policy.md F1
BUREAU = "市政务服务和数据管理局"
_HOURS = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])[-–—~至到]+([01]?[0-9]|2[0-3]):([0-5][0-9])")


def hours_in(text: str) -> list[str]:
    """Return beginning and end of a part of the day.

    >>> hours_in("8：30—12：00"), hours_in("14:30 至 17:30")
    (['08:30', '12:00'], ['14:30', '17:30'])
    >>> hours_in("9 点")
    []
    """
    found = _HOURS.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return [f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}"] if found else []


def _text(label: str, most: int, required: str, **kwargs: Any) -> forms.CharField:
    too_long = f"{label}最多 {most} 个字。"
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": required, "max_length": too_long},
        **kwargs,
    )


def _password(label: str, required: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": required},
        **kwargs,
    )


class SetupForm(forms.Form):
    """首次设置: the code of the terminal, the first administrator, the city, its office hours, when the rules begin."""

    code = _text(
        "一次性代码",
        40,
        "请输入启动时终端里显示的一次性代码。",
        help_text="在启动本系统的终端窗口里，形如 ABCD-EFGH-JKMN",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = _text("姓名", 40, "请填写您的姓名。", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = _text(
        "登录名",
        150,
        "请起一个登录名。",
        help_text="字母和数字，登录时用",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _password("密码", "请设一个密码。", help_text="至少 12 位，不要用常见的词，不要和登录名相近")
    password_again = _password("再输一次密码", "请再输一次密码。")
    unit = _text("您的单位", 60, "请填写您的单位。", initial=BUREAU, help_text="系统管理员的岗位设在这个部门")
    city = _text(
        "城市名称",
        30,
        "请填写城市名称。",
        help_text="写全称，如 某某市、某某县；它写在每个页面上，去掉“市”“县”写进编号",
    )
    morning = _text("上午办公时间", 20, "请填写上午办公时间。", initial=MORNING)
    afternoon = _text("下午办公时间", 20, "请填写下午办公时间。", initial=AFTERNOON)
    rules_from = forms.DateField(
        label="规则包从哪天起生效",
        help_text="以前台账里的事项导入以后也按这一版计算时限",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "请填写生效日期。",
            "invalid": "生效日期看不懂，请写成 2026-01-01 这样。",
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["rules_from"].initial = date(today.year, 1, 1)

    def clean_code(self) -> str:
        """Only who can read the terminal opens the portal."""
        if not is_opening_code(self.cleaned_data["code"]):
            raise ValidationError("一次性代码不对，请照终端里的再输一次。", code="wrong_code")
        return ""

    def clean_name(self) -> str:
        """A person's name."""
        try:
            return clean_name(self.cleaned_data["name"])
        except ContactError as wrong:
            raise ValidationError(wrong.message) from None

    def clean_username(self) -> str:
        """What Django takes for a user name."""
        username = fold(self.cleaned_data["username"])
        for check in get_user_model()._meta.get_field("username").validators:
            try:
                check(username)
            except ValidationError:
                raise ValidationError("登录名只能用字母、数字和 @ . + - _ 这些符号。") from None
        if get_user_model().objects.filter(username=username).exists():
            raise ValidationError("这个登录名已经有人用了，请换一个。")
        return username

    def clean_unit(self) -> str:
        """A name in its one written form."""
        return clean_spaces(self.cleaned_data["unit"])

    def clean_city(self) -> str:
        """A name in its one written form."""
        city = clean_spaces(self.cleaned_data["city"])
        if len(city) < 2:
            raise ValidationError("城市名称至少两个字，如 某某市。")
        return city

    def _clean_hours(self, name: str) -> list[str]:
        hours = hours_in(self.cleaned_data[name])
        if not hours:
            raise ValidationError(
                f"{self.fields[name].label}看不懂，请写成 {self.fields[name].initial} 这样。"
            )
        return hours

    def clean_morning(self) -> list[str]:
        """From when to when."""
        return self._clean_hours("morning")

    def clean_afternoon(self) -> list[str]:
        """From when to when."""
        return self._clean_hours("afternoon")

    def clean_rules_from(self) -> date:
        """Rules that begin tomorrow would leave the cases of today without limits."""
        if self.cleaned_data["rules_from"] > self.today:
            raise ValidationError("生效日期不能晚于今天，否则今天受理的事项没有时限。")
        return self.cleaned_data["rules_from"]

    def clean(self) -> dict[str, Any]:
        """Both passwords alike and strong enough; the day in its order."""
        data = super().clean() or {}
        self._check_password(data)
        if not self.has_error("morning") and not self.has_error("afternoon"):
            opens, noon, again, closes = data["morning"] + data["afternoon"]
            if not opens < noon <= again < closes:
                self.add_error("morning", "办公时间要从早到晚，上午在前，下午在后，不能跨过零点。")
        return data

    def _check_password(self, data: dict[str, Any]) -> None:
        password, again = data.get("password"), data.get("password_again")
        if not password:
            return
        if again is not None and password != again:
            self.add_error("password_again", "两次输入的密码不一样。")
        try:
            validate_password(
                password, get_user_model()(username=data.get("username", ""), name=data.get("name", ""))
            )
        except ValidationError as wrong:
            self.add_error("password", wrong.messages)

    def sessions(self) -> list[list[str]]:
        """The office hours as the calendar stores them."""
        return [self.cleaned_data["morning"], self.cleaned_data["afternoon"]]


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """Return all of them."""
        return files.getlist(name)


class ManyFilesField(forms.FileField):
    """Several uploaded files."""

    widget = ManyFilesInput

    def clean(self, data: list[UploadedFile] | None, initial: Any = None) -> list[UploadedFile]:
        """Clean each; none at all is an error of its own."""
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(one, initial) for one in data]


class ListsForm(forms.Form):
    """导入单位和人员: the four lists, as many of them as there are."""

    files = ManyFilesField(
        label="名单文件",
        help_text="文件名写明是哪一种：部门、大厅、事项、人员；.csv、.xlsx 或 .xls，可以一次选几个",
        widget=ManyFilesInput(attrs={"accept": ".csv,.xlsx,.xls"}),
        error_messages={"required": "请选名单文件。", "empty": "选的文件里有一个是空的，请重新选择。"},
    )

    def contents(self) -> list[tuple[str, bytes]]:
        """Name and content of each; no more is read than would be refused as too big."""
        return [(file.name, file.read(MAX_BYTES + 1)) for file in self.cleaned_data["files"]]
