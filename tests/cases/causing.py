"""An outside cause as the tests know it, and the two things that happen to it again and again."""

from __future__ import annotations

from datetime import date, timedelta

from cases.rules.causes import CauseKind
from cases.services import causes, waiting

DAY = timedelta(days=1)
END, LATEST = date(2026, 12, 10), date(2026, 12, 21)
SENTENCE = "省级系统正在升级，恢复后我们马上接着办。"
RECORD = causes.Record(
    kind=CauseKind.SYSTEM,
    title="省市场监管业务平台",
    since=date(2026, 11, 20),
    evidence="省平台通知〔2026〕31号",
    asked="市市场监督管理局向省局信息中心报修",
    sentence=SENTENCE,
    planned_end=END,
)


def end(cause, at, actor, now=None) -> None:
    """End a cause, from a moment on."""
    causes.end_cause(cause.pk, ended_at=at, ending="系统恢复。", actor=actor, now=now or at, seen=1)


def follow(now, cause=None) -> int:
    """Let all cases follow; returns how many were dealt with."""
    return waiting.carry_out(clock=lambda: now, cause_id=cause and cause.pk)
