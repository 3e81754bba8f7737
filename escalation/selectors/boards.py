"""Figures for the supervisors' board: bounded counts, no join over all cases. Each number equals the list behind it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from cases.rules.coordination import WITH_DEPARTMENT
from cases.rules.flow import OPEN, State
from cases.rules.grants import Actor
from cases.selectors.queues import count_up_to
from cases.selectors.shares import departments_of, loads
from escalation.models import SweepRun
from escalation.selectors.owed import running_clocks

LIMIT = 999  # a figure is counted no further
MOST = 2000  # running clocks that the table of departments looks at


class BoardFigures(NamedTuple):
    """Obligations past due and ending within a working day, cases to be accepted and open, each counted up to LIMIT + 1."""

    overdue: int
    soon: int
    filed: int
    open: int


def board_figures(actor: Actor, now: datetime, soon: datetime) -> BoardFigures:
    """Count what the actor sees, `soon` being the end of 将到期; four queries."""
    return BoardFigures(
        overdue=running_clocks(actor, since=None, before=now)[: LIMIT + 1].count(),
        soon=running_clocks(actor, since=now, before=soon)[: LIMIT + 1].count(),
        filed=count_up_to(actor, {State.FILED}, limit=LIMIT),
        open=count_up_to(actor, OPEN, limit=LIMIT),
    )


def last_sweep() -> datetime | None:
    """The moment up to which the last finished sweep judged the clocks (时限巡检), None before the first."""
    ended = SweepRun.objects.filter(finished_at__isnull=False).order_by("-as_of")
    return ended.values_list("as_of", flat=True).first()


class DepartmentLine(NamedTuple):
    """One department on the board: open cases by state, and its own obligations ending soon and overdue."""

    department_id: int | None
    name: str
    by_state: tuple[int, ...]  # in the order of WITH_DEPARTMENT
    open: int
    soon: int
    overdue: int


class DepartmentBoard(NamedTuple):
    """The departments, those most overdue first, with their sum; `complete` says whether all open cases were counted."""

    lines: list[DepartmentLine]
    total: DepartmentLine
    complete: bool


def department_board(actor: Actor, now: datetime, soon: datetime) -> DepartmentBoard:
    """Count what each department has in hand; three queries whatever the number of departments."""
    found, complete = loads(actor)
    clocks = list(
        running_clocks(actor, since=None, before=soon)
        .filter(share_id__isnull=False)
        .values_list("share_id", "due_at")[: MOST + 1]
    )
    departments = departments_of(share_id for share_id, _ in clocks)
    counted = Counter((departments[s][0], due_at < now) for s, due_at in clocks if s in departments)
    lines = [
        DepartmentLine(
            load.department_id,
            load.name,
            tuple(load.by_state[state] for state in WITH_DEPARTMENT),
            load.total,
            counted[load.department_id, False],
            counted[load.department_id, True],
        )
        for load in found
    ]
    lines.sort(key=lambda line: (-line.overdue, -line.soon, -line.open))
    return DepartmentBoard(lines, _sum(lines), complete and len(clocks) <= MOST)


def _sum(lines: list[DepartmentLine]) -> DepartmentLine:
    return DepartmentLine(
        None,
        "合计",
        tuple(sum(line.by_state[at] for line in lines) for at in range(len(WITH_DEPARTMENT))),
        sum(line.open for line in lines),
        sum(line.soon for line in lines),
        sum(line.overdue for line in lines),
    )
