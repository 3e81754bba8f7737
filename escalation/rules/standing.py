"""How a clock stands at a moment (剩余、今日到期、超期), in working time: what lists and pages show.

Units: whole working days, or office hours on the last day. Source of the words: pages.md (将到期, 今日到期, 超期 n 个工作日).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.pauses import Pause, count_around, paused_on


class Tone(StrEnum):
    """How urgent a clock is; pages give each tone a shape, a word and a colour."""

    CALM = "calm"  # 正常
    PAUSED = "paused"  # 中止计时
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
    pause: Pause | None = None,
) -> Standing:
    """Return how a clock stands at `now`; a stopped one stands as it did when it stopped, a suspended one stands still.

    >>> from escalation.rules.hours import example_work_time
    >>> due = datetime(2026, 9, 30, 17, 30, tzinfo=CHINA)
    >>> def at(day: int, hour: int, month: int = 9) -> str:
    ...     return standing(due, None, None, datetime(2026, month, day, hour, tzinfo=CHINA), example_work_time()).text
    >>> at(29, 10), at(30, 15), at(30, 18), at(8, 9, 10), at(9, 9, 10)
    ('剩 1 个工作日', '今日到期，剩 2.5 小时', '今日已到期', '超期 1 个工作日', '超期 2 个工作日')
    >>> pause = Pause(datetime(2026, 9, 22).date(), datetime(2026, 9, 28).date())
    >>> noon = datetime(2026, 9, 23, 12, tzinfo=CHINA)
    >>> standing(due, None, None, noon, example_work_time(), pause).text
    '中止计时，剩 2 个工作日'
    """
    at = min(now, stopped_at) if stopped_at else now
    due_day, day = due_at.astimezone(CHINA).date(), at.astimezone(CHINA).date()
    pauses = [pause] if pause else []
    if pause and not stopped_at and paused_on(day, pauses) and due_day > pause.from_on:
        left = work_time.calendar.count(min(pause.until_on, due_day), due_day)
        return Standing(Tone.PAUSED, left, f"中止计时，剩 {left} 个工作日")
    if at > due_at:
        over = count_around(work_time.calendar, due_day, day, pauses)
        return _late(over, is_done=stopped_at is not None, is_due_day=day == due_day)
    left = count_around(work_time.calendar, day, due_day, pauses)
    if stopped_at:
        return Standing(Tone.DONE, left, "按时完成")
    if day == due_day:
        return Standing(Tone.TODAY, 0, f"今日到期，剩{_left(work_time.hours_between(at, due_at))}")
    is_soon = soon_at is not None and soon_at <= at
    return Standing(Tone.SOON if is_soon else Tone.CALM, left, f"剩 {left} 个工作日")


def _late(over: int, *, is_done: bool, is_due_day: bool) -> Standing:
    """A limit that has run out; done late, it reads the same on every later day.

    >>> [_late(0, is_done=done, is_due_day=True).text for done in (False, True)]
    ['今日已到期', '超期完成']
    >>> [_late(2, is_done=done, is_due_day=False).text for done in (False, True)]
    ['超期 2 个工作日', '超期 2 个工作日完成']
    """
    text = f"超期 {over} 个工作日" if over else "超期"
    if is_done:
        return Standing(Tone.DONE_LATE, over, f"{text}完成")
    return Standing(Tone.OVERDUE, over, "今日已到期" if is_due_day else text)


def _left(hours: timedelta) -> str:
    """Office hours left, rounded down so that nobody is promised more than there is.

    >>> [_left(timedelta(minutes=minutes)) for minutes in (150, 119, 59, 0)]
    [' 2.5 小时', ' 1.9 小时', ' 59 分钟', '不到 1 分钟']
    """
    minutes = hours // timedelta(minutes=1)
    if minutes >= 60:
        return f" {minutes // 6 / 10:g} 小时"
    return f" {minutes} 分钟" if minutes else "不到 1 分钟"


def standing_of_right(
    due_at: datetime, stopped_at: datetime | None, now: datetime, work_time: WorkTime
) -> Standing:
    """Return how long something may still be done (退回、申诉); nobody is late with it.

    >>> from escalation.rules.hours import example_work_time
    >>> due = datetime(2026, 9, 30, 17, 30, tzinfo=CHINA)
    >>> def at(day: int, used: datetime | None = None) -> str:
    ...     now = datetime(2026, 9, day, 18, tzinfo=CHINA)
    ...     return standing_of_right(due, used or due, now, example_work_time()).text
    >>> at(29), at(30), at(30, datetime(2026, 9, 29, 9, tzinfo=CHINA))
    ('剩 1 个工作日', '期限已过', '已使用')
    """
    if stopped_at is not None and stopped_at < due_at and stopped_at <= now:
        return Standing(Tone.DONE, 0, "已使用")
    return (
        Standing(Tone.DONE, 0, "期限已过") if now >= due_at else standing(due_at, None, None, now, work_time)
    )
