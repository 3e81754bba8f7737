"""The case page of a department: its own share, masked people, what it may do."""

from __future__ import annotations

import pytest

from cases.rules.flow import State
from tests.portal.desk.conftest import text_of


def test_the_page_shows_the_matter_the_own_share_and_the_own_clock(case_in, desk):
    case = case_in(State.HANDLING)
    words = text_of(desk().get(f"{case.number}/"))
    for word in (
        "营业执照设立登记",
        "主办，本单位",
        "本单位的时限",
        "转办，从这时起算",
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
