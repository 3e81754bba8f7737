"""为什么是这一天: a due moment explained day by day, for citizens, departments, supervisors, the API and the command.

The steps are data with a Chinese sentence each: receipt, changes of the limit, day zero, each counted and each skipped day with
its name, suspensions, the due moment, what is provisional, and the versions used. What is told adds up to the due moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from escalation.rules.clocks import Clock
from escalation.rules.deadlines import Deadline, Limit, Unit, deadline
from escalation.rules.explain_days import Span, walk, walk_hours, walk_on
from escalation.rules.explain_steps import ExplainStep, StepKind, Voice, day_text, moment_text
from escalation.rules.explain_words import Tongue
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.pauses import Pause, count_around
from escalation.rules.stages import Extension, Reclassification

__all__ = [
    "ExplainStep",
    "StepKind",
    "Tongue",
    "Voice",
    "day_text",
    "explain",
    "explain_clock",
    "moment_text",
]

STAFF = Tongue(Voice.STAFF)


class Whole(NamedTuple):
    """The whole case's clock, as it was known when a share's limit was derived from it, and its working time."""

    clock: Clock
    work_time: WorkTime

    @property
    def due_on(self) -> date:
        """The day on which the case ends."""
        return self.clock.due.due_at.astimezone(CHINA).date()


class Moves(NamedTuple):
    """What moved the end of a limit, and the whole case where the limit derives from it."""

    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    reclassifications: tuple[Reclassification, ...] = ()
    case: Whole | None = None

    @property
    def extra(self) -> int:
        """Working days that extensions add."""
        return sum(extension.days for extension in self.extensions)


def explain(
    received_at: datetime,
    limit: Limit,
    due: Deadline,
    work_time: WorkTime,
    rule_version: int | None = None,
    *,
    tongue: Tongue = STAFF,
    moves: Moves | None = None,
) -> list[ExplainStep]:
    """Explain a deadline that `deadlines.deadline` has computed.

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
    received, moves = received_at.astimezone(CHINA), moves or Moves()
    due_at = due.due_at.astimezone(CHINA)
    steps = [
        ExplainStep(StepKind.RECEIVED, tongue.received(received, limit), received.date()),
        *_changes(limit, moves, tongue),
        *_counting(_Asked(received, limit, due, work_time, tongue, moves)),
        ExplainStep(StepKind.DUE, tongue.due(due_at, _reason(due_at, limit, work_time)), due_at.date()),
    ]
    if due.provisional:
        text = tongue.provisional(received.date(), due, work_time.calendar)
        steps.append(ExplainStep(StepKind.PROVISIONAL, text))
    versions = tongue.versions(received.year, due_at.year, work_time.calendar, rule_version)
    return [*steps, ExplainStep(StepKind.VERSIONS, versions)] if versions else steps


def explain_clock(
    clock: Clock, work_time: WorkTime, tongue: Tongue = STAFF, case: Whole | None = None
) -> list[ExplainStep]:
    """Explain a clock with all that moved it, and before it why counting started at registration, when it did."""
    moves = Moves(clock.pauses, clock.extensions, clock.reclassifications, case)
    steps = explain(
        clock.started_at, clock.limit, clock.due, work_time, clock.rule_version, tongue=tongue, moves=moves
    )
    return [ExplainStep(StepKind.DEEMED, tongue.accepted_late()), *steps] if clock.deemed else steps


class _Asked(NamedTuple):
    """One question, as the functions below share it."""

    received: datetime
    limit: Limit
    due: Deadline
    work_time: WorkTime
    tongue: Tongue
    moves: Moves

    @property
    def due_on(self) -> date:
        """The day on which the limit ends."""
        return self.due.due_at.astimezone(CHINA).date()

    @property
    def zero(self) -> date:
        """The day that does not count."""
        return self.due.counted_from


def _changes(limit: Limit, moves: Moves, tongue: Tongue) -> Iterator[ExplainStep]:
    """What changed the length of the limit, oldest first."""
    for change in moves.reclassifications:
        yield ExplainStep(StepKind.RECLASSIFIED, tongue.reclassified(change))
    days = limit.amount if limit.unit is Unit.DAYS else 0
    for extension in moves.extensions:
        days += extension.days
        total = f"，一共 {days} 个工作日" if limit.unit is Unit.DAYS else ""
        yield ExplainStep(StepKind.EXTENDED, tongue.extended(extension, total))


