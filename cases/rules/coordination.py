"""Whose turn it is (该谁办): in each state one side owes the next step. Source: policy.md F3.

Later, when cases have several shares, this is also where it is decided whether a joint case is ready.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from cases.rules.flow import ENDED, State


class Side(StrEnum):
    """Who owes the next step."""

    WINDOW = "window"  # 窗口
    DEPARTMENT = "department"  # 主办部门
    NOBODY = "nobody"  # 已办结、已转其他渠道、已撤回


TURNS: Mapping[State, Side] = MappingProxyType(
    {
        State.FILED: Side.WINDOW,
        State.ACCEPTED: Side.WINDOW,
        State.HANDLING: Side.DEPARTMENT,
        State.ANSWERED: Side.WINDOW,
        State.REPLIED: Side.WINDOW,
        **dict.fromkeys(ENDED, Side.NOBODY),
    }
)

# The states of a case that a department has been given and that has not ended, in order: the columns of boards.
WITH_DEPARTMENT: tuple[State, ...] = (State.HANDLING, State.ANSWERED, State.REPLIED)


def whose_turn(state: State) -> Side:
    """Return the side that owes the next step of a case in `state`.

    >>> whose_turn(State.ACCEPTED), whose_turn(State.HANDLING), whose_turn(State.ANSWERED)
    (<Side.WINDOW: 'window'>, <Side.DEPARTMENT: 'department'>, <Side.WINDOW: 'window'>)
    >>> whose_turn(State.CLOSED)
    <Side.NOBODY: 'nobody'>
    """
    return TURNS[state]
