"""The left navigation of the counter, and its queues: one for each thing that the window owes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from cases.rules import words
from cases.rules.flow import ENDED, Act, State
from cases.selectors.counts import counts_up_to
from cases.selectors.queues import TO_RECTIFY, Waiting, owing
from escalation.rules.obligations import Obligation
from portal.accounts.actors import actor_of
from portal.accounts.rooms import other_rooms


class Tab(NamedTuple):
    """One queue: what waits in it, and what it says when nothing does."""

    label: str
    waiting: Waiting
    empty: str
    clocks: frozenset[Obligation] = frozenset()  # by which alone it goes


# What the window owes, in the order of a case's way; then what the departments have in hand.
TABS: Mapping[str, Tab] = {
    "filed": Tab(
        "待受理", (State.FILED,), "没有等待受理的。网上提交的会自动出现在这里；来人了，按 F2 新登记。"
    ),
    "accepted": Tab("待转办", (State.ACCEPTED,), "没有等待转办的。受理以后、还没有转部门的在这里。"),
    "answered": Tab("待核对答复", (State.ANSWERED,), "没有等待核对的答复。部门都答复以后会出现在这里。"),
    "replied": Tab("待办结", (State.REPLIED,), "没有等待办结的。答复反映人以后，在这里办结。"),
    "call_back": Tab(
        "待回访",
        (State.CLOSED,),
        "没有等待回访的。办结以后都要回访，到时会出现在这里。",
        frozenset({Obligation.CALL_BACK}),
    ),
    "rectify": Tab(
        "差评待整改",
        TO_RECTIFY,
        "没有等待整改的差评。评价或回访说不满意的，要联系、要整改，会出现在这里。",
        frozenset({Obligation.RATING_CONTACT, Obligation.RECTIFY}),
    ),
    "handling": Tab(
        words.STATES[State.HANDLING.value], (State.HANDLING,), "部门没有在办的。转办以后，在这里跟进。"
    ),
}
ENDED_STATES = tuple(sorted(ENDED))
ENDED_TAB = Tab("已办结", ENDED_STATES, "还没有办结的。")
# Whose turn it is: in these states the window does the next step.
TURN: Mapping[State, Act] = {
    State.FILED: Act.ACCEPT,
    State.ACCEPTED: Act.DISPATCH,
    State.ANSWERED: Act.PUBLISH,
    State.REPLIED: Act.CLOSE,
}
# What is closed waits for what is owed afterwards, the earliest due first.
AFTERWARDS: Mapping[Obligation, Act] = {
    Obligation.CALL_BACK: Act.CALL_BACK,
    Obligation.RATING_CONTACT: Act.CONTACT_RATER,
    Obligation.RECTIFY: Act.RECTIFY,
}
NEXT: Waiting = owing({*TURN, State.CLOSED}) | TO_RECTIFY  # where the one thing to do next is looked for
LIMIT = 99


def shown(count: int) -> str:
    """Return a count as pages show it.

    >>> shown(7), shown(100)
    ('7', '99+')
    """
    return f"{LIMIT}+" if count > LIMIT else str(count)


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html, and `tabs` for the queue: (key, label, count) each."""
    actor = actor_of(request)
    counts = counts_up_to(actor, {key: tab.waiting for key, tab in TABS.items()}, limit=LIMIT)
    queue = reverse("counter:queue")
    rows: list[tuple[str, str, str | None, bool, str]] = [
        ("新登记", reverse("counter:new"), None, current == "new", "F2"),
        *(
            (tab.label, f"{queue}?tab={key}", shown(counts[key]), current == key, "")
            for key, tab in TABS.items()
        ),
        (ENDED_TAB.label, f"{queue}?tab=ended", None, current == "ended", ""),
        *other_rooms(actor.roles, "counter:queue"),
    ]
    tabs = [(key, tab.label, shown(counts[key])) for key, tab in TABS.items()]
    return {"nav": rows, "tabs": tabs, "find_url": reverse("counter:find")}
