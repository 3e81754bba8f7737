"""The days between the start of a limit and its end, one by one: counted, skipped, standing still (为什么是这一天)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from escalation.rules.calendar import WorkCalendar
from escalation.rules.explain_steps import ONE_DAY, ExplainStep, StepKind, day_text, length_text
from escalation.rules.explain_words import Tongue
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.pauses import Pause, merged

LONG_PAUSE = 10  # days: a longer one is told in one line


class Span(NamedTuple):
    """What is walked: from day zero `zero` (not counted) to `last`; `amount` working days of its own, `extra` of extensions.

    Without `amount` (当日、随整件) only what moved the end is counted.
    """

    zero: date
    last: date
    amount: int | None = None
    extra: int = 0
    pauses: Sequence[Pause] = ()

    @property
    def total(self) -> int:
        """How many working days count."""
        return (self.amount or 0) + self.extra


def walk(span: Span, calendar: WorkCalendar, tongue: Tongue) -> Iterator[ExplainStep]:
    """Tell each day after day zero up to the last, in order."""
    stretches, number, day = merged(span.pauses), 0, span.zero
    while day < span.last:
        day += ONE_DAY
        stretch = next((pause for pause in stretches if pause.from_on < day <= pause.until_on), None)
        if stretch is not None and day < span.last:
            until = min(stretch.until_on, span.last - ONE_DAY)
            yield from _standing(span, stretch, day, until, calendar, tongue)
            day = until
            continue
        kind = calendar.kind_of(day)
        if not kind.works:
            yield ExplainStep(StepKind.SKIPPED, tongue.skipped(day, kind.name), day)
        elif number < span.total:
            number += 1
            remark = _remark(
                span, number, starts_pause=any(p.from_on == day for p in stretches), tongue=tongue
            )
            yield ExplainStep(StepKind.COUNTED, tongue.counted(day, kind, number, remark), day, number)
        elif span.total or stretches:
            after = any(
                pause.until_on < day and calendar.add(pause.until_on, 1) == day for pause in stretches
            )
            yield ExplainStep(StepKind.LEFT, tongue.left(day, after_pause=after), day)


def _remark(span: Span, number: int, *, starts_pause: bool, tongue: Tongue) -> str:
    """What is special about a counted day: it belongs to an extension, or time begins to stand still on it."""
    own = span.amount or 0
    parts = [f"延期第 {number - own} 日"] * (number > own and not tongue.is_plain) + [
        tongue.used()
    ] * starts_pause
    return "，".join(parts)


def _standing(
    span: Span, stretch: Pause, day: date, last: date, calendar: WorkCalendar, tongue: Tongue
) -> Iterator[ExplainStep]:
    """A stretch in which time stands still: each suspension in it, then its days up to `last` if they are few."""
    for pause in sorted(span.pauses):
        if stretch.from_on <= pause.from_on < pause.until_on <= stretch.until_on:
            lost = calendar.count(max(pause.from_on, span.zero), max(pause.until_on, span.zero))
            yield ExplainStep(
                StepKind.PAUSED, tongue.paused(pause, lost), pause.from_on, until=pause.until_on
            )
    if (last - day).days >= LONG_PAUSE:
        return
    while day <= last:
        kind = calendar.kind_of(day)
        text = tongue.stood_still(day) if kind.works else tongue.skipped(day, kind.name)
        yield ExplainStep(StepKind.SKIPPED, text, day)
        day += ONE_DAY


def walk_on(
    day: date, last: date, calendar: WorkCalendar, tongue: Tongue, number: int
) -> Iterator[ExplainStep]:
    """Tell the days by which an end moves on, numbered after the `number` that were counted before."""
    first = number
    while day < last:
        day += ONE_DAY
        kind = calendar.kind_of(day)
        if kind.works:
            number += 1
            text = tongue.counted(day, kind, number, f"顺延第 {number - first} 日")
            yield ExplainStep(StepKind.COUNTED, text, day, number)
        else:
            yield ExplainStep(StepKind.SKIPPED, tongue.skipped(day, kind.name), day)


def walk_hours(
    received_at: datetime, hours: timedelta, work_time: WorkTime, tongue: Tongue
) -> Iterator[ExplainStep]:
    """Tell each session of office hours that a limit in hours runs through, with its length and what has passed so far.

    >>> from escalation.rules.explain_steps import Voice
    >>> from escalation.rules.hours import example_work_time
    >>> friday, staff = datetime(2026, 9, 18, 16, 10, tzinfo=CHINA), Tongue(Voice.STAFF)
    >>> for step in walk_hours(friday, timedelta(hours=4), example_work_time(), staff):
    ...     print(step.text)
    2026年9月18日（周五）16:10–17:30 计 1 小时 20 分。
    2026年9月19日（周六）周末，不计。
    2026年9月20日（周日）国庆节调休上班，8:30–11:10 计 2 小时 40 分，累计 4 小时。
    """
    day, passed = received_at.astimezone(CHINA).date(), timedelta(0)
    while passed < hours:
        kind = work_time.calendar.kind_of(day)
        if not kind.works:
            yield ExplainStep(StepKind.SKIPPED, tongue.skipped(day, kind.name), day)
        name = f"{kind.name}，" if kind.name else ""
        for opens, closes in work_time.sessions_on(day) if kind.works else ():
            start = max(received_at, datetime.combine(day, opens, CHINA)).astimezone(CHINA)
            end = min(datetime.combine(day, closes, CHINA), start + (hours - passed))
            if start < end:
                sofar = f"，累计 {length_text(passed + end - start)}" if passed else ""
                passed += end - start
                text = f"{day_text(day)}{name}{_clock(start)}–{_clock(end)} 计 {length_text(end - start)}{sofar}。"
                yield ExplainStep(StepKind.COUNTED, text, day)
        day += ONE_DAY


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment:%M}"
