"""What would be promised if a case were accepted or dispatched now: shown before the clerk presses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.classes import Difficulty, ShareRole
from escalation.rules.deadlines import Deadline, deadline, resolve
from escalation.rules.hours import CHINA
from escalation.rules.obligations import Obligation, step_of
from escalation.selectors.clocks import ClockView
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


def share_promises(hall_id: int, case: ClockView, now: datetime) -> dict[ShareRole, Promise]:
    """Return by when a department dispatched to at `now` would owe its answer, by role; `case` is the whole case's clock.

    The lead has until the case ends, a co-handler half of what is left (policy.md F3). One query.
    """
    versions = in_force()
    work_time, package = versions.work_time(hall_id), versions.rulebook.version(case.rule_version)
    whole = Deadline(case.started_at.astimezone(CHINA).date(), case.due_at, case.provisional)
    found = {}
    for role in ShareRole:
        step = package.steps[step_of(Obligation.ANSWER, role.value) or ""]
        limit = resolve(step.limit, now, whole)
        end = deadline(now, limit, work_time, package.rest_day, case=whole)
        found[role] = Promise(limit.text, end.due_at, end.provisional)
    return found
