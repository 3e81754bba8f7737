"""The form of a rule package (修改规则): one field for each value, built from the list of what may be changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from escalation.rules.edits import (
    Edit,
    Kind,
    Section,
    edits_of,
    shown,
    typed,
    value_at,
    with_values,
    wrong_pairs,
)
from escalation.rules.sentences import STEP_WORDS, TITLES
from portal.once import OnceForm

SAME = "还没有改动任何一项。要改的数字改好以后，再看影响。"
NEW_ONLY, OPEN_TOO = "new", "open"


class Cell(NamedTuple):
    """A field of a limit among the words around it."""

    before: str
    bound: forms.BoundField
    after: str


class StepRow(NamedTuple):
    """One step of the table: its fields by column, and since when it counts."""

    title: str
    since: str
    limits: list[Cell]
    breach: forms.BoundField | None
    grace: forms.BoundField | None
    waits: bool


class RulesForm(OnceForm):
    """A next version: the values, from when, by which document. `version` is the version that it starts from."""

    effective_from = forms.DateField(
        label="从哪一天起生效",
        help_text="最早是明天；这一天以前受理的不变",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填生效日期。", "invalid": "生效日期请写成 2026-12-01 这样。"},
    )
    basis = forms.CharField(
        label="修改的依据",
        max_length=200,
        help_text="文号或会议纪要，如 岐政数〔2026〕12号",
        error_messages={"required": "请写依据，别人要知道为什么改。", "max_length": "依据最多 200 个字。"},
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="给批准的人看：改了什么，为了什么",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "说明最多 200 个字。"},
    )
    apply_to = forms.ChoiceField(
        label="已经受理、还没有办结的",
        choices=((NEW_ONLY, "仍按受理时的规则"), (OPEN_TOO, "生效时也改按新规则，重新计算时限")),
        initial=NEW_ONLY,
        widget=forms.RadioSelect,
        help_text="已亮的牌不会因此变动，由督办专员逐件决定",
        error_messages={"required": "请选没有办结的怎么办。", "invalid_choice": "没有这种选择，请重新选。"},
    )

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.edits = edits_of(document)
        for edit in self.edits:
            self.fields[edit.name] = _field(edit)
            self.fields[edit.name].initial = shown(edit, value_at(document, edit.place))

    def clean(self) -> dict[str, Any]:
        """Read the whole as a document; say what does not go together, and when nothing was changed."""
        data = super().clean() or {}
        known = [edit for edit in self.edits if edit.name in data]
        document = with_values(self.document, {edit.place: typed(edit, data[edit.name]) for edit in known})
        for place, message in wrong_pairs(document):
            self.add_error("-".join(place), message)
        if len(known) == len(self.edits) and document == dict(self.document):
            self.add_error(None, SAME)
        data["document"] = document
        return data

    def section(self, section: Section) -> list[forms.BoundField]:
        """The fields of a part, the steps excepted."""
        return [self[edit.name] for edit in self.edits if edit.section is section]

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The parts before and after the table of steps, each with its heading."""
        return [
            (TITLES[section], self.section(section)) for section in Section if section is not Section.STEPS
        ]

    @property
    def steps(self) -> list[StepRow]:
        """The table of steps."""
        rows: dict[str, list[Edit]] = {}
        for edit in self.edits:
            if edit.row:
                rows.setdefault(edit.row, []).append(edit)
        return [self._step_row(step, edits) for step, edits in rows.items()]

    def _step_row(self, step: str, edits: list[Edit]) -> StepRow:
        fields = {edit.place[-1]: self[edit.name] for edit in edits}
        breach, grace = fields.get("breach"), fields.get("grace_days")
        limits = [_cell(edit, self[edit.name]) for edit in edits if edit.place[2] == "limit"]
        title, since = STEP_WORDS[step]
        return StepRow(title, since, limits, breach, grace, edits[0].waits)


def _cell(edit: Edit, bound: forms.BoundField) -> Cell:
    words = {"late_after": ("当日；晚于", "的，"), "late_due": ("次一工作日", "前")}
    before, after = words.get(edit.place[-1], ("", edit.unit))
    return Cell(before, bound, after)


def _field(edit: Edit) -> forms.Field:
    """The field of one value; what is typed wrongly stays as it was typed."""
    unit = f"（{edit.unit.removeprefix('个')}）" if edit.unit and edit.kind is Kind.NUMBER else ""
    label, hint = f"{edit.label}{unit}", "尚未启用" if edit.waits and not edit.row else ""
    if edit.kind is Kind.NUMBER and edit.optional:
        hint = "空着就是没有单独的时限"
    if edit.kind is Kind.CHOICE:
        wrong = f"{edit.label}：没有这种选择，请重新选。"
        return forms.ChoiceField(
            label=label,
            choices=edit.choices,
            error_messages={"required": wrong, "invalid_choice": wrong},
        )
    if edit.kind is Kind.CLOCK:
        wrong = f"{edit.label}：请写成 08:30 这样的时刻。"
        return forms.TimeField(
            label=label,
            input_formats=["%H:%M"],
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"required": wrong, "invalid": wrong},
        )
    if edit.kind is Kind.TEXT:
        return forms.CharField(
            label=label,
            required=False,
            max_length=edit.most,
            error_messages={"max_length": f"{edit.label}最多 {edit.most} 个字。"},
        )
    wrong = f"{edit.label}：请写 {edit.least} 到 {edit.most} 的整数。"
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=not edit.optional,
        min_value=edit.least,
        max_value=edit.most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


def rebased(data: QueryDict, old: Mapping[str, Any], new: Mapping[str, Any], version: int) -> QueryDict:
    """Return what was typed over `old` as if it had been typed over `new`: what was left alone takes the newer value."""
    kept = data.copy()
    for edit in edits_of(new):
        was, now = (_text(edit, document) for document in (old, new))
        if kept.get(edit.name, was).strip() == was:
            kept[edit.name] = now
    kept["version"] = str(version)
    return kept


def _text(edit: Edit, document: Mapping[str, Any]) -> str:
    value = typed(edit, shown(edit, value_at(document, edit.place)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def proposed_day(today: date, newest_from: date) -> date:
    """The first day of a month that is far enough for a second person to approve, never before the newest version's.

    >>> str(proposed_day(date(2026, 11, 23), date(2004, 1, 1))), str(proposed_day(date(2026, 11, 28), date(2004, 1, 1)))
    ('2026-12-01', '2027-01-01')
    """
    ahead = today + timedelta(days=5)
    first = ahead if ahead.day == 1 else (ahead.replace(day=1) + timedelta(days=32)).replace(day=1)
    return max(first, newest_from)
