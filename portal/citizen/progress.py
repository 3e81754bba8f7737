"""What a citizen is shown of a case, in two layers that cannot leak into one another: its status, and all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from cases.errors import CaseNotFoundError
from cases.rules import words
from cases.rules.flow import State, citizen_step
from cases.rules.grants import Actor
from cases.rules.kinds import Kind
from cases.selectors.cases import case_for
from cases.selectors.content import FileLine, Text, files_for, texts_for
from cases.selectors.timelines import Line, lines_for
from escalation.rules.explain import ExplainStep, StepKind, day_text
from escalation.rules.obligations import Obligation
from escalation.rules.standing import Tone
from escalation.selectors.clocks import ClockView, due_of
from escalation.selectors.promised import promised

NOTHING_TO_DO = ("现在不用您做什么。", "需要材料时，我们会打电话说清楚。")
# What the reporter has to do, in each state: what is so, and what then.
NEEDED = {
    State.FILED: NOTHING_TO_DO,
    State.ACCEPTED: NOTHING_TO_DO,
    State.HANDLING: NOTHING_TO_DO,
    State.ANSWERED: NOTHING_TO_DO,
    State.REPLIED: ("请看答复。", "问题没有解决，请打电话或者到窗口告诉我们。"),
    State.CLOSED: ("这件事已经办结。", "问题没有解决，请打电话或者到窗口告诉我们。"),
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
    promise: Promise | None
    erased_at: datetime | None


class Event(NamedTuple):
    """One line of the story in words for citizens."""

    text: str
    at: datetime


@dataclass(frozen=True)
class Whole:
    """The whole layer: what number and query code open, beside the status."""

    case: Any
    statement: str
    replies: list[Text]
    events: list[Event]
    files: list[FileLine]
    departments: list[str]


def opened_case(actor: Actor, number: str) -> Any | None:
    """The case, if this session has opened it; missing, hidden and expired look alike."""
    try:
        return case_for(actor, number)
    except CaseNotFoundError:
        return None


def status_of(case: Any, due: ClockView | None) -> Status:
    """The status layer of a case."""
    state = State(case.state)
    return Status(
        number=case.number,
        place=case.place,
        state=words.CITIZEN_STATES[state.value],
        step=citizen_step(state),
        steps=words.CITIZEN_STEPS,
        needed=AFTER_ERASURE if case.erased_at else NEEDED[state],
        promise=promise_of(case, due) if due else None,
        erased_at=case.erased_at,
    )


def current_status(case: Any, now: datetime) -> Status:
    """The status layer as it is now; two queries."""
    return status_of(case, due_of(case.pk, now))


def promise_of(case: Any, due: ClockView) -> Promise | None:
    """What was promised, and how it stands. After the reply: how the promise was kept."""
    accepting = due.obligation is Obligation.ACCEPTANCE
    is_open = citizen_step(State(case.state)) < len(words.CITIZEN_STEPS)
    if not is_open and (accepting or case.replied_at is None):
        return None
    if not is_open:
        late = case.replied_at > due.due_at
        remark = "答复比承诺的时间晚了，对不起。" if late else "已在承诺的时间前答复。"
        return Promise("承诺的答复时间", due.due_at, False, remark, late, due.provisional)
    label = "最晚受理时间" if accepting else "最晚答复时间"
    late = due.standing.tone is Tone.OVERDUE
    return Promise(label, due.due_at, True, _standing_text(due), late, due.provisional)


def _standing_text(due: ClockView) -> str:
    days = due.standing.days
    if due.standing.tone is Tone.OVERDUE:
        over = f"已超过承诺时间 {days} 个工作日" if days else "已超过承诺时间"
        return f"{over}，督办专员会跟进。"
    return "今天到期。" if due.standing.tone is Tone.TODAY else f"还有 {days} 个工作日。"


def whole_of(actor: Actor, case: Any) -> Whole:
    """The whole layer: texts, replies, story, files."""
    texts, lines = texts_for(actor, case), lines_for(actor, case.pk)
    told = [(line, words.citizen_event(line.kind.value, line.department)) for line in lines]
    return Whole(
        case=case,
        statement=next((text.body for text in texts if text.purpose == "statement"), ""),
        replies=[text for text in texts if text.purpose != "statement"],
        events=[Event(sentence, line.happened_at) for line, sentence in told if sentence],
        files=files_for(actor, case) if _has_files(lines) else [],
        departments=[line.department for line in reversed(lines) if line.kind is Kind.DISPATCHED],
    )


def _has_files(lines: Sequence[Line]) -> bool:
    """The story itself says whether files came in: most cases have none, and cost no query for them."""
    return any(line.data.get("files") for line in lines)


class Day(NamedTuple):
    """One row of the reckoning."""

    on: date
    text: str
    counts: bool
    is_due: bool


class Reckoning(NamedTuple):
    """为什么是这一天: sentences before, one row a day, sentences after."""

    before: list[str]
    days: list[Day]
    after: list[str]


def reckoning_of(steps: Sequence[ExplainStep]) -> Reckoning:
    """Lay out an explanation as a table of days."""
    by_day = (StepKind.DAY_ZERO, StepKind.COUNTED, StepKind.SKIPPED)
    due_on = next((step.on for step in steps if step.kind is StepKind.DUE), None)
    days = [
        Day(step.on, _without_date(step), step.kind is StepKind.COUNTED, step.on == due_on)
        for step in steps
        if step.kind in by_day and step.on
    ]
    first = (StepKind.RECEIVED, StepKind.DEEMED, StepKind.LIMIT)
    return Reckoning(
        before=[step.text for step in steps if step.kind in first],
        days=days,
        after=[step.text for step in steps if step.kind not in (*first, *by_day)],
    )


def _without_date(step: ExplainStep) -> str:
    text = step.text.removeprefix(day_text(step.on)) if step.on else step.text
    return text.rstrip("。").lstrip("，")


def explained(case: Any, now: datetime) -> tuple[Status, Reckoning | None]:
    """The status with its reckoning, for the receipt and the page 为什么是这一天; three queries."""
    found = promised(case.pk, now)
    if found is None:
        return status_of(case, None), None
    return status_of(case, found.due), reckoning_of(found.why)
