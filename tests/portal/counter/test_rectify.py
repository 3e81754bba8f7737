"""整改: what was done about a bad rating; the reporter reads it and may rate again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Attachment, Case, Event
from cases.rules.flow import Act, State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from tests.cases.every_act import do
from tests.conftest import MONDAY
from tests.portal.counter.conftest import page_of, words_of
from tests.portal.counter.test_case import a_png
from tests.portal.counter.test_contact_rater import badly_rated, rate

__all__ = ["badly_rated"]
DONE = "办事指南已经改好，三步写在同一页。"


def test_the_page_says_what_was_said_and_until_when(window, badly_rated):
    said = words_of(window.get(f"{badly_rated.number}/rectify"))
    for part in (
        "差评整改时限： 11月30日（周一）17:30 前",
        "非常不满意",
        "评价意见：还是两头跑。",
        "反映人看得到",
    ):
        assert part in said


def test_what_a_call_heard_is_to_be_mended_too(window, case_in, clock, clerk):
    case = case_in(State.CLOSED)
    do(Act.CALL_BACK, case.number, clerk, MONDAY, grade=2, note="说没有人理他。")
    clock.now = MONDAY + timedelta(hours=1)
    said = words_of(window.get(f"{case.number}/rectify"))
    assert "回访：已解决，不满意" in said
    assert "回访记录：说没有人理他。" in said
    assert "contact_rater" not in page_of(window.get(f"{case.number}/"))


def test_what_was_done_is_told_and_its_evidence_kept_inside(window, badly_rated):
    photo = SimpleUploadedFile("新指南.png", a_png()[1], "image/png")
    response = window.send(badly_rated, "rectify", text=DONE, files=[photo])
    assert response.headers["Location"] == f"/w/{badly_rated.number}/"
    badly_rated.refresh_from_db()
    assert badly_rated.rectified_at is not None
    assert Attachment.objects.get().purpose == "evidence"
    me = citizen(opened=frozenset({badly_rated.pk}))
    assert DONE in [text.body for text in texts_for(me, badly_rated)]
    said = words_of(window.get(f"{badly_rated.number}/"))
    assert "已整改" in said
    assert DONE in said
    assert "这件事没有要整改的差评。" in words_of(window.get(f"{badly_rated.number}/rectify"))


def test_a_second_rating_says_that_it_came_after_the_mending(window, badly_rated, clock):
    window.send(badly_rated, "rectify", text=DONE)
    clock.now = MONDAY + timedelta(hours=5)
    rate(badly_rated, clock.now, grade=4)
    said = words_of(window.get(f"{badly_rated.number}/"))
    assert "未解决，满意" in said
    assert "整改后" in said


def test_it_says_what_was_done_or_is_not_booked(window, badly_rated):
    response = window.send(badly_rated, "rectify", text=" ")
    assert response.status_code == 422
    assert "请写改了什么、结果怎样。" in words_of(response)
    assert not Event.objects.filter(kind="rectified").exists()


def test_a_double_click_mends_once_and_a_stale_screen_keeps_the_text(window, colleague, badly_rated):
    held = window.open(badly_rated, "rectify")
    for _ in range(2):
        assert colleague.send(badly_rated, "rectify", held, text=DONE).status_code == 302
    assert Event.objects.filter(kind="rectified").count() == 1
    response = window.send(
        badly_rated, "rectify", {**held, "idem": "6f7d3c52-0c5e-4f6e-9a54-0b1f6f0a6d11"}, text=DONE
    )
    assert response.status_code == 409
    assert DONE in page_of(response)


@pytest.mark.parametrize("name", ["supervisor", "shijian"])
def test_nobody_but_the_window_has_the_page(signed_in, badly_rated, name):
    assert signed_in(name).get(f"/w/{badly_rated.number}/rectify").status_code == 403


def test_the_page_costs_few_queries(window, badly_rated: Case, django_assert_max_num_queries):
    window.get(f"{badly_rated.number}/rectify")
    with django_assert_max_num_queries(20):
        window.get(f"{badly_rated.number}/rectify")
