"""The status layer of a followed case: how it stands and by when. It holds no text, no name and no department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cases.errors import CaseNotFoundError
from cases.rules import words
from cases.rules.flow import State, citizen_step
from cases.rules.grants import Actor
from cases.selectors.cases import case_for
from cases.selectors.causes import cause_sentence
from escalation.rules.obligations import Obligation
from escalation.rules.standing import Tone
from escalation.selectors.clocks import ClockView, due_of
from escalation.selectors.versions import InForce

NOTHING_TO_DO = ("现在不用您做什么。", "需要材料时，我们会打电话说清楚。")
# What the reporter has to do, in each state: what is so, and what then.
NEEDED = {
    State.FILED: NOTHING_TO_DO,
    State.ACCEPTED: NOTHING_TO_DO,
    State.HANDLING: NOTHING_TO_DO,
    State.ANSWERED: NOTHING_TO_DO,
    State.REPLIED: ("请看答复。", "还有没解决的，请打电话或者到窗口告诉我们。"),
    State.CLOSED: ("这件事已经办结。", ""),
    State.REDIRECTED: ("请按答复里写的，到该办的地方办。", "不清楚怎么办，请打电话问我们。"),
    State.WITHDRAWN: ("这件事已经撤回。", "以后还可以再反映。"),
}
AFTER_ERASURE = ("不用您做什么。", "有新的问题，可以重新反映。")


class Promise(NamedTuple):
    """The due moment in words for citizens; `late` is said honestly, in words, never as a card."""

    label: str
    due_at: datetime
    is_open: bool
    remark: str
    late: bool
    provisional: bool


@dataclass(frozen=True)
class Status:
    """The status layer: no text, no name, no department. What number and last four digits open."""

    number: str
    place: str
    state: str
    step: int
    steps: Sequence[str]
    needed: tuple[str, str]
    is_calm: bool  # nothing to do
    again: int  # how often it was reopened
    promise: Promise | None
    erased_at: datetime | None


def opened_case(actor: Actor, number: str) -> Any | None:
    """The case, if this session has opened it; missing, hidden and expired look alike."""
    try:
        return case_for(actor, number)
    except CaseNotFoundError:
        return None


def status_of(case: Any, due: ClockView | None, cause: str = "") -> Status:
    """The status layer of a case; `cause` is the sentence about what everybody waits for (外部原因), if there is one."""
    state = State(case.state)
    return Status(
        number=case.number,
        place=case.place,
        state=words.CITIZEN_STATES[state.value],
        step=citizen_step(state),
        steps=words.CITIZEN_STEPS if state is not State.WITHDRAWN else (),
        needed=AFTER_ERASURE if case.erased_at else NEEDED[state],
        is_calm=bool(case.erased_at) or NEEDED[state] is NOTHING_TO_DO,
        again=case.reopenings,
        promise=promise_of(case, due, cause) if due else None,
        erased_at=case.erased_at,
    )


def current_status(case: Any, now: datetime, versions: InForce) -> Status:
    """The status layer as it is now; one query, two while time stands still."""
    due = due_of(case.pk, now, versions)
    still = due is not None and due.standing.tone is Tone.PAUSED
    return status_of(case, due, cause_sentence(case.pk) if still else "")


def promise_of(case: Any, due: ClockView, cause: str = "") -> Promise | None:
    """What was promised, and how it stands. After the reply: how the promise was kept."""
    accepting = due.obligation is Obligation.ACCEPTANCE
    is_open = citizen_step(State(case.state)) < len(words.CITIZEN_STEPS)
    if (not is_open and (accepting or case.replied_at is None)) or (is_open and not due.is_running):
        return None
    if not is_open:
        late = case.replied_at > due.due_at
        remark = "答复比承诺的时间晚了，对不起。" if late else "已在承诺的时间前答复。"
        return Promise("承诺的答复时间", due.due_at, False, remark, late, due.provisional)
    label = "最晚受理时间" if accepting else "最晚答复时间"
    late = due.standing.tone is Tone.OVERDUE
    return Promise(label, due.due_at, True, cause + _standing_text(due), late, due.provisional)


def _standing_text(due: ClockView) -> str:
    days = due.standing.days
    if due.standing.tone is Tone.OVERDUE:
        over = f"已超过承诺时间 {days} 个工作日" if days else "已超过承诺时间"
        return f"{over}，督办专员会跟进。"
    if due.standing.tone is Tone.PAUSED:
        return f"办理时间现在暂停计算，之后还有 {days} 个工作日。"
    return "今天到期。" if due.standing.tone is Tone.TODAY else f"还有 {days} 个工作日。"
