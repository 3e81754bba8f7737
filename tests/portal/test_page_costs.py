"""What a page costs in queries: within its budget (pages.md), and the same for one row as for many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State

# address, person, budget; {n} is a case's number
PAGES = [
    ("/", None, 8),
    ("/halls", None, 8),
    ("/track", None, 8),
    ("/report/problem", None, 8),
    ("/w/", "clerk", 18),
    ("/w/?tab=handling", "clerk", 18),
    ("/w/new", "clerk", 18),
    ("/w/{n}/", "clerk", 32),
    ("/d/", "shijian", 18),
    ("/d/{n}/", "shijian", 32),
    ("/s/", "supervisor", 21),
    ("/s/open", "supervisor", 18),
    ("/s/{n}/", "supervisor", 32),
]


def cost(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.parametrize(("url", "person", "budget"), PAGES, ids=[page[0] for page in PAGES])
def test_a_page_costs_the_same_for_one_case_as_for_many(case_in, signed_in, client, url, person, budget):
    first = case_in(State.HANDLING)
    for state in (State.FILED, State.ACCEPTED):
        case_in(state)
    user = signed_in(person) if person else client
    address = url.format(n=first.number)
    user.get(address)  # warm: versions of calendar and rules are read once a process
    one = cost(user, address)
    for state in (State.FILED, State.ACCEPTED, State.HANDLING, State.HANDLING, State.ANSWERED):
        case_in(state)
    many = cost(user, address)
    assert many == one
    assert many <= budget
