"""督办: the supervisor steps in; whoever holds the case reads it, no limit changes, and the reporter sees that it happened."""

from __future__ import annotations

import pytest

from cases.models import Case, CaseText, Event
from cases.rules.flow import State
from escalation.models import Notice
from escalation.selectors.clocks import case_clocks
from tests.conftest import MONDAY
from tests.portal.desk.conftest import hidden, text_of

WORDS = "请市监局今天下班前与反映人联系，明天书面报告。"


def supervise(at, case: Case, text: str = WORDS):
    form = at.get(f"/s/{case.number}/supervise").context["form"]
    return at.post(f"/s/{case.number}/supervise", {**hidden(form), "text": text})


def test_the_department_and_its_heads_are_told_and_read_it(case_in, at_board):
    case, at = case_in(State.HANDLING), at_board()
    assert supervise(at, case).headers["Location"] == f"/s/{case.number}/"
    assert WORDS in text_of(at.get(f"/s/{case.number}/"))
    assert WORDS in text_of(at_board("shijian").get(f"/d/{case.number}/"))
    told = Notice.objects.filter(case=case, kind="supervised").values_list("post__role", flat=True)
    assert {"liaison", "head"} <= set(told)


def test_no_limit_changes(case_in, at_board):
    case = case_in(State.HANDLING)
    before = [(clock.label, clock.due_at) for clock in case_clocks([case.pk], MONDAY)[case.pk]]
    supervise(at_board(), case)
    assert [(clock.label, clock.due_at) for clock in case_clocks([case.pk], MONDAY)[case.pk]] == before


def test_without_words_nothing_is_sent_and_the_page_says_what_is_missing(case_in, at_board):
    case = case_in(State.HANDLING)
    page = supervise(at_board(), case, " ")
    assert page.status_code == 422
    assert "请写督办意见：要谁做什么，什么时候之前。" in text_of(page)
    assert not Event.objects.filter(case=case, kind="supervised").exists()


def test_a_double_press_supervises_once(case_in, at_board):
    case, at = case_in(State.HANDLING), at_board()
    typed = {**hidden(at.get(f"/s/{case.number}/supervise").context["form"]), "text": WORDS}
    for _ in range(2):
        assert at.post(f"/s/{case.number}/supervise", typed).status_code == 302
    assert CaseText.objects.filter(case=case, purpose="supervision").count() == 1


def test_a_stale_screen_names_the_colleague_and_keeps_the_words(case_in, at_board):
    case, at = case_in(State.HANDLING), at_board()
    held = hidden(at.get(f"/s/{case.number}/supervise").context["form"])
    supervise(at_board("supervisor2"), case, "先看看。")
    page = at.post(f"/s/{case.number}/supervise", {**held, "text": WORDS})
    assert page.status_code == 409
    words = text_of(page)
    assert "游思敏" in words
    assert "先看看。" in words
    assert WORDS in words


def test_an_ended_case_is_not_supervised(case_in, at_board):
    case = case_in(State.CLOSED)
    words = text_of(at_board().get(f"/s/{case.number}/supervise"))
    assert "不能督办" in words


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_leaders_and_viewers_may_not_supervise(case_in, at_board, person):
    case = case_in(State.HANDLING)
    typed = {**hidden(at_board().get(f"/s/{case.number}/supervise").context["form"]), "text": WORDS}
    assert at_board(person).post(f"/s/{case.number}/supervise", typed).status_code == 409
    assert not Event.objects.filter(case=case, kind="supervised").exists()