def _counting(asked: _Asked) -> Iterator[ExplainStep]:
    """The steps between receipt and due moment, by the unit of the limit."""
    received, limit, tongue, moves = asked.received, asked.limit, asked.tongue, asked.moves
    calendar = asked.work_time.calendar
    if limit.unit is Unit.AS_CASE:
        yield from _as_case(asked)
        return
    if asked.zero != received.date():
        text = tongue.deemed(received.date(), asked.zero)
        yield ExplainStep(StepKind.DEEMED, text, asked.zero)
    if limit.unit is Unit.HOURS:
        length = timedelta(hours=limit.amount, minutes=limit.minutes)
        yield from walk_hours(received, length, asked.work_time, tongue)
    elif limit.unit is Unit.SAME_DAY:
        base = deadline(received, limit, asked.work_time).due_at.date()
        yield from walk(Span(asked.zero, base), calendar, tongue)
        yield from walk(Span(base, asked.due_on, None, moves.extra, moves.pauses), calendar, tongue)
    else:
        amount, told = _own_days(asked)
        yield from told
        if amount + moves.extra:
            yield ExplainStep(StepKind.DAY_ZERO, tongue.zero(asked.zero), asked.zero, 0)
        else:
            yield ExplainStep(StepKind.LIMIT, "时限为 0，到当日下班为止；休息日顺延到下一个工作日。")
        yield from walk(Span(asked.zero, asked.due_on, amount, moves.extra, moves.pauses), calendar, tongue)


def _own_days(asked: _Asked) -> tuple[int, list[ExplainStep]]:
    """How many working days the limit has; half of what remained of the case is told with where it comes from."""
    if asked.limit.unit is not Unit.HALF_OF_CASE:
        return asked.limit.amount, []
    calendar, moves = asked.work_time.calendar, asked.moves
    counted = max(count_around(calendar, asked.zero, asked.due_on, moves.pauses) - moves.extra, 0)
    if moves.case is None:
        return counted, []
    case_on, pauses = moves.case.due_on, moves.case.clock.pauses
    remaining = count_around(calendar, asked.zero, case_on, pauses) if case_on > asked.zero else 0
    half = max(asked.limit.amount, remaining // 2)
    text = (
        f"转办时整件到{day_text(case_on)}到期，还有 {remaining} 个工作日；"
        f"协办取一半，至少 {asked.limit.amount} 个，为 {half} 个工作日。"
    )
    return half, [ExplainStep(StepKind.LIMIT, text)]


def _as_case(asked: _Asked) -> Iterator[ExplainStep]:
    """A share that ends with the whole case: the case's own reckoning, then what concerns the share alone."""
    case, tongue, calendar = asked.moves.case, asked.tongue, asked.work_time.calendar
    if case is None:
        yield ExplainStep(StepKind.LIMIT, "部门答复与整件同时到期。")
        return
    yield ExplainStep(StepKind.LIMIT, "部门答复与整件同时到期，整件是这样算的：")
    skipped = {StepKind.DUE, StepKind.PROVISIONAL, StepKind.VERSIONS}
    steps = [s for s in explain_clock(case.clock, case.work_time, tongue) if s.kind not in skipped]
    yield from steps
    if case.due_on >= asked.due_on:
        return
    days = calendar.count(case.due_on, asked.due_on)
    own = {pause.of for pause in asked.moves.pauses} - {pause.of for pause in case.clock.pauses}
    for pause in (pause for pause in asked.moves.pauses if pause.of in own):
        lost = calendar.count(max(pause.from_on, asked.zero), pause.until_on)
        yield ExplainStep(StepKind.PAUSED, tongue.paused(pause, lost), pause.from_on, until=pause.until_on)
    text = f"整件{moment_text(case.clock.due.due_at)} 到期；本任务另有中止或延期，再顺延 {days} 个工作日。"
    yield ExplainStep(StepKind.LIMIT, text)
    first = max((step.number or 0 for step in steps), default=0)
    yield from walk_on(case.due_on, asked.due_on, calendar, tongue, first)


def _reason(due_at: datetime, limit: Limit, work_time: WorkTime) -> str:
    """Why the limit ends at this hour."""
    if limit.unit is Unit.HOURS:
        hours = "、".join(f"{o:%H:%M}–{c:%H:%M}" for o, c in work_time.sessions_on(due_at.date()))
        return f"只计办公时间（{hours}）"
    if due_at == work_time.closing(due_at.date()):
        return "以当日下班时间为止（民法典第二百零三条）"
    return "当日较晚开始，顺延至次一工作日上午"
