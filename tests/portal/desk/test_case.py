"""The case page of a department: its own share, masked people, what it may do."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from cases.services.additions import supervise_case
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of


def test_the_page_shows_the_matter_the_own_share_and_the_own_clock(case_in, desk):
    case = case_in(State.HANDLING)
    words = text_of(desk().get(f"{case.number}/"))
    for word in (
        "营业执照设立登记",
        "主办，本单位",
        "本单位主办：待签收",
        "11月23日（周一）09:30 转办 · 已用 0 分钟 · 签收须在 11月23日（周一）16:00 前",
        "签收时限 今日到期，剩 4 小时 4 个工作小时，11月23日（周一）16:00 前",
        "答复窗口",
        "办了三趟",
    ):
        assert word in words


def test_names_and_numbers_are_masked(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().get(f"{case.number}/").content.decode()
    assert "13000000039" not in page
    assert "130****0039" in page


@pytest.mark.parametrize("person", ["budongchan", "renshe"])
def test_another_department_gets_what_a_missing_case_gets(case_in, desk, person):
    case, other = case_in(State.HANDLING), desk(person)
    hidden, missing = other.get(f"{case.number}/"), other.get("261123999995/")
    assert hidden.status_code == missing.status_code == 404
    assert len(hidden.content) == len(missing.content)


def test_two_departments_see_each_their_own_case_only(case_in, sent_to, desk):
    ours, theirs = case_in(State.HANDLING), sent_to("S04")
    statuses = {
        (person, case.number): desk(person).get(f"{case.number}/").status_code
        for person in ("shijian", "budongchan")
        for case in (ours, theirs)
    }
    assert statuses == {
        ("shijian", ours.number): 200,
        ("shijian", theirs.number): 404,
        ("budongchan", ours.number): 404,
        ("budongchan", theirs.number): 200,
    }


def test_the_b_holder_of_the_post_sees_and_may_answer_as_the_a_holder(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk("shijian2").get(f"{case.number}/")
    assert f'href="/d/{case.number}/answer"' in page.content.decode()


def test_the_head_reads_but_is_offered_neither_the_answer_nor_the_reveal(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk("head").get(f"{case.number}/").content.decode()
    assert f"/d/{case.number}/answer" not in page
    assert f"/d/{case.number}/reveal" not in page
    assert "您的岗位现在没有要办的" in page


def test_after_its_answer_the_department_still_reads_the_case_and_what_became_of_it(case_in, desk):
    case = case_in(State.CLOSED)
    words = text_of(desk().get(f"{case.number}/"))
    assert "您的营业执照已办好" in words
    assert "已办结" in words
    assert f"/d/{case.number}/answer" not in desk().get(f"{case.number}/").content.decode()


def test_what_window_and_supervisor_ask_stands_before_the_reporters_words_and_only_there(
    joint, desk, supervisor
):
    case = joint(instruction="请核实产权后告诉主办部门。")
    supervise_case(number=case.number, text="请在本周内答复。", actor=supervisor, now=MONDAY)
    words = text_of(desk("budongchan").get(f"{case.number}/"))
    assert (
        words.index("交办要求 请核实产权") < words.index("督办意见 请在本周内答复") < words.index("办了三趟")
    )
    assert words.count("请核实产权后告诉主办部门。") == words.count("请在本周内答复。") == 1


def test_the_parts_of_all_departments_stand_on_the_page(joint, desk):
    case = joint()
    words = text_of(desk().get(f"{case.number}/"))
    assert "2 个部门分头办" in words
    assert "市市场监督管理局 主办，本单位" in words
    assert "市不动产登记中心 协办" in words


def test_the_reckoning_of_each_own_clock_is_told_when_asked_for(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    html = at.get(f"{case.number}/").content.decode()
    assert 'href="?why=sign#own"' in html
    assert "4 个工作小时。" not in text_of(at.get(f"{case.number}/"))
    assert "2026年11月23日（周一）16:00 到期" in text_of(at.get(f"{case.number}/", why="sign"))
    assert at.get(f"{case.number}/", why="nonsense").status_code == 200


def test_each_open_act_has_its_letter(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    html = at.get(f"{case.number}/").content.decode()
    assert re.findall(r'data-key="([A-Z])"', html) == ["A", "L", "Y"]


def test_a_page_costs_the_same_for_one_department_as_for_two(joint, sent_to, desk):
    costs = []
    for case in (sent_to("S02"), joint()):
        at = desk()
        at.get(f"{case.number}/")
        with CaptureQueriesContext(connection) as captured:
            at.get(f"{case.number}/")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 21  # three of them ask who is reading
