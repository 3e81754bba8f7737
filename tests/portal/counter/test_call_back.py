"""回访: whom to call and what about; the number in clear while the call is owed; three attempts on two days are enough."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import AccessEntry, Case, CaseText, Event, Rating
from cases.rules.flow import State
from cases.services.content import Person
from tests.conftest import MONDAY
from tests.portal.counter.conftest import Window, page_of, words_of

SAID = {"resolution": "partly", "grade": "3", "note": "还差一张证。"}
DAY = timedelta(days=1)
UNREACHED = {"reached": "no"}


@pytest.fixture
def closed(case_in, clock) -> Case:
    """A case closed on Monday morning; it is an hour later."""
    case = case_in(State.CLOSED, people=(Person(name="刘德明", phone="13000000039"),))
    clock.now = MONDAY + timedelta(hours=1)
    return case


def test_the_page_says_what_was_wanted_what_was_answered_and_until_when(window, closed):
    said = words_of(window.get(f"{closed.number}/call_back"))
    for part in ("回访时限： 11月25日（周三）17:30 前", "营业执照办了三趟", "您的营业执照已办好。", "办成"):
        assert part in said


def test_the_number_stands_there_to_be_dialled_and_the_look_is_logged(window, clerk, closed):
    page = page_of(window.get(f"{closed.number}/call_back"))
    assert 'href="tel:13000000039"' in page
    assert "刘德明" in page
    assert "这次查看已记录" in page
    entry = AccessEntry.objects.get()
    assert (entry.case_id, entry.user_id, entry.purpose) == (closed.pk, clerk.user_id, "contact")


def test_the_number_is_masked_again_when_nothing_is_owed_any_more(window, closed):
    window.send(closed, "call_back", **SAID)
    before = AccessEntry.objects.count()
    page = page_of(window.get(f"{closed.number}/call_back"))
    assert "13000000039" not in page
    assert "这件事已经回访过了。" in page
    assert AccessEntry.objects.count() == before


def test_a_call_that_is_carried_out_shows_nobody_and_logs_nothing(window, closed):
    held = window.open(closed, "call_back")
    before = AccessEntry.objects.count()
    window.send(closed, "call_back", held, **SAID)
    assert AccessEntry.objects.count() == before == 1


def test_what_the_reporter_says_is_booked_and_stands_on_the_case(window, clerk, closed):
    assert window.send(closed, "call_back", **SAID).headers["Location"] == f"/w/{closed.number}/"
    closed.refresh_from_db()
    assert closed.called_back_at is not None
    assert list(Rating.objects.values_list("source", "resolution", "grade")) == [("call_back", "partly", 3)]
    said = words_of(window.get(f"{closed.number}/"))
    assert "部分解决，基本满意" in said
    assert "还差一张证。" in said


@pytest.mark.parametrize("missing", ["resolution", "grade"])
def test_who_was_reached_is_asked_both(window, closed, missing):
    response = window.send(closed, "call_back", **{**SAID, missing: ""})
    assert response.status_code == 422
    assert "还差一张证。" in page_of(response)
    assert not Rating.objects.exists()


def test_nobody_answered_has_a_button_of_its_own_that_asks_nothing(window, closed):
    assert '<button class="bc-btn bc-btn--second" type="submit" name="reached" value="no">' in page_of(
        window.get(f"{closed.number}/call_back")
    )
    window.send(closed, "call_back", **UNREACHED, note="关机。")
    closed.refresh_from_db()
    assert closed.called_back_at is None
    assert Event.objects.filter(kind="call_tried").count() == 1
    assert CaseText.objects.filter(purpose="call_back").count() == 1
    said = words_of(window.get(f"{closed.number}/call_back"))
    assert "已经打过 1 次，没有接通" in said
    assert "11月23日（周一）10:30，林晓芸" in said


def test_three_attempts_on_two_days_are_enough_and_the_page_says_so_before_the_last(
    window, closed, clock, signed_in
):
    for hours in (1, 2, 3):
        clock.now = MONDAY + timedelta(hours=hours)
        assert "回访就算完成，记为没有联系上" not in words_of(window.get(f"{closed.number}/call_back"))
        window.send(closed, "call_back", **UNREACHED)
    assert Case.objects.get().called_back_at is None
    clock.now = MONDAY + DAY
    window = Window(signed_in("clerk"))
    assert "回访就算完成，记为没有联系上" in words_of(window.get(f"{closed.number}/call_back"))
    window.send(closed, "call_back", **UNREACHED)
    assert Case.objects.get().called_back_at == MONDAY + DAY
    assert not Rating.objects.exists()


def test_who_closed_the_case_is_asked_to_let_a_colleague_call(window, colleague, closed):
    hint = "办结的是您本人，有同事时请同事回访。"
    assert hint in words_of(window.get(f"{closed.number}/call_back"))
    assert hint not in words_of(colleague.get(f"{closed.number}/call_back"))


def test_a_double_click_calls_once(window, closed):
    held = window.open(closed, "call_back")
    for _ in range(2):
        assert window.send(closed, "call_back", held, **SAID).status_code == 302
    assert Event.objects.filter(kind="called_back").count() == 1


def test_a_stale_screen_keeps_what_was_heard(window, colleague, closed):
    held = window.open(closed, "call_back")
    colleague.send(closed, "call_back", **UNREACHED)
    response = window.send(closed, "call_back", held, **SAID)
    assert response.status_code == 409
    assert "还差一张证。" in page_of(response)
    assert "贺文静" in words_of(response)


def test_someone_without_a_telephone_is_said_to_have_none(window, case_in, clock):
    case = case_in(State.CLOSED, people=(Person(name="刘德明"),))
    clock.now = MONDAY + timedelta(hours=1)
    assert "没有留电话" in words_of(window.get(f"{case.number}/call_back"))
