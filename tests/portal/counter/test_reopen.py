"""重新办理 at the window: with a reason while the limit runs, later only with new facts, twice at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case, Event
from cases.rules.flow import State
from escalation.selectors.reopening import reopen_until
from portal.templatetags.bancheng import cn_moment
from tests.conftest import MONDAY
from tests.portal.counter.conftest import RESOLVED, Window, page_of, words_of

REASON = "证领到了，地址还是错的。"


@pytest.fixture
def closed(case_in, clock) -> Case:
    """A case closed on Monday morning; it is an hour later."""
    clock.now = MONDAY + timedelta(hours=1)
    return case_in(State.CLOSED)


def test_a_closed_case_waits_for_a_dispatch_again(window, closed):
    window.send(closed, "reopen", reason=REASON)
    closed.refresh_from_db()
    assert (closed.state, closed.reopenings) == (State.ACCEPTED, 1)
    assert closed.number in page_of(window.get("?tab=accepted"))
    assert REASON in words_of(window.get(f"{closed.number}/"))


def test_until_when_it_is_possible_is_said_and_no_new_facts_are_asked(window, closed):
    response = window.get(f"{closed.number}/reopen")
    assert f"{cn_moment(reopen_until(closed))} 前可以直接重新办理" in words_of(response)
    assert "new_facts" not in page_of(response)


def test_after_the_limit_it_takes_new_facts(closed, clock, signed_in):
    clock.now = reopen_until(closed) + timedelta(minutes=1)
    window = Window(signed_in("clerk"))
    assert "现在已经过了" in words_of(window.get(f"{closed.number}/reopen"))
    response = window.send(closed, "reopen", reason=REASON)
    assert response.status_code == 422
    assert "只有出现新的情况才能重新办理" in words_of(response)
    assert REASON in page_of(response)
    assert window.send(closed, "reopen", reason=REASON, new_facts="on").status_code == 302
    assert Event.objects.get(kind="reopened").data["new_facts"] is True


def test_without_a_reason_it_stays_closed(window, closed):
    assert window.send(closed, "reopen", reason=" ").status_code == 422
    assert Case.objects.get().state == State.CLOSED


def test_a_third_time_is_for_the_supervisor(window, case_in, clock):
    case = case_in(State.FILED)
    for hours in (1, 2, 3):
        clock.now = MONDAY + timedelta(hours=hours)
        assert window.send(case, "resolve", **RESOLVED).status_code == 302
        if hours < 3:
            assert window.send(case, "reopen", reason=REASON).status_code == 302
    said = words_of(window.get(f"{case.number}/reopen"))
    assert "这件事已经重新办理过两次，再次办理要由督办专员决定" in said
    assert "<form" not in page_of(window.get(f"{case.number}/reopen"))
    assert f"/w/{case.number}/reopen" not in page_of(window.get(f"{case.number}/"))
