"""The story of a followed case: every event in plain words, departments with what each does, nothing from inside."""

from __future__ import annotations

import pytest

from cases.models import Department
from cases.rules import wrong_words
from cases.rules.flow import State
from tests.cases.every_act import Act, do
from tests.conftest import MONDAY, STATEMENT
from tests.portal.citizen.conftest import words_of
from tests.portal.citizen.test_case import REPLY, main_of, whole_page

pytestmark = pytest.mark.usefixtures("clock")


def test_the_story_is_told_newest_first_without_names_of_officers(somebody, case_in):
    case = case_in(State.CLOSED)
    page = main_of(whole_page(somebody, case, case_in.code))
    told = [part.split("</h3>")[0] for part in page.split('<h3 class="bc-line__title">')[1:]]
    assert told == ["已办结", "已答复您", "已转给市市场监督管理局办理", "已受理", "已收到您的反映"]
    for word in (*wrong_words.NOT_FOR_CITIZENS, "窗口专员", "联络员", "电话核实已领到执照"):
        assert word not in page


def test_statement_and_reply_are_shown_and_nothing_that_was_written_inside(somebody, case_in):
    case = case_in(State.REPLIED)
    page = main_of(whole_page(somebody, case, case_in.code))
    assert STATEMENT in page
    assert REPLY in page
    assert "请到 3 号窗领取" not in page  # the department's draft, before the window checked it
    assert page.index(REPLY) < page.index(STATEMENT)


def test_until_the_reply_is_published_the_answer_of_the_department_is_not_shown(somebody, case_in):
    page = main_of(whole_page(somebody, case_in(State.ANSWERED), case_in.code))
    assert "请到 3 号窗领取" not in page
    assert "给您的答复" not in page


@pytest.fixture
def joint(case_in, clerk):
    """A case in the hands of three departments."""
    case = case_in(State.ACCEPTED)
    others = Department.objects.filter(code__in=["S03", "S04"]).order_by("code")
    do(Act.DISPATCH, case.number, clerk, MONDAY, co_department_ids=[one.pk for one in others])
    return case, [one.name for one in others]


def test_several_departments_are_named_with_what_each_does(somebody, case_in, joint):
    case, (second, third) = joint
    page = words_of(main_of(whole_page(somebody, case, case_in.code)))
    assert "已转给 3 个部门一起办" in page
    assert (
        page.count(f"主要由市市场监督管理局办，{second}、{third}配合。") == 2
    )  # in the story and among the facts
    assert "主办" not in page
    assert "协办" not in page


def test_each_department_that_begins_is_told_by_name(somebody, case_in, joint, shijian):
    case, _ = joint
    do(Act.SIGN, case.number, shijian, MONDAY)
    assert "市市场监督管理局已开始办理" in whole_page(somebody, case, case_in.code)


def test_contacts_are_told_with_their_way_and_failed_ones_as_failed(somebody, case_in, shijian):
    case = case_in(State.HANDLING)
    do(Act.CONTACT, case.number, shijian, MONDAY)
    page = main_of(whole_page(somebody, case, case_in.code))
    assert "市市场监督管理局已与您联系" in page
    assert "电话" in page[page.index("已与您联系") : page.index("已转给")]


def test_a_third_failed_contact_counts_for_the_clock_but_is_told_as_it_was(somebody, case_in, shijian):
    case = case_in(State.HANDLING)
    for _ in range(3):
        do(Act.CONTACT, case.number, shijian, MONDAY, reached=False)
    page = main_of(whole_page(somebody, case, case_in.code))
    assert page.count("市市场监督管理局联系过您，没有联系上") == 3
    assert "已与您联系" not in page


def test_what_was_solved_on_the_spot_has_its_reply_and_can_be_rated(somebody, case_in, clerk):
    case = case_in(State.FILED)
    do(Act.RESOLVE, case.number, clerk, MONDAY)
    page = main_of(whole_page(somebody, case, case_in.code))
    assert "窗口已当场解决" in page
    assert "已当面说明要带的材料。" in page
    assert "当面解释，本人表示明白。" not in page
    assert "请您评价：问题解决了吗？" in page


def test_the_supervisor_stepping_in_is_told_without_what_was_written(somebody, case_in, supervisor):
    case = case_in(State.HANDLING)
    do(Act.SUPERVISE, case.number, supervisor, MONDAY)
    page = main_of(whole_page(somebody, case, case_in.code))
    assert "督办专员已介入" in page
    assert "今天下班前答复" not in page


def test_after_the_case_was_given_to_another_department_that_one_alone_is_named(
    somebody, case_in, supervisor
):
    case = case_in(State.HANDLING)
    do(Act.REDISPATCH, case.number, supervisor, MONDAY)
    new = Department.objects.get(shares__case=case, shares__ended_at=None)
    page = main_of(whole_page(somebody, case, case_in.code))
    named = page.split("<dt>承办</dt><dd>")[1].split("</dd>")[0]
    assert named == new.name
