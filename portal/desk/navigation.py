"""The left navigation of the department's room: the tabs of its inbox with their counts, and its cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from escalation.selectors.inbox import Tab, TabCounts, inbox_counts
from portal.accounts.actors import actor_of
from portal.accounts.rooms import other_rooms

LIMIT = 99


class InboxTab(NamedTuple):
    """One tab: what it is called, how it is sorted, what stands in it when it is empty. Without `of` it holds all that waits."""

    label: str
    of: Tab | None
    order: str
    empty: str


MOST_URGENT = "时限从转办时起算，最急的在前"
TABS: Mapping[str, InboxTab] = {
    "waiting": InboxTab(
        "待答复", None, MOST_URGENT, "现在没有要答复的。有新的转来会出现在这里，不用每天来看。"
    ),
    "to_sign": InboxTab("待签收", Tab.TO_SIGN, MOST_URGENT, "没有等待签收的。"),
    "handling": InboxTab("办理中", Tab.HANDLING, MOST_URGENT, "没有在办的。签收以后，在这里跟进。"),
    "today": InboxTab("今日到期", Tab.TODAY, MOST_URGENT, "今天没有到期的。"),
    "overdue": InboxTab("已超期", Tab.OVERDUE, "超得最久的在前", "没有超期的。"),
    "answered": InboxTab(
        "已答复", Tab.ANSWERED, "最近答复的在前", "还没有答复过。答复以后，窗口核对到哪一步会写在这里。"
    ),
}


def shown(count: int) -> str:
    """Return a count as pages show it.

    >>> shown(7), shown(100)
    ('7', '99+')
    """
    return f"{LIMIT}+" if count > LIMIT else str(count)


def _count(counts: TabCounts, tab: InboxTab) -> int:
    return counts.to_sign + counts.handling if tab.of is None else getattr(counts, tab.of.value)


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html."""
    actor, inbox = actor_of(request), reverse("desk:inbox")
    counts = inbox_counts(actor, timezone.now(), limit=LIMIT)
    rows: list[tuple[str, str, str | None, bool, str]] = [
        (tab.label, f"{inbox}?tab={key}", shown(_count(counts, tab)), current == key, "")
        for key, tab in TABS.items()
    ]
    rows.append(("牌", reverse("desk:cards"), None, current == "cards", ""))
    return {"nav": [*rows, *other_rooms(actor.roles, "desk:inbox")]}
