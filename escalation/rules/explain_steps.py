"""The lines of an explanation (为什么是这一天): what each says, of which day, and how days and moments are spelled.

Two voices: staff read everything, with sources and versions; the reporter reads plain words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from escalation.rules.calendar import WEEKDAYS
from escalation.rules.hours import CHINA

ONE_DAY = timedelta(days=1)
FOLDED_FROM = 15  # more lines than these are put away in weeks


class Voice(StrEnum):
    """For whom an explanation is told."""

    STAFF = "staff"  # 工作人员
    CITIZEN = "citizen"  # 反映人


class StepKind(StrEnum):
    """What a step of the explanation says."""

    RECEIVED = "received"  # 收到
    DEEMED = "deemed"  # 视为收到、视为受理
    RECLASSIFIED = "reclassified"  # 改定难度
    EXTENDED = "extended"  # 延期
    LIMIT = "limit"  # 时限的依据
    DAY_ZERO = "day_zero"  # 当日不计入
    COUNTED = "counted"  # 计入
    SKIPPED = "skipped"  # 不计入
    PAUSED = "paused"  # 中止计时
    LEFT = "left"  # 留下的一天
    DUE = "due"  # 到期
    PROVISIONAL = "provisional"  # 暂定
    VERSIONS = "versions"  # 依据的版本


# Steps that speak of single days, in their order.
BY_DAY = frozenset({StepKind.DAY_ZERO, StepKind.COUNTED, StepKind.SKIPPED, StepKind.PAUSED, StepKind.LEFT})


class ExplainStep(NamedTuple):
    """One line: `on` is the day it speaks of, `until` the last one of a stretch, `number` the count so far (1: the first)."""

    kind: StepKind
    text: str
    on: date | None = None
    number: int | None = None
    until: date | None = None

    @property
    def label(self) -> str:
        """The day or stretch without its year, for a column of dates."""
        return "" if self.on is None else short_span(self.on, self.until)

    @property
    def remark(self) -> str:
        """The text without its day, for the column beside it."""
        if self.on is None:
            return self.text
        text = self.text.removeprefix(day_text(self.on))
        text = text.replace(short_span(self.on, self.until), "", 1) if self.until else text
        return text.lstrip("，").rstrip("。")


class Source(NamedTuple):
    """Where a calendar comes from: the notice of each year, and the document of each local day that has one (文号)."""

    notices: Mapping[int, str] = {}
    days: Mapping[date, str] = {}


class Week(NamedTuple):
    """Steps of one week, and what a heading says of them; without heading they are simply shown."""

    heading: str
    steps: tuple[ExplainStep, ...]
    is_last: bool = False


def day_text(day: date) -> str:
    """Return a date as people say it.

    >>> day_text(date(2026, 10, 10))
    '2026年10月10日（周六）'
    """
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def moment_text(moment: datetime) -> str:
    """Return a moment as people say it, in China Standard Time.

    >>> moment_text(datetime(2026, 10, 10, 17, 30, tzinfo=CHINA))
    '2026年10月10日（周六）17:30'
    """
    local = moment.astimezone(CHINA)
    return f"{day_text(local.date())}{local:%H:%M}"


def short_span(first: date, last: date | None = None) -> str:
    """Return a day or a stretch of days without year; the month is said once.

    >>> short_span(date(2026, 10, 1)), short_span(date(2026, 10, 1), date(2026, 10, 7))
    ('10月1日（周四）', '10月1日至7日')
    >>> short_span(date(2026, 9, 25), date(2026, 10, 8)), short_span(date(2026, 12, 25), date(2027, 1, 8))
    ('9月25日至10月8日', '12月25日至2027年1月8日')
    """
    if last is None or last == first:
        return day_text(first).partition("年")[2]
    year = f"{last.year}年" if last.year != first.year else ""
    month = f"{last.month}月" if year or last.month != first.month else ""
    return f"{first.month}月{first.day}日至{year}{month}{last.day}日"


def length_text(length: timedelta) -> str:
    """Return a length of office time.

    >>> length_text(timedelta(hours=1, minutes=20)), length_text(timedelta(hours=2)), length_text(timedelta(minutes=5))
    ('1 小时 20 分', '2 小时', '5 分')
    """
    hours, rest = divmod(length, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    return " ".join([f"{hours} 小时"] * bool(hours) + [f"{minutes} 分"] * bool(minutes or not hours))


def in_weeks(steps: Sequence[ExplainStep]) -> list[Week]:
    """Return the steps as they are shown: a long run of days is put away in weeks, the last of which stands open.

    >>> days = [ExplainStep(StepKind.COUNTED, "计", date(2026, 11, 24) + n * ONE_DAY, n + 1) for n in range(16)]
    >>> [(week.heading, len(week.steps), week.is_last) for week in in_weeks(days)]
    [('11月24日至29日：第 1 至 6 个工作日', 6, False), ('11月30日至12月6日：第 7 至 13 个工作日', 7, False), ('12月7日至9日：第 14 至 16 个工作日', 3, True)]
    >>> len(in_weeks(days[:15]))
    1
    """
    if sum(step.kind in BY_DAY for step in steps) <= FOLDED_FROM:
        return [Week("", tuple(steps))]
    found = list(_weeks(steps))
    last = max((place for place, week in enumerate(found) if week.heading), default=-1)
    return [week._replace(is_last=place == last) for place, week in enumerate(found)]


def _weeks(steps: Sequence[ExplainStep]) -> Iterator[Week]:
    for monday, group in groupby(steps, key=_monday):
        together = tuple(group)
        yield Week(_heading(together) if monday else "", together)


def _monday(step: ExplainStep) -> date | None:
    if step.on is None or step.kind not in BY_DAY or step.kind is StepKind.PAUSED:
        return None  # why time stood still is never put away
    return step.on - step.on.weekday() * ONE_DAY


def _heading(steps: Sequence[ExplainStep]) -> str:
    days = [step.on for step in steps if step.on]
    numbers = [step.number for step in steps if step.number]
    span = short_span(min(days), max(days))
    if not numbers:
        return f"{span}：都不计入"
    ends = f"{numbers[0]} 至 {numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
    return f"{span}：第 {ends} 个工作日"
