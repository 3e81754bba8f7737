"""What would be promised if a case were accepted now: shown before the clerk presses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.classes import Difficulty
from escalation.rules.deadlines import deadline
from escalation.selectors.versions import in_force


class Promise(NamedTuple):
    """The limit of a difficulty in words, and the moment it would end."""

    limit_text: str
    due_at: datetime
    provisional: bool


def promises(hall_id: int, difficulties: Sequence[Difficulty], now: datetime) -> dict[Difficulty, Promise]:
    """Return for each difficulty what acceptance at `now` would promise, under the rules in force; one query."""
    versions = in_force()
    work_time, package = versions.work_time(hall_id), versions.rulebook.in_force_at(now)
    found = {}
    for difficulty in difficulties:
        limit = package.case_limit(difficulty, None)
        end = deadline(now, limit, work_time, package.rest_day)
        found[difficulty] = Promise(limit.text, end.due_at, end.provisional)
    return found
