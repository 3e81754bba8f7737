"""Whose turn it is (该谁办): in each state one side owes the next step. Source: policy.md F3.

Here it is also decided whether a joint case (several departments) is ready for the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from cases.rules.classes import CALL_ATTEMPTS, CALL_DAYS
from cases.rules.flow import ENDED, State

CHINA = ZoneInfo("Asia/Shanghai")


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


def is_ready(answered: Iterable[bool]) -> bool:
    """Say whether a case may go to the window: every live share, lead and co-handlers alike, has its answer.

    >>> is_ready([True, False]), is_ready([True, True]), is_ready([])
    (False, True, False)
    """
    found = list(answered)
    return bool(found) and all(found)


def is_tried_enough(calls: Iterable[datetime]) -> bool:
    """Say whether failed calls at these moments are enough to stop trying: 3 attempts on at least 2 days (policy.md F3).

    >>> monday = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
    >>> tuesday = datetime(2026, 11, 24, 9, 30, tzinfo=CHINA)
    >>> is_tried_enough([monday] * 3), is_tried_enough([monday, tuesday]), is_tried_enough([monday, monday, tuesday])
    (False, False, True)
    """
    days = [call.astimezone(CHINA).date() for call in calls]
    return len(days) >= CALL_ATTEMPTS and len(set(days)) >= CALL_DAYS
