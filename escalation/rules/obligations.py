"""Obligations (各环节时限): who owes what from which event to which. A new obligation is one more row.

Source: policy.md F1 (case and step clocks) and F3 (steps). A row names the kinds that start and stop its clock, what the
starting event must say, whether it runs on the case or on each share, and the step of the rule package that limits it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from cases.rules.classes import BAD_GRADES, ShareRole
from cases.rules.kinds import Happening, Kind


class Obligation(StrEnum):
    """What is owed, named as in words.OBLIGATIONS; in the order of computing, so that shares may look at their case."""

    ACCEPTANCE = "acceptance"  # 受理
    DISPATCH = "dispatch"  # 转办
    CASE = "case"  # 整件办结
    CHECK = "check"  # 窗口核对
    CALL_BACK = "call_back"  # 回访
    RATING_CONTACT = "rating_contact"  # 差评联系
    RECTIFY = "rectify"  # 差评整改
    MEETING = "meeting"  # 会商
    MINUTES = "minutes"  # 会商纪要
    SIGN = "sign"  # 部门签收
    CONTACT = "contact"  # 首次联系反映人
    RETURN = "return"  # 退回期限
    ANSWER = "answer"  # 部门答复
    APPEAL = "appeal"  # 申诉期限


_LEAD = ShareRole.LEAD.value
# What is owed after a closing; nothing of it for what was closed on paper, before the portal.
AFTERMATH = frozenset({Obligation.CALL_BACK, Obligation.RATING_CONTACT, Obligation.RECTIFY})


class Row(NamedTuple):
    """How one obligation's clock runs; `steps` maps the role of a share to its step ("" for the case).

    A role without a step owes nothing. `when` says of the starting event's data whether it counts. `first_is_blue`: the
    first lateness of a department in a while is a reminder, not a card (policy.md F4). `pauses`: a suspension (中止计时)
    stops it. `is_right`: something that a unit may do until then (退回, 申诉), so that its end is nobody's lateness.
    `of_each`: each starting event has a run of its own, stopped by an event whose data names it (`of`), by nothing else.
    """

    starts: frozenset[Kind]
    stops: frozenset[Kind]
    on_share: bool = False
    steps: Mapping[str, str] = MappingProxyType({})
    when: Callable[[Mapping[str, Any]], bool] = lambda data: True
    first_is_blue: bool = False
    pauses: bool = False
    is_right: bool = False
    of_each: bool = False


def _whole(step: str) -> Mapping[str, str]:
    return MappingProxyType({"": step})


def _shares(**steps: str) -> Mapping[str, str]:
    return MappingProxyType({ShareRole(role).value: step for role, step in steps.items()})


def _is_bad(data: Mapping[str, Any]) -> bool:
    return data.get("grade") in BAD_GRADES


# After these nothing is owed any more, whatever the row says; what they start (回访) is owed anew.
ENDINGS = frozenset({Kind.CLOSED, Kind.RESOLVED, Kind.REDIRECTED, Kind.WITHDRAWN, Kind.ERASED})

OBLIGATIONS: Mapping[Obligation, Row] = MappingProxyType(
    {
        Obligation.ACCEPTANCE: Row(
            starts=frozenset({Kind.SUBMITTED, Kind.REGISTERED}),
            stops=frozenset({Kind.ACCEPTED}),
            steps=_whole("acceptance"),
        ),
        Obligation.DISPATCH: Row(
            starts=frozenset({Kind.ACCEPTED, Kind.REOPENED}),
            stops=frozenset({Kind.DISPATCHED}),
            steps=_whole("dispatch"),
        ),
        Obligation.CASE: Row(  # its limit comes from difficulty and nature, not from a step
            starts=frozenset({Kind.ACCEPTED, Kind.REOPENED}),
            stops=frozenset(),
            pauses=True,
        ),
        Obligation.CHECK: Row(  # from the answer that made the joint case ready
            starts=frozenset({Kind.ANSWERED}),
            stops=frozenset({Kind.PUBLISHED, Kind.SENT_BACK}),
            steps=_whole("check"),
            when=lambda data: data.get("ready") is True,
        ),
        Obligation.CALL_BACK: Row(
            starts=frozenset({Kind.CLOSED, Kind.RESOLVED}),
            stops=frozenset({Kind.CALLED_BACK, Kind.REOPENED}),
            steps=_whole("call_back"),
        ),
        Obligation.RATING_CONTACT: Row(  # who was called back said it to us: that was the contact
            starts=frozenset({Kind.RATED}),
            stops=frozenset({Kind.RATER_CONTACTED, Kind.RECTIFIED, Kind.REOPENED}),
            steps=_whole("rating_contact"),
            when=_is_bad,
        ),
        Obligation.RECTIFY: Row(
            starts=frozenset({Kind.RATED, Kind.CALLED_BACK}),
            stops=frozenset({Kind.RECTIFIED, Kind.REOPENED}),
            steps=_whole("rectify"),
            when=_is_bad,
        ),
        Obligation.MEETING: Row(
            starts=frozenset({Kind.MEETING_CALLED}),
            stops=frozenset({Kind.MEETING_HELD}),
            steps=_whole("meeting"),
        ),
        Obligation.MINUTES: Row(
            starts=frozenset({Kind.MEETING_HELD}),
            stops=frozenset({Kind.MINUTES_FILED}),
            steps=_whole("meeting_minutes"),
        ),
        Obligation.SIGN: Row(  # an answer counts as signing
            starts=frozenset({Kind.DISPATCHED}),
            stops=frozenset({Kind.SIGNED, Kind.ANSWERED, Kind.RETURNED}),
            on_share=True,
            steps=_shares(lead="sign", co="sign"),
            first_is_blue=True,
        ),
        Obligation.CONTACT: Row(  # of the lead alone; who has answered can no longer make a first contact
            starts=frozenset({Kind.SIGNED}),
            stops=frozenset({Kind.CONTACTED, Kind.ANSWERED, Kind.RETURNED}),
            on_share=True,
            steps=_shares(lead="contact"),
            first_is_blue=True,
        ),
        Obligation.RETURN: Row(
            starts=frozenset({Kind.DISPATCHED}),
            stops=frozenset({Kind.RETURNED, Kind.ANSWERED}),
            on_share=True,
            steps=_shares(lead="return", co="return"),
            is_right=True,
        ),
        Obligation.ANSWER: Row(  # asked to answer again, a department gets its step anew, the case does not
            starts=frozenset({Kind.DISPATCHED, Kind.SENT_BACK}),
            stops=frozenset({Kind.ANSWERED, Kind.RETURNED}),
            on_share=True,
            steps=_shares(lead="answer", co="co_answer"),
            pauses=True,
        ),
        Obligation.APPEAL: Row(  # from when the card was known; it outlives the case
            starts=frozenset({Kind.CARD_ISSUED}),
            stops=frozenset({Kind.APPEALED}),
            steps=_whole("appeal"),
            when=lambda data: data.get("colour") in {"yellow", "red"} and bool(data.get("department_id")),
            is_right=True,
            of_each=True,
        ),
    }
)


def step_of(obligation: Obligation, role: str) -> str | None:
    """Return the step that limits an obligation, for a share of `role` ("" for the case); None when nothing is owed.

    >>> step_of(Obligation.CONTACT, "lead"), step_of(Obligation.CONTACT, "co"), step_of(Obligation.CHECK, "")
    ('contact', None, 'check')
    """
    return OBLIGATIONS[obligation].steps.get(role)


def starts(event: Happening, obligation: Obligation) -> bool:
    """Say whether an event starts an obligation: its kind, what it says, and the role of its share.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 23, tzinfo=UTC)
    >>> def answered(ready: bool) -> Happening:
    ...     return Happening(5, Kind.ANSWERED, at, at, 7, {"role": "lead", "ready": ready})
    >>> starts(answered(True), Obligation.CHECK), starts(answered(False), Obligation.CHECK)
    (True, False)
    """
    row = OBLIGATIONS[obligation]
    if event.data.get("carried") and row.on_share:
        return False  # a unit without account owes the portal nothing: the window carries its share
    if event.data.get("paper") and obligation in AFTERMATH:
        return False  # closed before the portal
    if event.kind not in row.starts or not row.when(event.data):
        return False
    return not row.on_share or role_of(event) in row.steps


def role_of(event: Happening) -> str:
    """Return the role of the share that an event is about."""
    return str(event.data.get("role", _LEAD))
