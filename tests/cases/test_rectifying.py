"""After a bad rating: who owes what, when the reporter may rate again, and what a reopening forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import errors
from cases.models import Case, Rating
from cases.rules.classes import Resolution
from cases.rules.flow import Act, State
from cases.rules.grants import citizen
from cases.selectors.aftermath import complaints
from cases.selectors.content import texts_for
from cases.selectors.queues import TO_RECTIFY
from tests.cases.every_act import do
from tests.conftest import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BAD = {"resolution": Resolution.UNSOLVED, "grade": 1}


@pytest.fixture
def closed(case_in) -> Case:
    return case_in(State.CLOSED)


def reporter(case: Case):
    return citizen(opened=frozenset({case.pk}))


def moments(case: Case) -> tuple:
    case.refresh_from_db()
    return case.badly_rated_at, case.rater_contacted_at, case.rectified_at


def is_to_rectify(case: Case) -> bool:
    return Case.objects.filter(TO_RECTIFY, pk=case.pk).exists()


@pytest.mark.parametrize(("grade", "is_bad"), [(1, True), (2, True), (3, False), (5, False)])
def test_the_last_two_grades_are_bad(closed, grade, is_bad):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, grade=grade)
    assert (moments(closed)[0] is not None) is is_bad


def test_who_gave_a_bad_rating_is_contacted_and_it_is_mended(closed, clerk):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, **BAD)
    assert moments(closed) == (MONDAY, None, None)
    do(Act.CONTACT_RATER, closed.number, clerk, MONDAY + HOUR)
    with pytest.raises(errors.IllegalMoveError, match="没有要联系的差评"):
        do(Act.CONTACT_RATER, closed.number, clerk, MONDAY + HOUR)
    do(Act.RECTIFY, closed.number, clerk, MONDAY + DAY)
    assert moments(closed) == (MONDAY, MONDAY + HOUR, MONDAY + DAY)
    with pytest.raises(errors.IllegalMoveError, match="没有要整改的差评"):
        do(Act.RECTIFY, closed.number, clerk, MONDAY + DAY)


def test_a_bad_grade_said_at_the_call_back_is_to_be_mended_and_was_the_contact(closed, clerk):
    do(Act.CALL_BACK, closed.number, clerk, MONDAY, **BAD)
    assert moments(closed) == (MONDAY, MONDAY, None)
    with pytest.raises(errors.IllegalMoveError, match="没有要联系的差评"):
        do(Act.CONTACT_RATER, closed.number, clerk, MONDAY)
    do(Act.RATE, closed.number, reporter(closed), MONDAY + HOUR, **BAD)  # what they write is another matter
    assert moments(closed) == (MONDAY, None, None)


def test_a_good_grade_mends_nothing(closed, clerk):
    do(Act.CALL_BACK, closed.number, clerk, MONDAY, **BAD)
    do(Act.RATE, closed.number, reporter(closed), MONDAY + HOUR, grade=5)
    assert moments(closed) == (MONDAY, MONDAY, None)


def test_the_reporter_rates_once_more_after_each_rectification(closed, clerk):
    me = reporter(closed)
    do(Act.RATE, closed.number, me, MONDAY, **BAD)
    with pytest.raises(errors.IllegalMoveError, match="已经评价过"):
        do(Act.RATE, closed.number, me, MONDAY)
    do(Act.RECTIFY, closed.number, clerk, MONDAY + HOUR)
    do(Act.RATE, closed.number, me, MONDAY + DAY, **BAD)
    assert moments(closed) == (MONDAY + DAY, None, MONDAY + HOUR)
    assert is_to_rectify(closed)
    with pytest.raises(errors.IllegalMoveError, match="已经评价过"):
        do(Act.RATE, closed.number, me, MONDAY + DAY)
    do(Act.RECTIFY, closed.number, clerk, MONDAY + DAY + HOUR)
    do(Act.RATE, closed.number, me, MONDAY + 2 * DAY, grade=4)
    with pytest.raises(errors.IllegalMoveError, match="已经评价过"):
        do(Act.RATE, closed.number, me, MONDAY + 3 * DAY)
    found = Rating.objects.order_by("pk").values_list("source", "closing", "mended", "grade")
    assert list(found) == [("reporter", 0, 0, 1), ("reporter", 0, 1, 1), ("reporter", 0, 2, 4)]


def test_a_bad_call_back_after_the_mending_leaves_the_second_rating_open(closed, clerk):
    me = reporter(closed)
    do(Act.RATE, closed.number, me, MONDAY, **BAD)
    assert is_to_rectify(closed)
    do(Act.RECTIFY, closed.number, clerk, MONDAY + HOUR)
    assert not is_to_rectify(closed)
    do(Act.CALL_BACK, closed.number, clerk, MONDAY + 2 * HOUR, **BAD)
    assert is_to_rectify(closed)
    do(Act.RATE, closed.number, me, MONDAY + 3 * HOUR, grade=5)
    do(Act.RECTIFY, closed.number, clerk, MONDAY + 4 * HOUR)
    assert not is_to_rectify(closed)
    do(Act.RATE, closed.number, me, MONDAY + DAY, grade=4)
    found = Rating.objects.order_by("pk").values_list("source", "mended", "grade")
    assert list(found) == [("reporter", 0, 1), ("call_back", 1, 1), ("reporter", 1, 5), ("reporter", 2, 4)]


def test_a_complaint_that_was_mended_stays_mended_when_the_next_comes(closed, clerk, supervisor):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, **BAD)
    do(Act.RECTIFY, closed.number, clerk, MONDAY + HOUR)
    assert complaints(supervisor, MONDAY, limit=9) == []
    do(Act.CALL_BACK, closed.number, clerk, MONDAY + 2 * HOUR, **BAD)
    assert [found.source for found in complaints(supervisor, MONDAY, limit=9)] == ["call_back"]


@pytest.mark.parametrize("act", [Act.CONTACT_RATER, Act.RECTIFY])
def test_neither_is_booked_as_of_a_moment_before_the_last_bad_grade(closed, clerk, act):
    do(Act.CALL_BACK, closed.number, clerk, MONDAY, **BAD)
    do(Act.RATE, closed.number, reporter(closed), MONDAY + DAY, **BAD)
    with pytest.raises(errors.BadInputError, match="不能早于差评的时间") as refused:
        do(act, closed.number, clerk, MONDAY + 2 * DAY, happened_at=MONDAY + HOUR)
    assert refused.value.field == "happened_at"
    do(act, closed.number, clerk, MONDAY + 2 * DAY, happened_at=MONDAY + DAY)


def test_a_rating_that_is_said_to_be_older_than_the_closing_still_leads_to_a_second_one(case_in, clerk):
    case = case_in(State.REPLIED)
    do(Act.CLOSE, case.number, clerk, MONDAY + DAY)
    do(Act.RATE, case.number, reporter(case), MONDAY + DAY, happened_at=MONDAY + HOUR, **BAD)
    do(Act.RECTIFY, case.number, clerk, MONDAY + DAY, happened_at=MONDAY + 2 * HOUR)
    do(Act.RATE, case.number, reporter(case), MONDAY + DAY, grade=4)
    assert list(Rating.objects.order_by("pk").values_list("mended", flat=True)) == [0, 1]


def test_a_reopening_forgets_all_of_it(closed, clerk):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, **BAD)
    do(Act.CONTACT_RATER, closed.number, clerk, MONDAY)
    do(Act.REOPEN, closed.number, reporter(closed), MONDAY)
    assert moments(closed) == (None, None, None)


def test_what_was_mended_is_told_to_the_reporter_and_what_was_said_is_not(closed, clerk):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, **BAD)
    do(Act.CONTACT_RATER, closed.number, clerk, MONDAY)
    do(Act.RECTIFY, closed.number, clerk, MONDAY)
    told = [text.purpose for text in texts_for(reporter(closed), closed)]
    assert "rectification" in told
    assert "rater_contact" not in told
    assert "rater_contact" in [text.purpose for text in texts_for(clerk, closed)]


@pytest.mark.parametrize("act", [Act.CONTACT_RATER, Act.RECTIFY])
def test_neither_is_booked_without_a_word(closed, clerk, act):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, **BAD)
    with pytest.raises(errors.BadInputError, match="请写"):
        do(act, closed.number, clerk, MONDAY, text=" ")


def test_only_the_window_of_the_case_does_either(closed, dongqu, supervisor):
    do(Act.RATE, closed.number, reporter(closed), MONDAY, **BAD)
    for act in (Act.CONTACT_RATER, Act.RECTIFY):
        with pytest.raises(errors.CaseNotFoundError):
            do(act, closed.number, dongqu, MONDAY)
        with pytest.raises(errors.NotAllowedError):
            do(act, closed.number, supervisor, MONDAY)
