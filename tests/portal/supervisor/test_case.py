"""The supervisors' case page: the word of the chain, versions, and who may do what."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Event
from cases.rules.classes import Resolution
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.services import aftercare, handling
from escalation.models import Card
from escalation.services.sweep import sweep
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of


def test_the_page_says_how_many_records_there_are_and_that_they_hold(case_in, at_board):
    case = case_in(State.CLOSED)
    words = text_of(at_board().get(f"/s/{case.number}/"))
    for word in ("流转记录 6 条，逐条校验通过", "按规则第 1 版办理", "日历第 1 版", "各项时限"):
        assert word in words


def test_a_changed_record_is_named(case_in, at_board):
    case = case_in(State.HANDLING)
    with pgtrigger.ignore():
        Event.objects.filter(case=case, version=2).update(role="head")
    words = text_of(at_board().get(f"/s/{case.number}/"))
    assert "第 2 条流转记录与写入时不一致" in words
    assert "校验通过" not in words


def test_the_supervisor_is_offered_erasing_only_when_the_case_has_ended(case_in, at_board):
    assert "/erase" not in at_board().get(f"/s/{case_in(State.HANDLING).number}/").content.decode()
    assert "/erase" in at_board().get(f"/s/{case_in(State.CLOSED).number}/").content.decode()


@pytest.mark.parametrize("person", ["leader", "viewer"])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.CLOSED])
def test_leaders_and_viewers_see_the_case_but_get_no_act(case_in, at_board, person, state):
    case = case_in(state)
    page = at_board(person).get(f"/s/{case.number}/").content.decode()
    assert "营业执照设立登记" in page
    assert "您的岗位现在没有要办的" in page
    for act in ("erase", "dispatch", "supervise", "reopen", "reveal"):
        assert f"/s/{case.number}/{act}" not in page


def test_cards_stand_first_and_lead_to_their_evidence(case_in, at_board):
    case = case_in(State.HANDLING, now=MONDAY - timedelta(days=20))
    sweep(now=MONDAY)
    page = at_board().get(f"/s/{case.number}/").content.decode()
    red = Card.objects.get(case=case, colour="red")
    assert f'href="/s/cards/{red.pk}">〔2026〕红第1号' in page
    assert page.index("红牌：市市场监督管理局") < page.index("反映人的话")


def test_each_department_stands_there_with_what_it_has_done_and_owes(joint, at_board, budongchan):
    case = joint()
    handling.sign_share(number=case.number, actor=budongchan, now=MONDAY)
    words = text_of(at_board().get(f"/s/{case.number}/"))
    assert "2 个部门分头办" in words
    assert "市市场监督管理局 主办" in words
    assert "11月23日（周一）09:30 签收" in words
    assert "签收时限到 11月23日（周一）16:00" in words


def test_the_call_back_and_the_rating_stand_side_by_side(case_in, at_board, clerk):
    case = case_in(State.CLOSED)
    said = {"resolution": Resolution.UNSOLVED, "grade": 2, "number": case.number, "now": MONDAY}
    aftercare.call_back(reached=True, actor=clerk, **said)
    aftercare.rate_case(actor=citizen(opened=frozenset({case.pk})), **{**said, "grade": 1})
    words = text_of(at_board().get(f"/s/{case.number}/"))
    assert "回访：未解决，不满意" in words
    assert "反映人评价：未解决，非常不满意" in words


def test_the_page_costs_no_more_than_twenty_queries_whatever_has_happened(joint, case_in, at_board):
    def cost(case) -> int:
        at.get(f"/s/{case.number}/")
        with CaptureQueriesContext(connection) as captured:
            at.get(f"/s/{case.number}/")
        return len(captured)

    at, few = at_board(), case_in(State.HANDLING)
    many = joint(now=MONDAY - timedelta(days=20))
    sweep(now=MONDAY)
    assert cost(few) == cost(many) <= 20


def test_a_missing_case_is_not_found(city, at_board):
    assert at_board().get("/s/261123999995/").status_code == 404
