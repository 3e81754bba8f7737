"""How a clock stands at a moment (剩余、今日到期、超期), in working time: what lists and pages show.

Units: whole working days, or office hours on the last day. Source of the words: pages.md (将到期, 今日到期, 超期 n 个工作日).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from escalation.rules.hours import CHINA, WorkTime


class Tone(StrEnum):
    """How urgent a clock is; pages give each tone a shape, a word and a colour."""

    CALM = "calm"  # 正常
    SOON = "soon"  # 将到期
    TODAY = "today"  # 今日到期
    OVERDUE = "overdue"  # 超期
    DONE = "done"  # 按时完成
    DONE_LATE = "done_late"  # 超期完成


class Standing(NamedTuple):
    """Tone, working days left (or over), and the sentence part that people read."""

    tone: Tone
    days: int
    text: str


def standing(
    due_at: datetime,
    soon_at: datetime | None,
    stopped_at: datetime | None,
    now: datetime,
    work_time: WorkTime,
) -> Standing:
    """Return how a clock stands at `now`; a stopped one stands as it did when it stopped.

    >>> from escalation.rules.hours import example_work_time
    >>> due = datetime(2026, 9, 30, 17, 30, tzinfo=CHINA)
    >>> def at(day: int, hour: int, month: int = 9) -> str:
    ...     return standing(due, None, None, datetime(2026, month, day, hour, tzinfo=CHINA), example_work_time()).text
    >>> at(29, 10), at(30, 15), at(30, 18), at(8, 9, 10), at(9, 9, 10)
    ('剩 1 个工作日', '今日到期，剩 2.5 小时', '今日已到期', '超期 1 个工作日', '超期 2 个工作日')
    """
    at = min(now, stopped_at) if stopped_at else now
    due_day, day = due_at.astimezone(CHINA).date(), at.astimezone(CHINA).date()
    if at > due_at:
        over = work_time.calendar.count(due_day, day)
        text = f"超期 {over} 个工作日" if over else "今日已到期" if day == due_day else "超期"
        return (
            Standing(Tone.DONE_LATE, over, f"{text}完成")
            if stopped_at
            else Standing(Tone.OVERDUE, over, text)
        )
    left = work_time.calendar.count(day, due_day)
    if stopped_at:
        return Standing(Tone.DONE, left, "按时完成")
    if day == due_day:
        return Standing(Tone.TODAY, 0, f"今日到期，剩{_left(work_time.hours_between(at, due_at))}")
    is_soon = soon_at is not None and soon_at <= at
    return Standing(Tone.SOON if is_soon else Tone.CALM, left, f"剩 {left} 个工作日")


def _left(hours: timedelta) -> str:
    """Office hours left, rounded down so that nobody is promised more than there is.

    >>> [_left(timedelta(minutes=minutes)) for minutes in (150, 119, 59, 0)]
    [' 2.5 小时', ' 1.9 小时', ' 59 分钟', '不到 1 分钟']
    """
    minutes = hours // timedelta(minutes=1)
    if minutes >= 60:
        return f" {minutes // 6 / 10:g} 小时"
    return f" {minutes} 分钟" if minutes else "不到 1 分钟"
