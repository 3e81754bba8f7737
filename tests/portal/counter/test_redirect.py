"""转其他渠道: reason, channel and contact in one answer; what the reporter is told is always seen first."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.rules import scope
from cases.rules.flow import State
from cases.selectors.content import texts_for
from tests.portal.counter.conftest import held_by, page_of, words_of


def told(clerk, case) -> str:
    return next(text.body for text in texts_for(clerk, case) if text.purpose == "explanation")


def test_every_reason_stands_there_with_its_channel(window, case_now):
    said = words_of(window.get(f"{case_now().number}/redirect"))
    for reason in scope.REASONS.values():
        assert reason.label in said
        assert reason.channel in said


def test_a_chosen_reason_fills_in_its_standard_words(window, clerk, case_now):
    case = case_now()
    response = window.send(case, "redirect", reason="consumer", fill="1")
    assert response.status_code == 200
    held = held_by(response)
    assert held["explanation"] == scope.redirect_text("consumer")
    assert held["reason"] == "consumer"
    assert Case.objects.get().state == State.FILED
    assert window.send(case, "redirect", held).headers["Location"] == f"/w/{case.number}/slip"
    assert Case.objects.get().state == State.REDIRECTED
    assert told(clerk, case) == scope.redirect_text("consumer")


def test_another_reason_replaces_the_standard_words_but_never_own_ones(window, case_now):
    case = case_now()
    first = held_by(window.send(case, "redirect", reason="consumer", fill="1"))
    second = held_by(window.send(case, "redirect", first, reason="petition", fill="1"))
    assert second["explanation"] == scope.redirect_text("petition")
    own = held_by(
        window.send(case, "redirect", second, reason="consumer", explanation="自己写的话。", fill="1")
    )
    assert own["explanation"] == "自己写的话。"


def test_an_empty_text_comes_back_filled_in_and_is_sent_only_when_seen(window, case_now):
    case = case_now()
    response = window.send(case, "redirect", reason="consumer")
    assert response.status_code == 422
    assert "12315" in held_by(response)["explanation"]
    assert Case.objects.get().state == State.FILED
    assert window.send(case, "redirect", held_by(response)).status_code == 302


@pytest.mark.parametrize("reason", ["other_area", "beyond_duty"])
def test_where_only_the_clerk_knows_whom_to_ask_the_gap_must_be_filled(window, clerk, case_now, reason):
    case = case_now()
    held = held_by(window.send(case, "redirect", reason=reason, fill="1"))
    response = window.send(case, "redirect", held)
    assert response.status_code == 422
    assert "请把括号换成该找的单位" in words_of(response)
    text = held["explanation"].replace("（请写明单位、地址或电话）", "邻市政务服务中心 0701-12345")
    assert window.send(case, "redirect", held, explanation=text).status_code == 302
    assert told(clerk, case).endswith("邻市政务服务中心 0701-12345")


def test_without_a_reason_nothing_happens(window, case_now):
    response = window.send(case_now(), "redirect", explanation="请拨打 12315。")
    assert response.status_code == 422
    assert "请选原因" in words_of(response)
    assert "请拨打 12315。" in page_of(response)


def test_a_stale_screen_keeps_what_was_typed(window, colleague, case_now):
    case = case_now()
    held = window.open(case, "redirect")
    colleague.send(case, "accept", difficulty="ordinary")
    response = window.send(case, "redirect", held, reason="consumer", explanation="我写的说明。")
    assert response.status_code == 409
    assert "贺文静" in words_of(response)
    assert "我写的说明。" in page_of(response)
    assert Case.objects.get().state == State.ACCEPTED


def test_filling_in_words_for_a_case_that_moved_on_says_so_and_keeps_the_form(window, colleague, case_now):
    case = case_now()
    held = window.open(case, "redirect")
    colleague.send(case, "accept", difficulty="ordinary")
    response = window.send(case, "redirect", held, reason="consumer", fill="1")
    assert "这件事现在是“已受理”，不能转其他渠道。" in words_of(response)
    assert "12315" in held_by(response)["explanation"]
    assert "确认转其他渠道" not in words_of(response)
