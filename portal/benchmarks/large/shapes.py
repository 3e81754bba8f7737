"""The lives that cases of the large city lead: which acts, by whom, on which working day, and how common each is.

Shares are by guess, close to what windows publish: about half is solved or sent on at the counter, two in a hundred are open.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cases.rules.classes import Conclusion, ContactWay, Difficulty, Outcome, Recurrence, Resolution
from cases.rules.flow import Act


class Step(NamedTuple):
    """One act: on the so-many-th working day of the case, at an hour, by window, lead, co, reporter or supervisor."""

    day: int
    at: str
    act: Act
    by: str
    values: dict[str, Any] = {}


class Shape(NamedTuple):
    """A life; `share` of a thousand cases lead it. `since`: of an open one, how many working days ago it began."""

    name: str
    share: int
    steps: tuple[Step, ...]
    since: int | None = None
    joint: bool = False  # with a co-handler


_ACCEPT: dict[str, Any] = {"difficulty": Difficulty.ORDINARY}
_TALK: dict[str, Any] = {"way": ContactWay.PHONE, "reached": True}
_ANSWER: dict[str, Any] = {"conclusion": Conclusion.DONE, "text": "材料已经补齐，证照已办好，可到窗口领取。"}
_REPLY = {"text": "您反映的事项已经办好，请带身份证到窗口领取。"}
_CLOSE: dict[str, Any] = {
    "outcome": Outcome.DONE,
    "evidence": "已电话核实，本人确认领到。",
    "recurrence": Recurrence.UNSURE,
}
_SPOT: dict[str, Any] = {**_CLOSE, "reply": "已当场帮您提交，请留意短信。"}
_CALL: dict[str, Any] = {"reached": True, "resolution": Resolution.SOLVED, "grade": 5}
_RATE: dict[str, Any] = {"resolution": Resolution.PARTLY, "grade": 3}
_AGAIN: dict[str, Any] = {"reason": "证上的地址写错了。", "new_facts": False, "until": None}

_FILED = (Step(0, "09:05", Act.SUBMIT, "reporter"),)
_TAKEN = (*_FILED, Step(0, "10:10", Act.ACCEPT, "window", _ACCEPT))
_SENT = (*_TAKEN, Step(0, "10:20", Act.DISPATCH, "window"))
_SIGNED = (*_SENT, Step(0, "11:05", Act.SIGN, "lead"))
_MET = (*_SIGNED, Step(0, "15:30", Act.CONTACT, "lead", _TALK))
_ANSWERED = (*_MET, Step(2, "10:15", Act.ANSWER, "lead", _ANSWER))
_REPLIED = (*_ANSWERED, Step(2, "15:00", Act.PUBLISH, "window", _REPLY))
_CLOSED = (*_REPLIED, Step(2, "16:10", Act.CLOSE, "window", _CLOSE))
_DONE = (*_CLOSED, Step(3, "10:00", Act.CALL_BACK, "window", _CALL))
_RATED = (*_CLOSED, Step(2, "20:15", Act.RATE, "reporter", _RATE), _DONE[-1])
_LATE = (*_SENT, Step(7, "10:00", Act.ANSWER, "lead", _ANSWER))
_HALF = (*_MET, Step(1, "16:00", Act.ANSWER, "co", _ANSWER))


def _later(days: int, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step._replace(day=step.day + days) for step in steps)


_WHOLE = _later(5, _SENT[2:] + _CLOSED[3:])
_AFTER_LATE = _later(5, _REPLIED[-1:] + _CLOSED[-1:] + _DONE[-1:])

SHAPES = (
    Shape(
        "solved on the spot",
        375,
        (
            Step(0, "09:30", Act.REGISTER, "window"),
            Step(0, "09:45", Act.RESOLVE, "window", _SPOT),
            Step(1, "10:00", Act.CALL_BACK, "window", _CALL),
        ),
    ),
    Shape(
        "redirected",
        120,
        (
            *_FILED,
            Step(0, "10:30", Act.REDIRECT, "window", {"reason": "consumer", "explanation": "请拨打 12315。"}),
        ),
    ),
    Shape("withdrawn", 30, (*_TAKEN, Step(1, "09:00", Act.WITHDRAW, "reporter"))),
    Shape("done", 300, _DONE),
    Shape("rated", 60, _RATED),
    Shape("joint", 40, (*_HALF, *_DONE[5:]), joint=True),
    Shape("late", 30, (*_LATE, *_AFTER_LATE)),
    Shape(
        "reopened",
        20,
        (
            *_DONE,
            Step(5, "09:40", Act.REOPEN, "reporter", _AGAIN),
            *_WHOLE,
            Step(9, "10:00", Act.CALL_BACK, "window", _CALL),
        ),
    ),
    Shape("to call back", 5, _CLOSED, since=3),
    Shape("filed", 2, _FILED, since=1),
    Shape("filed and forgotten", 1, _FILED, since=4),
    Shape("accepted", 2, _TAKEN, since=1),
    Shape("unsigned", 3, _SENT, since=1),
    Shape("handling", 4, _MET, since=2),
    Shape("half answered", 2, _HALF, since=2, joint=True),
    Shape("overdue", 2, _MET, since=9),
    Shape("to check", 2, _ANSWERED, since=3),
    Shape("replied", 1, _REPLIED, since=3),
    Shape(
        "reopened and open", 1, (*_DONE, Step(5, "09:40", Act.REOPEN, "reporter", _AGAIN), _WHOLE[0]), since=6
    ),
)

_TRY: dict[str, Any] = {"way": ContactWay.PHONE, "reached": False}

# One life alone, for measuring the fold: 12 events on one share, and no card, for it is answered a day sooner than most.
TWELVE = (
    Shape(
        "twelve events",
        1,
        (
            *_SIGNED,
            Step(0, "11:30", Act.CONTACT, "lead", _TRY),
            Step(0, "15:30", Act.CONTACT, "lead", _TALK),
            Step(1, "09:00", Act.CONTACT, "lead", _TALK),
            *_later(-1, _RATED[len(_MET) :]),
        ),
    ),
)

# Open cases alone, for what a new calendar does to all of them.
OPEN = (
    Shape("accepted", 50, _TAKEN, since=1),
    Shape("unsigned", 250, _SENT, since=1),
    Shape("handling", 300, _MET, since=2),
    Shape("half answered", 150, _HALF, since=2, joint=True),
    Shape("to check", 150, _ANSWERED, since=3),
    Shape("replied", 100, _REPLIED, since=3),
)
