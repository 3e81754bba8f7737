"""为什么是这一天: a due moment explained day by day, for citizens, departments, supervisors, the API and the command.

The steps are data with a Chinese sentence each: receipt, day zero, each counted and each skipped day with its name, the due
moment, what is provisional, and the versions used. Sources named in the sentences: 民法典 201, 203; 行政许可法 32(四).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from escalation.rules.calendar import WEEKDAYS, WorkCalendar
from escalation.rules.clocks import Clock
from escalation.rules.deadlines import Deadline, Limit, Unit
from escalation.rules.hours import CHINA, WorkTime


class StepKind(StrEnum):
    """What a step of the explanation says."""

    RECEIVED = "received"  # 收到
    DEEMED = "deemed"  # 视为收到、视为受理
    DAY_ZERO = "day_zero"  # 当日不计入
    COUNTED = "counted"  # 计入
    SKIPPED = "skipped"  # 不计入
    LIMIT = "limit"  # 时限的依据
    DUE = "due"  # 到期
    PROVISIONAL = "provisional"  # 暂定
    VERSIONS = "versions"  # 依据的版本


class ExplainStep(NamedTuple):
    """One line: `on` is the day it speaks of, `number` the count so far (1 for the first counted day)."""

    kind: StepKind
    text: str
    on: date | None = None
    number: int | None = None


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


def explain(
    received_at: datetime, limit: Limit, due: Deadline, work_time: WorkTime, rule_version: int | None = None
) -> list[ExplainStep]:
    """Explain a deadline that `deadlines.deadline` has computed.

    >>> from escalation.rules.deadlines import deadline
    >>> from escalation.rules.hours import example_work_time
    >>> received, limit = datetime(2026, 9, 30, 10, tzinfo=CHINA), Limit(Unit.DAYS, 3)
    >>> for step in explain(received, limit, deadline(received, limit, example_work_time()), example_work_time()):
    ...     print(step.kind, step.number, step.text)  # doctest: +ELLIPSIS
    received None 2026年9月30日（周三）10:00 开始，时限 3 个工作日。
    day_zero 0 2026年9月30日（周三）当日不计入（民法典第二百零一条）。
    skipped None 2026年10月1日（周四）国庆节，不计。
    ...
    skipped None 2026年10月7日（周三）国庆节，不计。
    counted 1 2026年10月8日（周四）第 1 个工作日。
    counted 2 2026年10月9日（周五）第 2 个工作日。
    counted 3 2026年10月10日（周六）国庆节调休上班，第 3 个工作日。
    due None 2026年10月10日（周六）17:30 到期，以当日下班时间为止（民法典第二百零三条）。
    versions None 按工作日历第 0 版计算。
    """
    received = received_at.astimezone(CHINA)
    steps = [
        ExplainStep(StepKind.RECEIVED, f"{moment_text(received)} 开始，时限 {limit.text}。", received.date()),
        *_counting(received, limit, due, work_time),
    ]
    if due.provisional:
        steps.append(
            ExplainStep(StepKind.PROVISIONAL, _provisional_text(received.date(), due, work_time.calendar))
        )
    rules = f"、规则第 {rule_version} 版" if rule_version is not None else ""
    steps.append(ExplainStep(StepKind.VERSIONS, f"按工作日历第 {work_time.calendar.number} 版{rules}计算。"))
    return steps


def explain_clock(clock: Clock, work_time: WorkTime) -> list[ExplainStep]:
    """Explain a clock: its deadline, and before it why counting started at registration, when it did."""
    steps = explain(clock.started_at, clock.limit, clock.due, work_time, clock.rule_version)
    if clock.deemed:
        text = "登记后未在时限内决定是否受理，按登记之时视为受理（参照行政许可法第三十二条第四项）。"
        steps.insert(0, ExplainStep(StepKind.DEEMED, text))
    return steps


def _counting(received: datetime, limit: Limit, due: Deadline, work_time: WorkTime) -> Iterator[ExplainStep]:
    """The steps between receipt and due moment, by the unit of the limit."""
    if limit.unit is Unit.AS_CASE:
        yield ExplainStep(StepKind.LIMIT, "部门答复与整件同时到期。")
    else:
        by_days = limit.unit in {Unit.DAYS, Unit.HALF_OF_CASE}
        yield from _deemed(received, due)
        if by_days:
            yield _zero(due)
        yield from _walk(due, work_time, by_days and limit.amount > 0)
    yield _due_step(due.due_at.astimezone(CHINA), limit, work_time)


def _deemed(received: datetime, due: Deadline) -> Iterator[ExplainStep]:
    if due.counted_from != received.date():
        text = f"{day_text(received.date())}是休息日，视为{day_text(due.counted_from)}收到。"
        yield ExplainStep(StepKind.DEEMED, text, due.counted_from)


def _zero(due: Deadline) -> ExplainStep:
    text = f"{day_text(due.counted_from)}当日不计入（民法典第二百零一条）。"
    return ExplainStep(StepKind.DAY_ZERO, text, due.counted_from, 0)


def _walk(due: Deadline, work_time: WorkTime, numbered: bool) -> Iterator[ExplainStep]:
    """Each day after day zero up to the due day, counted or skipped with its name."""
    number, day, last = 0, due.counted_from, due.due_at.astimezone(CHINA).date()
    while day < last:
        day += timedelta(days=1)
        works, name = work_time.calendar.kind_of(day)
        if not works:
            reason = "周末" if name.startswith("周") else name
            yield ExplainStep(StepKind.SKIPPED, f"{day_text(day)}{reason}，不计。", day)
        elif numbered:
            number += 1
            text = f"{day_text(day)}{name + '，' if name else ''}第 {number} 个工作日。"
            yield ExplainStep(StepKind.COUNTED, text, day, number)


def _due_step(due_at: datetime, limit: Limit, work_time: WorkTime) -> ExplainStep:
    if limit.unit is Unit.HOURS:
        hours = "、".join(f"{o:%H:%M}–{c:%H:%M}" for o, c in work_time.sessions_on(due_at.date()))
        reason = f"只计办公时间（{hours}）"
    elif due_at == work_time.closing(due_at.date()):
        reason = "以当日下班时间为止（民法典第二百零三条）"
    else:
        reason = "当日较晚开始，顺延至次一工作日上午"
    return ExplainStep(StepKind.DUE, f"{moment_text(due_at)} 到期，{reason}。", due_at.date())


def _provisional_text(received_on: date, due: Deadline, calendar: WorkCalendar) -> str:
    years = range(received_on.year, due.due_at.astimezone(CHINA).year + 1)
    missing = "、".join(f"{year}年" for year in years if year not in calendar.noticed_years)
    return f"{missing}的放假安排尚未公布，暂按法定节假日和周末推算；公布后重新计算，并告知您。"
