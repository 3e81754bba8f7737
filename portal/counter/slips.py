"""《转办指引单》: what somebody takes along who was told where else to go: whom to ask, where, what to say there."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.rules import masking, scope
from cases.rules.flow import State
from portal.casepage import CasePage

CONTACT = "联系方式："  # how `scope.redirect_text` begins its last lines
CHANNEL = "请联系："
FIRST_WORDS = 60  # characters of the statement that a slip quotes
COPIES = ("存根联", "反映人联")


class Told(NamedTuple):
    """What the reporter was told, taken apart: the explanation, the channel, how to reach it."""

    explanation: str
    channel: str
    contact: str


class Slip(NamedTuple):
    """One slip; both copies say the same."""

    reason: str
    told: Told
    matter: str
    say: str
    reporter: str
    at: datetime | None
    copies: tuple[str, ...] = COPIES


def slip_of(page: CasePage) -> Slip | None:
    """The slip of a redirected case; None for any other, and after an erasure, when its words are gone."""
    explanation = next((text.body for text in page.texts if text.purpose == "explanation"), "")
    reason = scope.REASONS.get(page.case.redirect_reason)
    if page.facts.state is not State.REDIRECTED or reason is None or not explanation:
        return None
    matter = page.case.matter.name if page.case.matter_id else ""
    return Slip(
        reason.label,
        taken_apart(explanation, reason),
        matter,
        what_to_say(page.statement, matter),
        next((person.name for person in page.people if person.part == "reporter"), ""),
        page.case.closed_at,
    )


def taken_apart(text: str, reason: scope.Reason) -> Told:
    """Take the words of a redirect apart; what the clerk has written otherwise stays in the explanation.

    >>> taken_apart(scope.redirect_text("other_area", "邻市政务服务中心 0701-12345"), scope.REASONS["other_area"])[1:]
    ('有管辖权地区的政务服务窗口', '邻市政务服务中心 0701-12345')
    >>> taken_apart("请拨打 12315。", scope.REASONS["consumer"])
    Told(explanation='请拨打 12315。', channel='消费者投诉举报热线', contact='12315')
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    channel = next((line.removeprefix(CHANNEL) for line in lines if line.startswith(CHANNEL)), reason.channel)
    contact = next((line.removeprefix(CONTACT) for line in lines if line.startswith(CONTACT)), reason.contact)
    rest = [line for line in lines if not line.startswith((CHANNEL, CONTACT))]
    return Told("\n".join(rest), channel, contact)


def what_to_say(statement: str, matter: str) -> str:
    """Return what the reporter may say there, in their own words as far as they fit, without numbers that are personal.

    >>> what_to_say("健身房不退卡，我的电话13000000039。", "")
    '我要说的是：健身房不退卡，我的电话130****0039。'
    >>> what_to_say("", "营业执照设立登记"), what_to_say("", "")
    ('我要说的是“营业执照设立登记”这件事。', '')
    """
    said = masking.mask_text(" ".join(statement.split()))
    if said:
        return f"我要说的是：{said if len(said) <= FIRST_WORDS else said[:FIRST_WORDS] + '……'}"
    return f"我要说的是“{matter}”这件事。" if matter else ""
