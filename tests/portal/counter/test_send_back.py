"""请部门重新答复: one department of those that have answered, with what is missing."""

from __future__ import annotations

import re

from cases.models import Case, Department, Event, Share
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from tests.portal.counter.conftest import held_by, page_of, words_of

REASON = "没有写到哪个窗口领，请写清楚。"


def test_each_department_stands_there_with_its_answer_and_conclusion(window, joint):
    case = joint()
    response = window.get(f"{case.number}/send_back")
    said = words_of(response)
    assert "市市场监督管理局（主办，已办成）" in said
    assert "协办，部分办成" in said
    assert "产权信息已查到。" in said
    assert "系统里还缺一页。" in said
    assert not re.search(r'name="department"[^>]* checked', page_of(response))


def test_one_department_answers_again_and_the_other_s_answer_stands(window, shijian, joint):
    case, market = joint(), Department.objects.get(code="S02")
    window.send(case, "send_back", department=str(market.pk), reason=REASON)
    case.refresh_from_db()
    assert case.state == State.HANDLING
    assert {share.department.code: share.answered_at is None for share in Share.objects.all()} == {
        "S02": True,
        "S04": False,
    }
    assert REASON in [text.body for text in texts_for(shijian, case)]
    assert REASON not in [text.body for text in texts_for(citizen(opened=frozenset({case.pk})), case)]


def test_a_single_department_is_chosen_already(window, case_now):
    case = case_now(State.ANSWERED)
    assert held_by(window.get(f"{case.number}/send_back"))["department"] == str(
        Department.objects.get(code="S02").pk
    )
    assert window.send(case, "send_back", reason=REASON).status_code == 302


def test_without_a_reason_or_a_department_nothing_is_asked(window, joint):
    case, market = joint(), str(Department.objects.get(code="S02").pk)
    assert window.send(case, "send_back", department=market, reason=" ").status_code == 422
    response = window.send(case, "send_back", reason=REASON)
    assert response.status_code == 422
    assert REASON in page_of(response)
    strange = str(Department.objects.get(code="S07").pk)
    assert window.send(case, "send_back", department=strange, reason=REASON).status_code == 422
    assert not Event.objects.filter(kind="sent_back").exists()


def test_a_published_answer_is_not_asked_for_again(window, case_now):
    case = case_now(State.REPLIED)
    assert "不能请部门重新答复" in words_of(window.get(f"{case.number}/send_back"))
    assert Case.objects.get().state == State.REPLIED
