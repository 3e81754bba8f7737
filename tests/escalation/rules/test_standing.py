"""How a clock that has run out stands: while it runs, and for ever after it stopped."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from escalation.rules.hours import CHINA, example_work_time
from escalation.rules.standing import Tone, standing

DUE = datetime(2026, 9, 29, 17, 30, tzinfo=CHINA)


def at(hours: float, stopped: float | None = None) -> tuple[Tone, int, str]:
    """The standing so many hours after the due moment, of a clock stopped so many hours after it."""
    end = None if stopped is None else DUE + timedelta(hours=stopped)
    return standing(DUE, None, end, DUE + timedelta(hours=hours), example_work_time())


@pytest.mark.parametrize("hours", [1, 24, 24 * 30])
def test_done_late_on_the_last_day_says_so_on_every_later_day(hours):
    assert at(hours, stopped=1) == (Tone.DONE_LATE, 0, "超期完成")


@pytest.mark.parametrize("hours", [24, 24 * 30])
def test_done_a_day_late_says_by_how_much(hours):
    assert at(hours, stopped=24) == (Tone.DONE_LATE, 1, "超期 1 个工作日完成")


def test_what_runs_says_today_or_by_how_much():
    assert at(1) == (Tone.OVERDUE, 0, "今日已到期")
    assert at(24) == (Tone.OVERDUE, 1, "超期 1 个工作日")
    assert at(24 * 3) == (Tone.OVERDUE, 1, "超期 1 个工作日")  # on National Day no further day has passed
