"""重新办理 by the supervisor: with a reason, after the limit with new facts, and a third time as 难点."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case
from cases.rules.classes import Difficulty, Outcome, Recurrence
from cases.rules.flow import State
from cases.services import aftercare, closing
from tests.conftest import MONDAY, actor_named
from tests.portal.desk.conftest import hidden, text_of

REASON = "房东拿出了新的合同，登记机关还是不收。"
LATE = MONDAY + timedelta(days=15)


def reopen(at, case: Case, **typed: str):
    form = at.get(f"/s/{case.number}/reopen").context["form"]
    return at.post(f"/s/{case.number}/reopen", {**hidden(form), "reason": REASON, **typed})


def taken_up(case: Case, times: int) -> Case:
    """The case reopened by the window and solved again on the spot, so many times."""
    clerk = actor_named("clerk")
    for n in range(times):
        now = MONDAY + timedelta(hours=n + 1)
        asked = {"number": case.number, "actor": clerk, "now": now}
        aftercare.reopen_case(reason="还没有解决。", new_facts=False, until=None, rule_version=1, **asked)
        closing.resolve_case(
            outcome=Outcome.DONE,
            reply="已当场办好。",
            evidence="当面确认。",
            recurrence=Recurrence.NO,
            **asked,
        )
    return Case.objects.get(pk=case.pk)


def test_within_the_limit_a_reason_is_enough_and_the_case_waits_for_a_dispatch(case_in, at_board):
    case, at = case_in(State.CLOSED), at_board()
    page = at.get(f"/s/{case.number}/reopen")
    assert "2026年12月7日（周一）17:30 前可以直接重新办理" in text_of(page)
    assert "new_facts" not in page.content.decode()
    assert reopen(at, case).headers["Location"] == f"/s/{case.number}/"
    case.refresh_from_db()
    assert (case.state, case.reopenings) == (State.ACCEPTED, 1)
    words = text_of(at.get(f"/s/{case.number}/"))
    assert REASON in words
    assert f"/s/{case.number}/dispatch" in at.get(f"/s/{case.number}/").content.decode()


def test_after_the_limit_only_new_facts_open_it(case_in, at_board, clock):
    case, clock.now = case_in(State.CLOSED), LATE
    at = at_board()
    page = reopen(at, case)
    assert page.status_code == 422
    assert "已超过期限，只有出现新的情况才能重新办理，请确认。" in text_of(page)
    assert REASON in text_of(page)
    assert reopen(at, case, new_facts="on").status_code == 302
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def test_a_third_time_makes_it_hard_and_the_page_says_so(case_in, at_board, clock):
    case, at = taken_up(case_in(State.CLOSED), 2), at_board()
    clock.now = MONDAY + timedelta(hours=4)
    words = text_of(at.get(f"/s/{case.number}/reopen"))
    assert "已经重新办理过 2 次：" in words
    assert "难度改为“难点”" in words
    reopen(at, case)
    case.refresh_from_db()
    assert (case.difficulty, case.reopenings) == (Difficulty.HARD, 3)


def test_the_first_two_times_nothing_is_said_of_it(case_in, at_board, clock):
    case = taken_up(case_in(State.CLOSED), 1)
    clock.now = MONDAY + timedelta(hours=3)
    assert "难度改为" not in text_of(at_board().get(f"/s/{case.number}/reopen"))


def test_without_a_reason_it_stays_closed(case_in, at_board):
    case = case_in(State.CLOSED)
    page = reopen(at_board(), case, reason="")
    assert page.status_code == 422
    assert "请写为什么要重新办理" in text_of(page)


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_leaders_and_viewers_may_not_reopen(case_in, at_board, person):
    case = case_in(State.CLOSED)
    typed = {**hidden(at_board().get(f"/s/{case.number}/reopen").context["form"]), "reason": REASON}
    assert at_board(person).post(f"/s/{case.number}/reopen", typed).status_code == 409
    case.refresh_from_db()
    assert case.state == State.CLOSED
