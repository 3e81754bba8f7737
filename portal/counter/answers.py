"""What the departments have answered in this round (承办答复), as the window reads it before it answers the reporter."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cases.selectors.content import Text
from cases.selectors.queues import ShareLine
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView
from portal.casepage import CasePage

ANSWER_TEXTS = ("answer", "internal")


class Answer(NamedTuple):
    """One department's answer: what it wants to tell the reporter, and its note for window and supervisors."""

    share: ShareLine
    text: str
    internal: str


def answers_of(page: CasePage) -> list[Answer]:
    """The answers that count now, the lead's first; of one that was asked for again the last."""
    return [
        Answer(share, *(_last(page, share, purpose) for purpose in ANSWER_TEXTS))
        for share in page.shares
        if share.answered_at is not None
    ]


def _last(page: CasePage, share: ShareLine, purpose: str) -> str:
    """The department's last words of a purpose since its last answer came in."""
    return next((text.body for text in reversed(page.texts) if _is_of(text, share, purpose)), "")


def _is_of(text: Text, share: ShareLine, purpose: str) -> bool:
    since = share.answered_at or share.dispatched_at
    return (text.purpose, text.department) == (purpose, share.department) and text.written_at >= since


def without(page: CasePage, *purposes: str) -> CasePage:
    """The same case without texts that the page shows elsewhere."""
    return replace(page, texts=[text for text in page.texts if text.purpose not in purposes])


def check_clock(page: CasePage) -> ClockView | None:
    """Until when the window must have checked the answers (窗口核对), while that runs."""
    checks = (clock for clock in page.clocks if clock.obligation is Obligation.CHECK and clock.is_running)
    return next(checks, None)
