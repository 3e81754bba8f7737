"""Forms of the register's room: choosing a file, a period, and what is asked for names and numbers in clear."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from cases.rules.grants import SEES, Actor, Reach
from cases.selectors.halls import active_halls
from cases.selectors.register_lines import Scope
from cases.services.revealing import REVEALERS
from portal.once import OnceForm
from portal.register.catalogue import BY_KEY, FIELDS, LAYOUTS, SHANGHAI, Field
from portal.sheets import MAX_BYTES

MASKED, ALL_HALLS, NOTHING = "masked", "all", "nothing"
PURPOSES = (
    (MASKED, "隐去姓名和电话，用于统计、报送（一般选这个）"),
    ("contact", "联系群众"),
    ("verify", "核验身份"),
    ("supervise", "督办核查"),
    ("other", "其他"),
)
COLUMN_CHOICES = [(NOTHING, "空着，不填"), *((field.key, field.head) for field in FIELDS)]
FORMATS = (("xlsx", "Excel 表格（xlsx）"), ("csv", "文本（csv）"))


class SheetField(forms.FileField):
    """A spreadsheet; how large it may be is said before it is read."""

    def __init__(self, accept: str, **more: Any) -> None:
        wrong = {"required": "请选择文件。", "empty": "文件是空的，请重新选择。", "missing": "请选择文件。"}
        widget = forms.FileInput(attrs={"accept": accept})
        super().__init__(widget=widget, max_length=200, error_messages=wrong, **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse what is too large."""
        file = super().clean(data, initial)
        if file and file.size > MAX_BYTES:
            most = MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(f"文件太大，不能超过 {most} MB，请分成几个文件。")
        return file


class BringForm(OnceForm):
    """导入台账: the file."""

    file = SheetField(
        ".csv,.xlsx,.xls",
        label="台账文件",
        help_text="csv、xlsx 或 xls，第一行（或前几行）是列名。先看核对结果，确认后才会导入。",
    )


class BlankForm(OnceForm):
    """照表填报: the blank sheet."""

    file = SheetField(
        ".xlsx", label="空表", help_text="xlsx 格式，表里要有一行列名。格式、标题、落款都会保留。"
    )


class PeriodForm(forms.Form):
    """Which part of the register, and for what purpose if people are to stand in clear."""

    since = forms.DateField(
        label="登记日期从",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填开始日期。", "invalid": "开始日期请写成 2026-03-02 这样。"},
    )
    until = forms.DateField(
        label="到（含当天）",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填结束日期。", "invalid": "结束日期请写成 2026-03-31 这样。"},
    )
    hall = forms.ChoiceField(
        label="大厅",
        error_messages={"required": "请选大厅。", "invalid_choice": "没有这个大厅，请重新选。"},
    )
    purpose = forms.ChoiceField(
        label="姓名和电话",
        choices=PURPOSES,
        widget=forms.RadioSelect,
        help_text="要完整的姓名和电话，请选用途；每一件都会记入查看记录。",
        error_messages={
            "required": "请选姓名和电话怎么写。",
            "invalid_choice": "没有这种用途，请重新选。",
        },
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halls = [(str(hall.pk), hall.name) for hall in active_halls() if _reaches(actor, hall.pk)]
        self.fields["hall"].choices = halls if len(halls) == 1 else [(ALL_HALLS, "全部大厅"), *halls]
        if not actor.roles & REVEALERS:
            del self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        """The days must be in order."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "结束日期早于开始日期。")
        return data

    def scope(self) -> Scope:
        """What the fetch is asked for."""
        data = self.cleaned_data
        return Scope(
            midnight(data["since"]),
            midnight(data["until"] + timedelta(days=1)),
            None if data["hall"] == ALL_HALLS else int(data["hall"]),
        )

    def purpose_given(self) -> str:
        """The purpose, empty when people stay masked."""
        purpose = str(self.cleaned_data.get("purpose", MASKED))
        return "" if purpose == MASKED else purpose


class ExportForm(PeriodForm):
    """导出台账: also which columns, and which kind of file."""

    layout = forms.ChoiceField(
        label="样式",
        choices=[(key, label) for key, (label, _) in LAYOUTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选样式。"},
    )
    format = forms.ChoiceField(
        label="文件",
        choices=FORMATS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选文件格式。"},
    )
    field_order = ("since", "until", "hall", "layout", "format", "purpose")


def this_year(today: date) -> dict[str, Any]:
    """The period that a form starts with: from the first of January until today, masked."""
    return {"since": today.replace(month=1, day=1), "until": today, "hall": ALL_HALLS, "purpose": MASKED}


def midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(), SHANGHAI)


def _reaches(actor: Actor, hall_id: int) -> bool:
    return any(
        SEES[post.role] is Reach.ALL or (SEES[post.role] is Reach.HALL and post.hall_id == hall_id)
        for post in actor.posts
    )


class FillForm(PeriodForm):
    """照表填报: the period, and what goes below each head of the blank."""

    def __init__(self, *args: Any, matched: Mapping[str, Field | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heads = list(matched)
        for at, (head, field) in enumerate(matched.items()):
            self.fields[f"head_{at}"] = forms.ChoiceField(
                label=head,
                choices=COLUMN_CHOICES,
                initial=field.key if field else NOTHING,
                error_messages={
                    "required": f"“{head}”填什么，请选一项。",
                    "invalid_choice": "没有这一项内容，请重新选。",
                },
            )

    def columns(self) -> list[forms.BoundField]:
        """The choice for each head, in the order of the blank."""
        return [self[f"head_{at}"] for at in range(len(self.heads))]

    def left_empty(self) -> list[str]:
        """The heads below which nothing will stand."""
        return [head for at, head in enumerate(self.heads) if self[f"head_{at}"].value() == NOTHING]

    def chosen(self) -> dict[str, Field | None]:
        """What was chosen for each head."""
        return {head: BY_KEY.get(self.cleaned_data[f"head_{at}"]) for at, head in enumerate(self.heads)}
