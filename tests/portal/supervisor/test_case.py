"""The supervisors' case page: the word of the chain, versions, and who may do what."""

from __future__ import annotations

import pgtrigger
import pytest

from cases.models import Event
from cases.rules.flow import State
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
    for act in ("erase", "dispatch", "reveal"):
        assert f"/s/{case.number}/{act}" not in page


def test_a_missing_case_is_not_found(city, at_board):
    assert at_board().get("/s/261123999995/").status_code == 404
