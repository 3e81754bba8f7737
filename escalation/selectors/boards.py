"""Figures for the supervisors' board: bounded counts, no join over all cases. Each number equals the list behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import NamedTuple

from cases.rules.grants import Actor
from cases.selectors.shares import Step, departments_of, loads
from escalation.rules.cards import Colour
from escalation.selectors.cards import live_counts
from escalation.selectors.owed import running_clocks

MOST = 2000  # running clocks that the board looks at


class DepartmentLine(NamedTuple):
    """One department on the board: open cases by step; cases ending soon and overdue by its own clocks; its live cards."""

    department_id: int | None
    name: str
    by_step: tuple[int, ...]  # in the order of Step
    open: int
    soon: int
    overdue: int
    yellow: int
    red: int

    @property
    def steps(self) -> list[tuple[Step, int]]:
        """Each step with its number."""
        return list(zip(Step, self.by_step, strict=True))


class Figures(NamedTuple):
    """Cases ending within a working day and overdue, live yellow and red cards of all units."""

    soon: int
    yellow: int
    red: int
    overdue: int


class Board(NamedTuple):
    """The figures, the departments (those worst off first) and their sum; `complete` says whether everything was counted."""

    figures: Figures
    lines: list[DepartmentLine]
    total: DepartmentLine
    complete: bool


def board(actor: Actor, now: datetime, soon: datetime) -> Board:
    """Count what the actor sees, `soon` being the end of 将到期; four queries whatever the number of departments."""
    found, loads_complete = loads(actor)
    clocks = list(
        running_clocks(actor, since=None, before=soon).values_list("case_id", "share_id", "due_at")[
            : MOST + 1
        ]
    )
    owners = departments_of(share_id for _, share_id, _ in clocks if share_id is not None)
    cases: dict[tuple[int | None, bool], set[int]] = defaultdict(set)
    for case_id, share_id, due_at in clocks:
        cases[None, due_at < now].add(case_id)
        if share_id in owners:
            cases[owners[share_id][0], due_at < now].add(case_id)
    cards = Counter[tuple[int | None, str]]()
    for count in live_counts(actor):
        cards[count.department_id, count.colour] += count.number
    lines = [
        DepartmentLine(
            load.department_id,
            load.name,
            tuple(load.by_step[step] for step in Step),
            load.total,
            len(cases[load.department_id, False]),
            len(cases[load.department_id, True]),
            cards[load.department_id, Colour.YELLOW.value],
            cards[load.department_id, Colour.RED.value],
        )
        for load in found
    ]
    lines.sort(key=lambda line: (-line.red, -line.yellow, -line.overdue, -line.soon, -line.open))
    of_colour = {c: sum(n for (_, colour), n in cards.items() if colour == c) for c in Colour}
    figures = Figures(
        len(cases[None, False]), of_colour[Colour.YELLOW], of_colour[Colour.RED], len(cases[None, True])
    )
    return Board(figures, lines, _sum(lines), loads_complete and len(clocks) <= MOST)


def _sum(lines: list[DepartmentLine]) -> DepartmentLine:
    numbers = [line[3:] for line in lines]
    return DepartmentLine(
        None,
        "合计",
        tuple(sum(line.by_step[at] for line in lines) for at in range(len(Step))),
        *(sum(row[at] for row in numbers) for at in range(5)),
    )
