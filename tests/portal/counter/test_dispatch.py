"""转办: the competent department first; the search knows names, aliases and initials, and never picks the wrong office."""

from __future__ import annotations

import re

import pytest

from cases.models import Alias, Case, Department, Event
from cases.rules.flow import State
from tests.portal.counter.conftest import held_by, page_of, words_of


def offered(response) -> list[str]:
    """The departments of the list, in order."""
    select = page_of(response).partition('<select name="department"')[2].partition("</select>")[0]
    return [name.strip() for name in re.findall(r">([^<>]+)</option>", select)]


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


def test_a_search_narrows_the_list_by_name_alias_and_initials(window, case_now):
    case = case_now(State.ACCEPTED)
    alias = Alias.objects.filter(department__has_account=True).select_related("department").first()
    for text in (alias.name, alias.department.name):
        assert alias.department.name in offered(window.send(case, "dispatch", search=text, look="1"))[-1]
    names = offered(window.send(case, "dispatch", search="srlzyhshbzj", look="1"))
    assert names == ["市人力资源和社会保障局"]
    assert Case.objects.get().state == State.ACCEPTED


def test_what_is_searched_and_what_is_chosen_must_agree(window, case_now):
    case = case_now(State.ACCEPTED)
    response = window.send(case, "dispatch", search="人力资源")
    assert response.status_code == 422
    assert "查找的和选中的不是同一个部门" in words_of(response)
    assert offered(response) == ["市人力资源和社会保障局"]
    other = str(Department.objects.get(name="市人力资源和社会保障局").pk)
    assert window.send(case, "dispatch", held_by(response), department=other).status_code == 302
    assert Case.objects.get().shares.get().department_id == int(other)


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
