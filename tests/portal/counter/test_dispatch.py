"""转办: the competent department first; the search knows names, aliases and initials, and never picks the wrong office."""

from __future__ import annotations

import re

import pytest

from cases.models import Alias, Case, Department, Event, Share
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from escalation.models import Clock
from portal.templatetags.bancheng import cn_moment
from tests.portal.counter.conftest import held_by, page_of, words_of


def offered(response) -> list[str]:
    """The departments of the list, in order."""
    select = page_of(response).partition('<select name="department"')[2].partition("</select>")[0]
    return [name.strip() for name in re.findall(r">([^<>]+)</option>", select)]


def co_offered(response) -> list[str]:
    """The departments that can be ticked as co-handlers, in order."""
    box = page_of(response).partition('id="id_co_departments"')[2].partition("</fieldset>")[0]
    return re.findall(r"<span>([^<>]+)</span>", box)


def test_the_department_of_the_matter_is_proposed_first(window, case_now):
    case = case_now(State.ACCEPTED)
    response = window.get(f"{case.number}/dispatch")
    assert offered(response)[:2] == ["请选择", "市市场监督管理局（事项主管）"]
    assert window.send(case, "dispatch").status_code == 302
    share = Case.objects.get().shares.get()
    assert (share.department.name, share.role) == ("市市场监督管理局", "lead")
    assert Case.objects.get().state == State.HANDLING


def test_units_without_an_account_are_not_offered(window, case_now):
    names = offered(window.get(f"{case_now(State.ACCEPTED).number}/dispatch"))
    assert not set(names) & set(Department.objects.filter(has_account=False).values_list("name", flat=True))


def test_a_search_narrows_both_lists_by_name_alias_and_initials(window, case_now):
    case = case_now(State.ACCEPTED, matter_id=None)
    alias = Alias.objects.filter(department__has_account=True).select_related("department").first()
    for text in (alias.name, alias.department.name):
        assert alias.department.name in offered(window.send(case, "dispatch", search=text, look="1"))[-1]
    response = window.send(case, "dispatch", search="srlzyhshbzj", look="1")
    assert offered(response) == ["市人力资源和社会保障局"]
    assert co_offered(response) == ["市人力资源和社会保障局"]
    assert Case.objects.get().state == State.ACCEPTED


def test_a_search_never_changes_what_is_chosen(window, case_now):
    case = case_now(State.ACCEPTED)
    market, housing, labour = (Department.objects.get(code=code) for code in ("S02", "S04", "S07"))
    response = window.send(
        case, "dispatch", co_departments=[housing.pk], instruction="一起办。", search=labour.name, look="1"
    )
    assert offered(response) == ["请选择", f"{market.name}（事项主管）", labour.name]
    assert co_offered(response) == [housing.name, labour.name]
    held = held_by(response)
    assert held["department"] == str(market.pk)
    assert held["co_departments"] == [str(housing.pk)]
    assert held["instruction"] == "一起办。"
    response = window.send(case, "dispatch", held, co_departments=[housing.pk, labour.pk])
    assert response.status_code == 302
    assert [(share.department.code, share.role) for share in Share.objects.order_by("pk")] == [
        ("S02", "lead"),
        ("S04", "co"),
        ("S07", "co"),
    ]


def test_what_is_searched_must_be_among_what_is_chosen(window, case_now):
    case = case_now(State.ACCEPTED)
    response = window.send(case, "dispatch", search="人力资源")
    assert response.status_code == 422
    assert "查找的部门没有选为主办或协办" in words_of(response)
    other = str(Department.objects.get(name="市人力资源和社会保障局").pk)
    assert window.send(case, "dispatch", held_by(response), department=other).status_code == 302
    assert Case.objects.get().shares.get().department_id == int(other)


def test_the_lead_is_no_co_handler_of_itself(window, case_now):
    case = case_now(State.ACCEPTED)
    market = str(Department.objects.get(code="S02").pk)
    response = window.send(case, "dispatch", department=market, co_departments=[market])
    assert response.status_code == 422
    assert "主办部门不用再选为协办部门" in words_of(response)
    assert not Share.objects.exists()


def test_what_each_will_owe_is_said_before_the_press_and_holds_afterwards(window, case_now):
    case = case_now(State.ACCEPTED)
    said = words_of(window.get(f"{case.number}/dispatch"))
    shown = re.findall(r"(主办|协办)：[^，]+，(\S+) 前答复窗口", said)
    other = Department.objects.get(code="S04").pk
    window.send(case, "dispatch", co_departments=[other])
    dues = {
        share.role: clock.due_at
        for share in Share.objects.all()
        for clock in Clock.objects.filter(share_id=share.pk, obligation="answer")
    }
    assert shown == [("主办", cn_moment(dues["lead"])), ("协办", cn_moment(dues["co"]))]


def test_the_instruction_reaches_the_departments_and_never_the_reporter(window, shijian, case_now):
    case = case_now(State.ACCEPTED)
    window.send(case, "dispatch", instruction="请三天内上门核实。")
    case.refresh_from_db()
    assert "请三天内上门核实。" in [text.body for text in texts_for(shijian, case)]
    assert "请三天内上门核实。" not in [
        text.body for text in texts_for(citizen(opened=frozenset({case.pk})), case)
    ]


def test_a_search_that_finds_nothing_says_so_and_keeps_the_list(window, case_now):
    response = window.send(case_now(State.ACCEPTED), "dispatch", search="没有这个局", look="1")
    assert "没有找到这个部门" in words_of(response)
    assert len(offered(response)) > 5


@pytest.mark.parametrize("department", ["", "999999", "x"])
def test_without_a_real_department_nothing_is_dispatched(window, case_now, department):
    case = case_now(State.ACCEPTED)
    assert window.send(case, "dispatch", department=department).status_code == 422
    assert not Case.objects.get().shares.exists()


def test_two_clerks_dispatch_once(window, colleague, case_now):
    case = case_now(State.ACCEPTED)
    held = window.open(case, "dispatch")
    assert colleague.send(case, "dispatch").status_code == 302
    response = window.send(case, "dispatch", held)
    assert response.status_code == 409
    assert re.search(r"同事 贺文静 刚刚（\d\d:\d\d）已转办此件。", words_of(response))
    assert Event.objects.filter(kind="dispatched").count() == 1
