"""GET /api/cases/<number>/clocks and …/why: what the pages say, to whom the pages say it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from cases.rules.wrong_words import NOT_FOR_CITIZENS
from escalation.rules.explain import Voice
from escalation.selectors.clocks import case_clocks, explain_due
from tests.conftest import MONDAY


def clocks_of(client: Client, number: str):
    return client.get(f"/api/cases/{number}/clocks")


@pytest.fixture
def opened(case_in):
    """A case in hand, and the browser of the reporter who opened it by number and code."""
    case, client = case_in(State.HANDLING), Client()
    assert client.post("/track", {"number": case.number, "secret": case_in.code}).status_code == 302
    return case, client


@pytest.mark.parametrize("person", ["clerk", "shijian", "supervisor", "viewer"])
def test_staff_read_every_limit_of_a_case_they_see(case_in, signed_in, person):
    case = case_in(State.HANDLING)
    found = clocks_of(signed_in(person), case.number).json()
    assert found["number"] == case.number
    assert [one["clock"].split("-")[0] for one in found["clocks"]].count("case") == 1
    answer = next(one for one in found["clocks"] if one["obligation"] == "answer")
    assert answer["department"] == "市市场监督管理局"
    assert answer["due_at"] == "2026-11-26T17:30:00+08:00"
    assert (answer["calendar_version"], answer["rule_version"]) == (1, 1)


def test_the_reckoning_is_that_of_the_pages(case_in, signed_in):
    case = case_in(State.HANDLING)
    client, views = signed_in("supervisor"), case_clocks([case.pk], MONDAY)[case.pk]
    for view in views:
        told = client.get(f"/api/cases/{case.number}/clocks/{view.slug}/why").json()
        assert [step["text"] for step in told["steps"]] == [step.text for step in explain_due(case.pk, view)]
        assert told["clock"] == view.slug


def test_who_opened_the_case_hears_the_promise_in_plain_words(opened):
    case, client = opened
    response = clocks_of(client, case.number)
    assert [one["obligation"] for one in response.json()["clocks"]] == ["acceptance", "case"]
    assert "department" not in response.content.decode()
    told = client.get(f"/api/cases/{case.number}/clocks/case-2/why").json()
    text = "".join(step["text"] for step in told["steps"])
    assert "当天不算" in text
    assert not [word for word in NOT_FOR_CITIZENS if word in text]
    view = next(one for one in case_clocks([case.pk], MONDAY)[case.pk] if one.slug == "case-2")
    assert text == "".join(step.text for step in explain_due(case.pk, view, voice=Voice.CITIZEN))
    assert response.headers["Cache-Control"] == "no-store"


def test_the_reporter_does_not_hear_of_the_departments_own_limits(opened, signed_in):
    case, client = opened
    staff = clocks_of(signed_in("clerk"), case.number).json()["clocks"]
    hidden = [one["clock"] for one in staff if one["obligation"] == "sign"]
    assert hidden
    for clock in hidden:
        assert client.get(f"/api/cases/{case.number}/clocks/{clock}/why").status_code == 404


def test_hidden_and_missing_answer_alike(case_in, signed_in):
    case = case_in(State.HANDLING)
    answers = [
        clocks_of(Client(), case.number),
        clocks_of(signed_in("renshe"), case.number),
        clocks_of(signed_in("supervisor"), "261123999994"),
        clocks_of(signed_in("supervisor"), "x"),
        signed_in("supervisor").get(f"/api/cases/{case.number}/clocks/case-99/why"),
    ]
    assert {response.status_code for response in answers} == {404}
    assert {response.content for response in answers} == {
        '{"error":"没有这件事项，或者您不能查看它。"}'.encode()
    }


def test_it_costs_the_same_whatever_there_is(case_in, signed_in):
    few, many = case_in(State.FILED), case_in(State.CLOSED)
    client = signed_in("supervisor")
    costs = []
    for case in (few, many):
        clocks_of(client, case.number)
        with CaptureQueriesContext(connection) as captured:
            clocks_of(client, case.number)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12
