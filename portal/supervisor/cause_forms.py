"""Forms of outside causes (外部原因). `version` is the number of decisions about the cause when the form was rendered."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.rules import words
from cases.rules.causes import CauseKind
from cases.services.causes import Record
from portal.once import OnceForm
from portal.paging import row_id_of

DATE = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
MOMENT = {"widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}
NO_DATE = {"required": "请写日期。", "invalid": "日期应写成 2026-12-10。"}
NO_MOMENT = {"required": "请写时间。", "invalid": "时间应写成 2026-12-10 09:30。"}


class RecordForm(OnceForm):
    """登记外部原因."""

    kind = forms.ChoiceField(
        label="在等什么",
        choices=list(words.CAUSE_KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择在等什么。"},
    )
    title = forms.CharField(
        label="哪个系统或哪个问题",
        max_length=60,
        error_messages={"required": "请写是哪个系统，或者是什么政策问题。"},
    )
    since = forms.DateField(label="从哪天起", error_messages=NO_DATE, **DATE)
    evidence = forms.CharField(
        label="依据",
        max_length=200,
        help_text="停机通知、工单号或请示文号",
        error_messages={"required": "请写依据：通知、工单号或请示文号。"},
    )
    asked = forms.CharField(
        label="谁向上级请示或报修",
        max_length=200,
        help_text="哪个单位，什么时候，向哪个单位",
        error_messages={"required": "请写谁在什么时候向上级请示或报修。"},
    )
    sentence = forms.CharField(
        label="告诉反映人的一句话",
        max_length=120,
        help_text="查进度的页面会原样显示；写实话，不写承诺不了的日期",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写一句告诉反映人的实话。"},
    )
    planned_end = forms.DateField(label="计划结束", error_messages=NO_DATE, **DATE)

    def record(self) -> Record:
        """What was typed."""
        given = self.cleaned_data
        values: dict[str, Any] = {name: given[name] for name in Record._fields}
        return Record(**{**values, "kind": CauseKind(given["kind"])})


class ApproveForm(OnceForm):
    """批准: from which moment time stands still."""

    paused_from = forms.DateTimeField(
        label="从什么时候起中止计时",
        help_text="可以补到这个原因开始的那天；已经过了的时限不会因此改变",
        error_messages=NO_MOMENT,
        **MOMENT,
    )


class ReviewForm(OnceForm):
    """复核: what was learnt, and until when if longer."""

    learnt = forms.CharField(
        label="了解到什么",
        max_length=300,
        help_text="问了谁，对方怎么说",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写了解到什么：问了谁，对方怎么说。"},
    )
    planned_end = forms.DateField(
        label=f"{words.ACTS['renew']}到哪天", required=False, error_messages=NO_DATE, **DATE
    )


class EndForm(OnceForm):
    """结束: since when time runs again, and how it ended."""

    ended_at = forms.DateTimeField(label="从什么时候起恢复计时", error_messages=NO_MOMENT, **MOMENT)
    ending = forms.CharField(
        label="怎么结束的",
        max_length=200,
        help_text="系统哪天恢复，或答复的文号",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写怎么结束的：系统哪天恢复，或答复的文号。"},
    )


class CaseIds(forms.TypedMultipleChoiceField):
    """Ticked cases; which of them there are, and whether they may join, is the service's to say."""

    def valid_value(self, value: Any) -> bool:
        """Whether it is an id at all."""
        return row_id_of(str(value)) is not None


class JoinForm(OnceForm):
    """加入: the cases ticked in the list."""

    cases = CaseIds(coerce=int, error_messages={"required": "请选择要加入的反映事项。"})


class PressForm(OnceForm):
    """One press without anything typed: 再试一次, 不再等."""

    case = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
