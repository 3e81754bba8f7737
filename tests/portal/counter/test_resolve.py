"""现场解决: answered and closed while the person is there; the reporter can read what was said."""

from __future__ import annotations

import pytest

from cases.models import Case, Event
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from tests.portal.counter.conftest import RESOLVED, page_of, words_of


@pytest.mark.parametrize("state", [State.FILED, State.ACCEPTED])
def test_a_matter_is_solved_on_the_spot_before_or_after_acceptance(window, case_now, state):
    case = case_now(state)
    assert window.send(case, "resolve", **RESOLVED).headers["Location"] == f"/w/{case.number}/"
    case.refresh_from_db()
    assert (case.state, case.outcome, case.recurrence) == (State.CLOSED, "done", "no")
    read = texts_for(citizen(opened=frozenset({case.pk})), case)
    assert RESOLVED["reply"] in [text.body for text in read]
    assert RESOLVED["evidence"] not in [text.body for text in read]


def test_what_was_not_accepted_yet_counts_as_accepted_on_the_spot(window, case_now):
    case = case_now()
    window.send(case, "resolve", **{**RESOLVED, "outcome": "explained"})
    case.refresh_from_db()
    assert (case.difficulty, case.outcome) == ("instant", "explained")


def test_it_waits_for_a_call_back_like_every_closed_case(window, case_now):
    case = case_now()
    window.send(case, "resolve", **RESOLVED)
    assert case.number in page_of(window.get("?tab=call_back"))


@pytest.mark.parametrize("missing", ["reply", "evidence", "outcome", "recurrence"])
def test_nothing_of_it_may_be_left_out(window, case_now, missing):
    response = window.send(case_now(), "resolve", **{**RESOLVED, missing: ""})
    assert response.status_code == 422
    assert missing == "reply" or RESOLVED["reply"] in page_of(response)
    assert Case.objects.get().state == State.FILED


@pytest.mark.parametrize("outcome", ["partly", "handed_over", "withdrawn", "unreachable"])
def test_what_is_half_done_is_not_solved_on_the_spot(window, case_now, outcome):
    response = window.send(case_now(), "resolve", **{**RESOLVED, "outcome": outcome})
    assert response.status_code == 422


def test_a_double_click_solves_once(window, case_now):
    case = case_now()
    held = window.open(case, "resolve")
    for _ in range(2):
        assert window.send(case, "resolve", held, **RESOLVED).status_code == 302
    assert Event.objects.filter(kind="resolved").count() == 1


def test_a_stale_screen_keeps_every_word(window, colleague, case_now):
    case = case_now()
    held = window.open(case, "resolve")
    colleague.send(case, "accept", difficulty="ordinary")
    response = window.send(case, "resolve", held, **RESOLVED)
    assert response.status_code == 409
    assert "同事 贺文静 刚刚" in words_of(response)
    assert RESOLVED["reply"] in page_of(response)
    assert RESOLVED["evidence"] in page_of(response)


def test_a_case_at_the_departments_is_not_solved_on_the_spot_any_more(window, case_now):
    case = case_now(State.HANDLING)
    said = words_of(window.get(f"{case.number}/resolve"))
    assert "这件事现在是“部门办理中”，不能现场解决。" in said
