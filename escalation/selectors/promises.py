"""What would be promised if a case were accepted or dispatched now: shown before the clerk presses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.classes import Difficulty, ShareRole
from cases.rules.kinds import Happening, Kind
from cases.selectors.timelines import timelines_of
from escalation.rules.clocks import Key
from escalation.rules.deadlines import deadline
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView
from escalation.selectors.explaining import Asked
from escalation.selectors.versions import in_force

NOBODY = 0  # the share that a department would get


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


def share_promises(clocks: Sequence[ClockView], now: datetime) -> dict[ShareRole, Promise]:
    """Return by when a department dispatched to at `now` would owe its answer, by role; `clocks` are those of one case.

    The fold is asked what it will say: the timeline is told with the dispatch at its end. Empty before acceptance; two queries.
    """
    if all(clock.obligation is not Obligation.CASE for clock in clocks):
        return {}
    case_id = clocks[0].case_id
    timeline = timelines_of([case_id])[case_id]
    asked = Asked(timeline, {clock.key: clock.calendar_version for clock in clocks}, in_force())
    return {role: _share_promise(asked, role, now) for role in ShareRole}


def _share_promise(asked: Asked, role: ShareRole, now: datetime) -> Promise:
    told = Happening(asked.timeline[-1].version + 1, Kind.DISPATCHED, now, now, NOBODY, {"role": role.value})
    folded = asked.folded([*asked.timeline, told])
    clock = next(one for one in folded if one.key == Key(Obligation.ANSWER, NOBODY, told.version))
    return Promise(clock.limit.text, clock.due.due_at, clock.due.provisional)
