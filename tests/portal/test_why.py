"""为什么是这一天 on a page of its own: each limit of a case, for the people of each staff room."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.rules.flow import State
from cases.rules.words import OBLIGATIONS
from escalation.selectors.clocks import case_clocks
from tests.conftest import MONDAY


class Room(NamedTuple):
    """A staff room: who reads a case there, and who must not."""

    letter: str
    person: str
    stranger: str
    refused: int  # a room of one's own hides the case, the room of others is closed


ROOMS = (
    Room("w", "clerk", "dongqu", 404),
    Room("d", "shijian", "renshe", 404),
    Room("s", "supervisor", "clerk", 403),
)
BUDGET = 12


@pytest.fixture(params=ROOMS, ids=[room.letter for room in ROOMS])
def room(request) -> Room:
    return request.param


@pytest.fixture
def case(case_in) -> Case:
    return case_in(State.HANDLING)


@pytest.fixture
def page(room, case, signed_in) -> Callable:
    client = signed_in(room.person)
    return lambda clock: client.get(f"/{room.letter}/{case.number}/why/{clock}")


def test_each_limit_of_the_case_is_told_with_its_versions_and_leads_to_the_others(page, case):
    clocks = case_clocks([case.pk], MONDAY)[case.pk]
    for clock in clocks:
        text = page(clock.slug).content.decode()
        assert OBLIGATIONS[clock.obligation.value] in text
        assert "按工作日历第 1 版（2026年：国办发明电〔2025〕7号）、规则第 1 版计算。" in text
        assert all(f'/why/{other.slug}"' in text for other in clocks if other is not clock)


def test_the_case_page_leads_to_it(page, room, case, signed_in):
    text = signed_in(room.person).get(f"/{room.letter}/{case.number}/").content.decode()
    assert f'href="/{room.letter}/{case.number}/why/case-2"' in text
    assert "第 3 个工作日" in page("case-2").content.decode()


@pytest.mark.parametrize("clock", ["case-1", "case-2-3", "nothing", "case"])
def test_a_limit_that_the_case_does_not_have_is_missing(page, clock):
    assert page(clock).status_code == 404


def test_who_must_not_see_the_case_does_not_read_it(page, room, case, signed_in):
    assert page("case-2").status_code == 200
    refused = signed_in(room.stranger).get(f"/{room.letter}/{case.number}/why/case-2")
    assert refused.status_code == room.refused
    assert "第 3 个工作日" not in refused.content.decode()


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_it_costs_few_queries_and_the_same_for_every_limit(room, case, signed_in):
    client = signed_in(room.person)
    addresses = [
        f"/{room.letter}/{case.number}/why/{clock.slug}" for clock in case_clocks([case.pk], MONDAY)[case.pk]
    ]
    client.get(addresses[0])  # warm: versions of calendar and rules are read once a process
    costs = {cost(client, address) for address in addresses}
    assert len(costs) == 1
    assert max(costs) <= BUDGET
