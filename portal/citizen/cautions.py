"""Things worth a second look before filing: a quicker channel, or numbers that nobody needs (pages.md C2, states)."""

from __future__ import annotations

import re
from typing import NamedTuple

from cases.rules import scope
from cases.rules.masking import find_personal
from portal.citizen.drafts import Draft

PERSONAL = "personal"
# Words in a description that point to another channel. The person may still file here.
HINTS = {
    "emergency": (
        "救命",
        "着火了",
        "起火了",
        "杀人",
        "自杀",
        "抢劫",
        "正在打人",
        "昏迷",
        "煤气泄漏",
        "燃气泄漏",
    ),
    "consumer": ("假货", "退货", "不退款", "不给退", "网购", "消费纠纷", "缺斤少两", "预付卡", "会员卡"),
}


class Caution(NamedTuple):
    """One interruption: another channel (`reason`), or what the text looks like with numbers hidden (`masked`)."""

    code: str
    reason: scope.Reason | None
    masked: str

    @property
    def numbers(self) -> list[str]:
        """The telephone numbers of the channel, for tel: links."""
        return numbers_in(self.reason.contact) if self.reason else []


def numbers_in(contact: str) -> list[str]:
    """Return the short service numbers in a contact line.

    >>> numbers_in("报警 110、火警 119"), numbers_in("公共法律服务热线 12348")
    (['110', '119'], ['12348'])
    """
    return re.findall(r"(?<![0-9])1[0-9]{2,4}(?![0-9])", contact)


def hide_numbers(text: str) -> str:
    """Return the text with identity and bank card numbers hidden; telephone numbers stay, offices have them too.

    >>> hide_numbers("身份证11010519491231002X，电话13800001234")
    '身份证1****************X，电话13800001234'
    """
    pieces, last = [], 0
    for found in find_personal(text):
        if found.kind != "mobile":
            pieces += [text[last : found.start], found.masked]
            last = found.end
    return "".join([*pieces, text[last:]])


def caution_for(draft: Draft) -> Caution | None:
    """Return the first thing in the description that has not been answered yet."""
    statement = draft.answers.get("statement", "")
    for code, hints in HINTS.items():
        if code not in draft.heeded and any(hint in statement for hint in hints):
            return Caution(code, scope.REASONS[code], "")
    masked = hide_numbers(statement)
    if PERSONAL not in draft.heeded and masked != statement:
        return Caution(PERSONAL, None, masked)
    return None


def heed(draft: Draft, caution: Caution, *, hide: bool) -> None:
    """Note that a caution was answered, with the numbers hidden or left as they were."""
    heeded = [*draft.heeded, caution.code]
    if hide and caution.masked:
        draft.keep("problem", {"statement": caution.masked}, done=True)
    draft.heeded = heeded
