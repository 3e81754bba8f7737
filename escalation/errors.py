"""What can go wrong in reading what time has done."""

from __future__ import annotations

from cases.errors import CaseNotFoundError


class CardNotFoundError(CaseNotFoundError):
    """There is no such card, or the actor may not see it: both answer alike, and like a missing case."""

    message = "没有找到这张牌。"
