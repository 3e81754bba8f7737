"""After the closing: call-backs, ratings, reopening; and what comes in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import errors
from cases.models import Case, CaseText, Event, Rating, Share
from cases.rules.classes import RatingReason, Resolution
from cases.rules.flow import Act, State
from cases.rules.grants import citizen, sees
from cases.selectors.cases import case_for
from cases.selectors.content import texts_for
from cases.selectors.facts import facts_of
from cases.selectors.queues import to_call_back
from tests.cases.every_act import do
from tests.conftest import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def closed(case_in) -> Case:
    return case_in(State.CLOSED)


def reporter(case: Case):
    return citizen(opened=frozenset({case.pk}))


def test_a_call_back_leaves_a_rating_of_its_own_and_empties_the_list(closed, clerk):
    assert [row.number for row in to_call_back(clerk).rows] == [closed.number]
    do(Act.CALL_BACK, closed.number, clerk, MONDAY + HOUR)
    assert to_call_back(clerk).rows == []
    assert list(Rating.objects.values_list("source", "resolution", "grade")) == [("call_back", "solved", 5)]


def test_three_calls_on_two_days_end_a_call_back_unreached(closed, clerk):
    for at in (MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR):
        case = do(Act.CALL_BACK, closed.number, clerk, at, reached=False)
        assert case.called_back_at is None
    case = do(Act.CALL_BACK, closed.number, clerk, MONDAY + DAY, reached=False)
    assert case.called_back_at == MONDAY + DAY
    assert Event.objects.get(case=case, kind="called_back").data["reached"] is False
    assert not Rating.objects.exists()


@pytest.mark.parametrize("missing", [{"resolution": None}, {"grade": None}, {"grade": 6}])
def test_a_call_back_that_reached_the_reporter_needs_both_answers(closed, clerk, missing):
    with pytest.raises(errors.BadInputError, match="请选择"):
        do(Act.CALL_BACK, closed.number, clerk, MONDAY, **missing)
    assert Event.objects.filter(case=closed).count() == closed.version


def test_the_reporter_rates_once_and_nobody_else_can(closed, clerk):
    reasons = (RatingReason.SPEED, RatingReason.GUIDE)
    do(Act.RATE, closed.number, reporter(closed), MONDAY, reasons=reasons)
    assert Rating.objects.get().reasons == ["speed", "guide"]
    with pytest.raises(errors.IllegalMoveError, match="已经评价过"):
        do(Act.RATE, closed.number, reporter(closed), MONDAY)
    with pytest.raises(errors.NotAllowedError):
        do(Act.RATE, closed.number, clerk, MONDAY)


def test_a_reopened_case_starts_again_without_its_old_shares(closed):
    until = MONDAY + DAY
    case = do(Act.REOPEN, closed.number, reporter(closed), MONDAY + HOUR, until=until)
    assert (case.state, case.reopenings, case.outcome, case.closed_at) == (State.ACCEPTED, 1, "", None)
    assert not Share.objects.filter(case=case, ended_at__isnull=True).exists()
    texts = [text.purpose for text in texts_for(reporter(closed), case)]
    assert texts == ["statement", "reply", "reopening"]


def test_a_department_that_answered_still_sees_the_case_but_has_nothing_to_do(closed, shijian):
    do(Act.REOPEN, closed.number, reporter(closed), MONDAY)
    assert case_for(shijian, closed.number).pk == closed.pk
    assert sees(shijian, facts_of(closed))
    with pytest.raises(errors.IllegalMoveError):
        do(Act.ANSWER, closed.number, shijian, MONDAY)


def test_after_its_last_day_a_case_is_reopened_only_for_new_facts_and_not_online(closed, clerk):
    until, late = MONDAY, MONDAY + HOUR
    with pytest.raises(errors.IllegalMoveError, match="到窗口"):
        do(Act.REOPEN, closed.number, reporter(closed), late, until=until, new_facts=True)
    with pytest.raises(errors.BadInputError, match="新的情况"):
        do(Act.REOPEN, closed.number, clerk, late, until=until)
    assert do(Act.REOPEN, closed.number, clerk, late, until=until, new_facts=True).state == State.ACCEPTED


def _closed_again(case: Case, window, department) -> Case:
    for act, actor in ((Act.DISPATCH, window), (Act.ANSWER, department), (Act.PUBLISH, window)):
        do(act, case.number, actor, MONDAY)
    return do(Act.CLOSE, case.number, window, MONDAY)


def test_a_third_reopening_is_the_supervisors_and_makes_it_a_hard_matter(closed, clerk, shijian, supervisor):
    for _ in range(2):
        do(Act.REOPEN, closed.number, reporter(closed), MONDAY)
        _closed_again(closed, clerk, shijian)
    with pytest.raises(errors.IllegalMoveError, match="两次"):
        do(Act.REOPEN, closed.number, reporter(closed), MONDAY)
    case = do(Act.REOPEN, closed.number, supervisor, MONDAY)
    assert (case.difficulty, case.reopenings) == ("hard", 3)


def test_after_a_reopening_the_next_closing_is_rated_and_called_back_anew(closed, clerk, shijian):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, resolution=Resolution.UNSOLVED, grade=1)
    do(Act.CALL_BACK, closed.number, clerk, MONDAY)
    do(Act.REOPEN, closed.number, reporter(closed), MONDAY)
    _closed_again(closed, clerk, shijian)
    do(Act.RATE, closed.number, reporter(closed), MONDAY)
    do(Act.CALL_BACK, closed.number, clerk, MONDAY)
    assert list(Rating.objects.order_by("pk").values_list("closing", "source")) == [
        (0, "reporter"),
        (0, "call_back"),
        (1, "reporter"),
        (1, "call_back"),
    ]


def test_what_is_solved_on_the_spot_is_answered_and_closed_at_once(case_in, clerk):
    case = do(Act.RESOLVE, case_in(State.FILED).number, clerk, MONDAY)
    assert (case.state, case.outcome, case.difficulty) == (State.CLOSED, "explained", "instant")
    assert case.replied_at == case.closed_at == case.accepted_at == MONDAY
    assert do(Act.REOPEN, case.number, reporter(case), MONDAY).difficulty == "ordinary"


def test_a_supplement_needs_a_word_or_a_file(case_in):
    case = case_in(State.HANDLING)
    with pytest.raises(errors.BadInputError, match="照片"):
        do(Act.SUPPLEMENT, case.number, reporter(case), MONDAY, text=" ")
    assert do(Act.SUPPLEMENT, case.number, reporter(case), MONDAY).state == State.HANDLING


def test_a_withdrawal_ends_the_case_and_keeps_its_reason(case_in):
    case = case_in(State.HANDLING)
    case = do(Act.WITHDRAW, case.number, reporter(case), MONDAY)
    assert (case.state, case.outcome, case.closed_at) == (State.WITHDRAWN, "withdrawn", MONDAY)
    assert CaseText.objects.filter(case=case, purpose="withdrawal").exists()


def test_the_reporter_reads_that_a_supervisor_stepped_in_but_not_what_was_written(case_in, supervisor):
    case = do(Act.SUPERVISE, case_in(State.HANDLING).number, supervisor, MONDAY)
    assert "supervision" not in [text.purpose for text in texts_for(reporter(case), case)]
    assert "supervision" in [text.purpose for text in texts_for(supervisor, case)]
