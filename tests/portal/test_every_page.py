"""Every page of the staff rooms, found by their addresses: it opens, and costs the same for a few cases as for many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from cases.models import Case
from cases.rules.flow import MOVES, Act, State
from escalation.models import Card
from escalation.services.sweep import sweep
from tests.conftest import MONDAY

LONG_AGO = MONDAY - timedelta(days=21)
STATES = [state for state in State if state is not State.WITHDRAWN]
PEOPLE = {
    "counter": "clerk",
    "desk": "shijian",
    "supervisor": "supervisor",
    "notices": "clerk",
    "register": "supervisor",
    "administration": "admin",
}
MOST = 34  # log-in, unit, shell and notices cost nine of them
# Addresses that only take what is sent (POST), answer htmx with a part, or hand out a file.
NO_PAGES = {
    "reveal",
    "file",
    "sign_all",
    "read",
    "open_notice",
    "matters",
    "earlier",
    "registered",
    "signed",
} | {
    *("run", "start", "rejected", "template", "drop"),  # of what somebody has brought: tests/portal/register
    *(
        "cause",
        "cause_join",
        "cause_approve",
        "cause_review",
        "cause_end",
        "cause_again",
        "cause_leave",
    ),  # test_causes
    *(
        "change",
        "change_confirm",
        "change_drop",
        "change_again",
        "change_lines",
        "doubt",
    ),  # test_change, test_doubts
}


def _routes(room: str) -> list[tuple[str, str]]:
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "namespace", None) == room:
            return [(one.name, f"/{pattern.pattern}{one.pattern}") for one in pattern.url_patterns]
    raise LookupError(room)


def _state_for(name: str) -> State:
    """A state in which the page has something to show: for an act one from which it is possible."""
    if name == "slip":
        return State.REDIRECTED
    sources = MOVES[Act(name)].sources if name in set(Act) else {State.HANDLING}
    return min(sources & set(STATES), key=list(State).index)


def _addresses(room: str, cases: dict[State, Case], card_id: int) -> list[str]:
    return [
        route.replace("<str:number>", cases[_state_for(name)].number)
        .replace("<int:pk>", str(card_id))
        .replace("<int:number>", "1")
        .replace("<slug:clock>", "case-2")
        for name, route in _routes(room)
        if name not in NO_PAGES
    ]


def _costs(client: Client, addresses: list[str]) -> dict[str, int]:
    found = {}
    for address in addresses:
        client.get(address)  # warm: versions of calendar and rules are read once a process
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, address
        found[address] = len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])
    return found


@pytest.mark.parametrize("room", PEOPLE)
def test_every_page_opens_and_costs_the_same_for_a_few_cases_as_for_many(case_in, signed_in, room):
    cases = {state: case_in(state, now=LONG_AGO) for state in STATES}
    case_in(State.HANDLING, now=LONG_AGO)
    sweep(now=MONDAY)
    client, card = signed_in(PEOPLE[room]), Card.objects.filter(department__code="S02").first()
    addresses = _addresses(room, cases, card.pk)
    few = _costs(client, addresses)
    for state in STATES * 2:
        case_in(state, now=LONG_AGO + timedelta(hours=2))
    sweep(now=MONDAY)
    many = _costs(client, addresses)
    assert {address: (few[address], many[address]) for address in few if few[address] != many[address]} == {}
    assert {address: cost for address, cost in many.items() if cost > MOST} == {}
