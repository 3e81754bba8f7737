"""受理: what each difficulty promises, once, and never on a stale screen unseen."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from cases.models import Case, Event, Matter
from cases.rules.flow import State
from escalation.selectors.clocks import due_of
from portal.templatetags.bancheng import cn_moment
from tests.portal.counter.conftest import page_of, words_of


def test_the_due_moment_shown_before_pressing_is_the_one_that_holds_afterwards(window, case_now):
    case = case_now(ago=timedelta(minutes=1))
    said = words_of(window.get(f"{case.number}/accept"))
    shown = re.search(r"一般，3 ?个工作日：(\S+) 前", said)[1]
    assert window.send(case, "accept", difficulty="ordinary").headers["Location"] == f"/w/{case.number}/"
    case.refresh_from_db()
    assert (case.state, case.difficulty) == (State.ACCEPTED, "ordinary")
    assert cn_moment(due_of(case.pk, timezone.now()).due_at) == shown


def test_the_window_is_offered_the_difficulties_it_may_set(window, case_now):
    case = case_now()
    assert re.findall(r'name="difficulty" value="(\w+)"', page_of(window.get(f"{case.number}/accept"))) == [
        "instant",
        "ordinary",
        "complex",
    ]
    assert window.send(case, "accept", difficulty="hard").status_code == 422
    assert Case.objects.get().state == State.FILED


def test_without_a_difficulty_it_is_asked_again(window, case_now):
    response = window.send(case_now(), "accept")
    assert response.status_code == 422
    assert "请选难度" in words_of(response)


def test_a_matter_still_open_can_be_set_and_the_likely_ones_come_first(window, case_now):
    case = case_now(matter_id=None)
    page = page_of(window.get(f"{case.number}/accept"))
    assert "从反映的话看，可能是" in page
    matter = Matter.objects.get(code="M002")
    window.send(case, "accept", difficulty="complex", matter=str(matter.pk))
    assert Case.objects.get().matter == matter


def test_a_matter_already_known_is_not_asked(window, case_now):
    assert 'name="matter"' not in page_of(window.get(f"{case_now().number}/accept"))


def test_a_stale_screen_names_the_colleague_and_keeps_the_choice(window, colleague, case_now):
    case = case_now()
    held = window.open(case, "accept")
    colleague.send(case, "accept", difficulty="complex")
    response = window.send(case, "accept", held, difficulty="ordinary")
    assert response.status_code == 409
    said = words_of(response)
    assert re.search(r"同事 贺文静 刚刚（\d\d:\d\d）已受理此件。", said)
    assert "这件事现在是“已受理”，不能受理" in said
    assert re.search(r'value="ordinary"[^>]* checked', page_of(response))
    assert Case.objects.get().difficulty == "complex"
    assert Event.objects.filter(kind="accepted").count() == 1


def test_a_double_click_is_one_acceptance(window, case_now):
    case = case_now()
    held = window.open(case, "accept")
    answers = [window.send(case, "accept", held, difficulty="ordinary") for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {f"/w/{case.number}/"}
    assert Event.objects.filter(kind="accepted").count() == 1


def test_the_page_of_an_act_that_is_over_says_why_and_has_no_button(window, case_now):
    case = case_now(State.HANDLING)
    response = window.get(f"{case.number}/accept")
    assert "这件事现在是“部门办理中”，不能受理。" in words_of(response)
    assert "<form" not in page_of(response)
    assert window.client.post(f"/w/{case.number}/accept", {}).status_code == 422
