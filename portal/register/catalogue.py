"""What a register can say of a case: each column with its head, the other names people give it, and where its text comes from.

The office's own layout (台账) is that of the paper register. Rows that came from paper say what the paper said where the
portal knows no better; what happened after the import is told by the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cases.rules import masking, numbering, words
from cases.rules.register_columns import HEADS
from cases.rules.register_columns import Column as Known
from cases.selectors.register_lines import Line
from escalation.selectors.cards import CardView
from escalation.selectors.clocks import ClockView
from portal.register.columns import Columns, match_columns
from portal.sheets import SheetError, fold_header

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPEN = "办理中"  # what a register says of a case without an outcome
# Heads of columns that we do not know but that ask for people: hidden unless a purpose was given.
PERSONAL = re.compile(
    "姓名|名字|身份|证件|护照|住址|地址|电话|手机|联系|微信|账号|卡号|邮箱|户主|法人|申请人|当事人|代理人"
)
LEAST_LIKE = 3  # characters that a head must share with a name to be taken for it


@dataclass(frozen=True)
class Row:
    """One line of a register with what time did to it; `order` is its place in this list."""

    order: int
    line: Line
    clear: bool
    due: ClockView | None = None
    cards: list[CardView] = field(default_factory=list)

    @cached_property
    def paper(self) -> Mapping[str, str]:
        """What the paper row said, by the key of the column."""
        if not self.line.cells:
            return {}
        columns = paper_columns(tuple(self.line.cells))
        return {known.name: columns.value(self.line.cells, known) for known in Known}


class Field(NamedTuple):
    """A column of our own: its head in our layouts, other names, its text for a row."""

    key: str
    head: str
    text: Callable[[Row], str]
    aliases: tuple[str, ...] = ()
    personal: bool = False


@lru_cache(maxsize=500)
def paper_columns(heads: tuple[str, ...]) -> Columns:
    """Return which head of a paper register says what, as the import read it; without a match all heads stay as they are."""
    try:
        return match_columns(heads)
    except SheetError:
        return Columns({})


def further_heads(heads: tuple[str, ...]) -> list[str]:
    """Return the heads of a paper register that our own layout has no column for.

    >>> further_heads(("登记日期", "姓名", "手机", "诉求", "联系电话", "备注"))
    ['手机', '备注']
    """
    told = {found[0] for found in paper_columns(heads).headers.values()}
    return [head for head in heads if head not in told]


def moment(value: datetime | None) -> str:
    """Return a moment as registers write it: 2026-03-02 09:40."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


def _paper_first(known: Known, text: Callable[[Row], str]) -> Callable[[Row], str]:
    """What stood on paper at registration; of a case filed in the portal what the case says."""
    return lambda row: row.paper.get(known.name) or text(row)


def _paper_last(known: Known, text: Callable[[Row], str]) -> Callable[[Row], str]:
    """What the case says; where it says nothing, what stood on paper."""
    return lambda row: text(row) or row.paper.get(known.name, "")


def _person(known: Known, text: Callable[[Line], str]) -> Callable[[Row], str]:
    """As on paper for who gave a purpose; else the line, whose people are masked."""
    return lambda row: (row.paper.get(known.name) if row.clear else "") or text(row.line)


def _outcome(row: Row) -> str:
    line = row.line
    if line.outcome:
        return words.OUTCOMES[line.outcome]
    return words.ACTS["redirect"] if line.redirect_reason else OPEN


def _accepted(row: Row) -> str:
    line = row.line
    if line.redirect_reason:
        return words.ACTS["redirect"]
    return words.ACTS["accept"] if line.accepted_at else words.STATES[line.state]


def _number(row: Row) -> str:
    return numbering.full(row.line.place, row.line.number)


def _departments(row: Row) -> str:
    return "；".join(filter(None, (row.line.lead, *row.line.co)))


def _cards(row: Row) -> str:
    return "、".join(card.label for card in row.cards if card.superseded_by is None)


def _grade(row: Row) -> str:
    return words.SATISFACTION[row.line.grade] if row.line.grade else ""


def _due(row: Row) -> str:
    return moment(row.due.due_at)[:10] if row.due else ""


def _statement(row: Row) -> str:
    return words.ERASED_NOTICE if row.line.is_erased else row.line.statement


def _of_paper(known: Known, text: Callable[[Row], str], *, personal: bool = False) -> Field:
    """A column that paper registers have too: its head and other names stand in the rules of the import."""
    return Field(known.name, known.value, text, HEADS[known], personal)


