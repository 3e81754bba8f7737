"""联系评价人: what was said of the window, whom to call, and what the contact leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import AccessEntry, Case, Event
from cases.rules.classes import RatingReason, Resolution
from cases.rules.flow import Act, State
from cases.rules.grants import citizen
from cases.services.content import Person
from tests.cases.every_act import do
from tests.conftest import MONDAY
from tests.portal.counter.conftest import page_of, words_of

SAID = {"way": "phone", "text": "要求把指南改过来。"}


@pytest.fixture
def badly_rated(case_in, clock) -> Case:
    """A case closed on Monday morning and rated badly an hour later; it is noon."""
    case = case_in(State.CLOSED, people=(Person(name="刘德明", phone="13000000039"),))
    rate(case, MONDAY + timedelta(hours=1))
    clock.now = MONDAY + timedelta(hours=2)
    return case


def rate(case: Case, now, **changes) -> None:
    """The reporter's bad rating."""
    said = {
        "resolution": Resolution.UNSOLVED,
        "grade": 1,
        "reasons": (RatingReason.PASSED_ON,),
        "text": "还是两头跑。",
    }
    do(Act.RATE, case.number, citizen(opened=frozenset({case.pk})), now, **{**said, **changes})


def test_the_page_says_what_was_said_and_until_when(window, badly_rated):
    said = words_of(window.get(f"{badly_rated.number}/contact_rater"))
    for part in (
        "差评联系时限： 11月24日（周二）17:30 前",
        "反映人评价：未解决，非常不满意",
        "推来推去",
        "评价意见：还是两头跑。",
    ):
        assert part in said


def test_the_number_stands_there_and_the_look_is_logged(window, clerk, badly_rated):
    page = page_of(window.get(f"{badly_rated.number}/contact_rater"))
    assert 'href="tel:13000000039"' in page
    assert "因为还欠着差评联系" in page
    entry = AccessEntry.objects.get()
    assert (entry.case_id, entry.user_id, entry.purpose) == (badly_rated.pk, clerk.user_id, "contact")


def test_it_is_booked_once_and_then_the_number_is_masked_again(window, badly_rated):
    held = window.open(badly_rated, "contact_rater")
    for _ in range(2):
        response = window.send(badly_rated, "contact_rater", held, **SAID)
        assert response.headers["Location"] == f"/w/{badly_rated.number}/"
    event = Event.objects.get(kind="rater_contacted")
    assert event.data["way"] == "phone"
    badly_rated.refresh_from_db()
    assert badly_rated.rater_contacted_at is not None
    page = page_of(window.get(f"{badly_rated.number}/contact_rater"))
    assert "13000000039" not in page
    assert "这件事没有要联系的差评。" in page
    assert "与评价人的联系记录" in words_of(window.get(f"{badly_rated.number}/"))


@pytest.mark.parametrize("missing", ["way", "text"])
def test_both_are_asked_and_what_was_typed_stays(window, badly_rated, missing):
    response = window.send(badly_rated, "contact_rater", **{**SAID, missing: ""})
    assert response.status_code == 422
    assert "请选联系的方式。" in words_of(response) or "请写对方怎么说的" in words_of(response)
    assert missing == "text" or SAID["text"] in page_of(response)
    assert not Event.objects.filter(kind="rater_contacted").exists()


def test_a_stale_screen_keeps_what_was_heard(window, colleague, badly_rated):
    held = window.open(badly_rated, "contact_rater")
    colleague.send(badly_rated, "rectify", text="指南已经改好。")
    response = window.send(badly_rated, "contact_rater", held, **SAID)
    assert response.status_code == 409
    assert SAID["text"] in page_of(response)
    assert "贺文静" in words_of(response)


def test_a_case_without_a_bad_rating_offers_neither(window, case_in, clock):
    case = case_in(State.CLOSED)
    clock.now = MONDAY + timedelta(hours=1)
    page = page_of(window.get(f"{case.number}/"))
    assert "contact_rater" not in page
    assert "rectify" not in page
    assert "这件事没有要联系的差评。" in words_of(window.get(f"{case.number}/contact_rater"))


def test_an_open_case_does_not_announce_what_it_may_never_need(window, case_now):
    said = words_of(window.get(f"{case_now(State.ACCEPTED).number}/"))
    assert "联系评价人" not in said
    assert "整改" not in said


def test_another_hall_has_no_way_in(elsewhere, badly_rated):
    assert elsewhere.get(f"{badly_rated.number}/contact_rater").status_code == 404


def test_the_page_costs_few_queries(window, badly_rated, django_assert_max_num_queries):
    window.get(f"{badly_rated.number}/contact_rater")
    with django_assert_max_num_queries(24):  # the look at the number, and its log, are five of them
        window.get(f"{badly_rated.number}/contact_rater")
