"""The state machine of a case: State, Act, MOVES. The only place that knows which act is possible when."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from cases.errors import IllegalMoveError


class State(StrEnum):
    """Where a case stands (状态)."""

    FILED = "filed"  # 待受理
    ACCEPTED = "accepted"  # 已受理
    HANDLING = "handling"  # 部门办理中
    ANSWERED = "answered"  # 待窗口核对
    REPLIED = "replied"  # 已答复
    CLOSED = "closed"  # 已办结
    REDIRECTED = "redirected"  # 已转其他渠道
    WITHDRAWN = "withdrawn"  # 已撤回


class Act(StrEnum):
    """What a person may do (动作)."""

    SUBMIT = "submit"
    REGISTER = "register"
    ACCEPT = "accept"
    REDIRECT = "redirect"
    RESOLVE = "resolve"
    DISPATCH = "dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    ANSWER = "answer"
    CARRY = "carry"  # 代录答复, for a unit without account
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    CLOSE = "close"
    CALL_BACK = "call_back"
    RATE = "rate"
    REOPEN = "reopen"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    SUPERVISE = "supervise"
    SUSPEND = "suspend"
    RENEW = "renew"
    RESUME = "resume"
    EXTEND = "extend"
    RECLASSIFY = "reclassify"
    REDISPATCH = "redispatch"
    CALL_MEETING = "call_meeting"
    HOLD_MEETING = "hold_meeting"
    FILE_MINUTES = "file_minutes"
    CONTACT_RATER = "contact_rater"
    RECTIFY = "rectify"
    ERASE = "erase"


class Move(NamedTuple):
    """From which states an act is possible, and where it leads (None: the state stays).

    An answer, carried or not, leads on only when the joint case is ready (`coordination.is_ready`); until then the state stays.
    """

    sources: frozenset[State]
    target: State | None


ENDED = frozenset({State.CLOSED, State.REDIRECTED, State.WITHDRAWN})
OPEN = frozenset(State) - ENDED
IN_HAND = OPEN - {State.FILED}  # accepted and not ended: the whole case's limit runs
CREATION = frozenset({Act.SUBMIT, Act.REGISTER})

MOVES: Mapping[Act, Move] = MappingProxyType(
    {
        Act.SUBMIT: Move(frozenset(), State.FILED),
        Act.REGISTER: Move(frozenset(), State.FILED),
        Act.ACCEPT: Move(frozenset({State.FILED}), State.ACCEPTED),
        Act.REDIRECT: Move(frozenset({State.FILED}), State.REDIRECTED),
        Act.RESOLVE: Move(frozenset({State.FILED, State.ACCEPTED}), State.CLOSED),
        Act.DISPATCH: Move(frozenset({State.ACCEPTED}), State.HANDLING),
        Act.SIGN: Move(frozenset({State.HANDLING}), None),
        Act.CONTACT: Move(frozenset({State.HANDLING}), None),
        Act.ANSWER: Move(frozenset({State.HANDLING}), State.ANSWERED),
        Act.CARRY: Move(frozenset({State.HANDLING}), State.ANSWERED),
        Act.SEND_BACK: Move(frozenset({State.ANSWERED}), State.HANDLING),
        Act.PUBLISH: Move(frozenset({State.ANSWERED}), State.REPLIED),
        Act.CLOSE: Move(frozenset({State.REPLIED}), State.CLOSED),
        Act.CALL_BACK: Move(frozenset({State.CLOSED}), None),
        Act.RATE: Move(frozenset({State.CLOSED}), None),
        Act.REOPEN: Move(frozenset({State.CLOSED}), State.ACCEPTED),
        Act.SUPPLEMENT: Move(OPEN, None),
        Act.WITHDRAW: Move(OPEN, State.WITHDRAWN),
        Act.SUPERVISE: Move(OPEN, None),
        **{
            act: Move(IN_HAND, None)
            for act in (
                Act.SUSPEND,
                Act.RENEW,
                Act.RESUME,
                Act.EXTEND,
                Act.RECLASSIFY,
                Act.CALL_MEETING,
                Act.HOLD_MEETING,
                Act.FILE_MINUTES,
            )
        },
        Act.REDISPATCH: Move(frozenset({State.HANDLING}), None),
        Act.CONTACT_RATER: Move(frozenset({State.CLOSED}), None),
        Act.RECTIFY: Move(frozenset({State.CLOSED}), None),
        Act.ERASE: Move(ENDED, None),
    }
)


def is_possible(state: State, act: Act) -> bool:
    """Say whether `act` is possible while the case is in `state`.

    >>> is_possible(State.FILED, Act.ACCEPT), is_possible(State.ACCEPTED, Act.ACCEPT)
    (True, False)
    """
    return state in MOVES[act].sources


def next_state(state: State, act: Act) -> State:
    """Return the state that `act` leads to.

    >>> next_state(State.FILED, Act.ACCEPT)
    <State.ACCEPTED: 'accepted'>
    >>> next_state(State.CLOSED, Act.ERASE)
    <State.CLOSED: 'closed'>
    >>> next_state(State.CLOSED, Act.ANSWER)
    Traceback (most recent call last):
    cases.errors.IllegalMoveError: 现在不能进行这个操作。
    """
    if not is_possible(state, act):
        raise IllegalMoveError
    return MOVES[act].target or state


# The five steps that a citizen is shown, and which state stands at which.
CITIZEN_STEPS: tuple[frozenset[State], ...] = (
    frozenset({State.FILED}),
    frozenset({State.ACCEPTED}),
    frozenset({State.HANDLING}),
    frozenset({State.ANSWERED}),
    frozenset({State.REPLIED, State.CLOSED, State.REDIRECTED, State.WITHDRAWN}),
)


def citizen_step(state: State) -> int:
    """Return the number (1 to 5) of the step that the citizen sees for `state`.

    >>> [citizen_step(s) for s in (State.FILED, State.HANDLING, State.CLOSED)]
    [1, 3, 5]
    """
    return next(n for n, states in enumerate(CITIZEN_STEPS, 1) if state in states)