FIELDS: tuple[Field, ...] = (
    _of_paper(Known.SERIAL, lambda row: str(row.order)),
    _of_paper(Known.REGISTERED, lambda row: moment(row.line.submitted_at)),
    _of_paper(Known.CHANNEL, lambda row: words.CHANNELS[row.line.channel]),
    _of_paper(Known.HALL, lambda row: row.line.hall),
    _of_paper(Known.NAME, _person(Known.NAME, lambda line: line.name), personal=True),
    _of_paper(Known.PHONE, _person(Known.PHONE, lambda line: line.phone), personal=True),
    Field("ORGANISATION", "单位名称", lambda row: row.line.organisation, ("企业名称", "反映企业"), personal=True),
    _of_paper(Known.MATTER, _paper_first(Known.MATTER, lambda row: row.line.matter)),
    _of_paper(Known.STATEMENT, _statement),
    _of_paper(Known.OBSTACLE, _paper_first(Known.OBSTACLE, lambda row: row.line.obstacle)),
    _of_paper(Known.DIFFICULTY, lambda row: words.DIFFICULTY.get(row.line.difficulty, "")),
    Field("NATURE", "性质", lambda row: words.NATURE.get(row.line.nature, ""), ("问题性质",)),
    _of_paper(Known.LEAD, _paper_last(Known.LEAD, lambda row: row.line.lead)),
    _of_paper(Known.CO, lambda row: "；".join(row.line.co)),
    Field("DEPARTMENTS", "涉及部门", _departments, ("涉及单位", "有关部门")),
    _of_paper(Known.HANDLING, _paper_last(Known.HANDLING, lambda row: row.line.handling)),
    _of_paper(Known.OUTCOME, _outcome),
    Field("ACCEPTED", "受理/不受理", _accepted, ("是否受理", "受理情况")),
    Field("DISPATCHED", "转办时间", lambda row: moment(row.line.dispatched_at), ("转办日期", "交办时间", "交办日期")),
    Field("SIGNED", "签收时间", lambda row: moment(row.line.signed_at), ("签收日期",)),
    Field("DUE", "应办结日", _due, ("办理期限", "办结时限", "应办结时间", "截止日期", "截止时间", "应办结日期")),
    Field("PAUSES", "延期/中止计时", lambda row: "", ("延期", "中止计时", "是否延期")),
    _of_paper(Known.CLOSED, lambda row: moment(row.line.closed_at)),
    Field("CARDS", "牌", _cards, ("亮牌", "亮牌情况", "黄牌红牌")),
    Field("CALLED_BACK", "回访结果", lambda row: words.RESOLUTION.get(row.line.called_back, ""), ("回访", "回访情况")),
    _of_paper(Known.GRADE, _grade),
    Field(
        "RECURRENCE", "举一反三", lambda row: words.RECURRENCE.get(row.line.recurrence, ""), ("别人也会遇到", "举一反三编号")
    ),
    _of_paper(Known.SOURCE, lambda row: row.paper.get(Known.SOURCE.name, "")),
    Field("STATE", "当前状态", lambda row: words.STATES[row.line.state], ("办理进度", "进度", "办理环节", "目前状态")),
    _of_paper(Known.NUMBER, _number),
)  # fmt: skip
BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}
_FULL = (
    "SERIAL NUMBER CHANNEL REGISTERED NAME PHONE MATTER DEPARTMENTS DIFFICULTY NATURE OBSTACLE ACCEPTED DISPATCHED SIGNED"
    " DUE PAUSES CLOSED OUTCOME CARDS CALLED_BACK GRADE RECURRENCE"
)  # policy.md E, 台账 columns
LAYOUTS: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "own": ("本办台账（和纸质台账一样的列，末尾加编号）", tuple(BY_KEY[known.name] for known in Known)),
    "full": ("管理台账（带转办、签收、应办结日、牌和回访）", tuple(BY_KEY[key] for key in _FULL.split())),
}


@cache
def _names() -> dict[str, Field]:
    """Every name of every column; a head of ours goes before a name that another column has too."""
    heads = {fold_header(one.head): one for one in FIELDS}
    others = {fold_header(name): one for one in reversed(FIELDS) for name in one.aliases}
    return {**others, **heads}


def field_like(head: str) -> Field | None:
    """Return what a column head most likely asks for; a person looks at it before anything is filled in.

    >>> field_like("承办单位名称").head, field_like("备注"), field_like("涉及部门").head
    ('承办部门', None, '涉及部门')
    """
    told = fold_header(head)
    if told in _names():
        return _names()[told]
    inside = [name for name in _names() if len(name) >= LEAST_LIKE and name in told]
    return _names()[max(inside, key=len)] if inside else None


def unknown_cell(row: Row, head: str) -> str:
    """Return the paper's cell under a head that we have no column for; what asks for people is hidden without a purpose."""
    cell = row.line.cells.get(head, "")
    return masking.STAR * 3 if cell and not row.clear and PERSONAL.search(head) else cell
