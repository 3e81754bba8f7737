"""为什么是这一天 on a page of its own: each limit of a case, for the people of this room."""

from __future__ import annotations

import pytest

from cases.rules.flow import State
from cases.rules.words import OBLIGATIONS
from escalation.selectors.clocks import case_clocks
from tests.conftest import MONDAY


@pytest.fixture
def page(case_in, signed_in):
    case, client = case_in(State.HANDLING), signed_in("shijian")

    def read(clock: str):
        return client.get(f"/d/{case.number}/why/{clock}")

    read.case = case
    return read


def test_each_limit_of_the_case_is_told_with_its_versions_and_leads_to_the_others(page):
    clocks = case_clocks([page.case.pk], MONDAY)[page.case.pk]
    for clock in clocks:
        text = page(clock.slug).content.decode()
        assert OBLIGATIONS[clock.obligation.value] in text
        assert "按工作日历第 1 版（2026年：国办发明电〔2025〕7号）、规则第 1 版计算。" in text
        assert all(f'/why/{other.slug}"' in text for other in clocks if other is not clock)


def test_the_case_page_leads_to_it(page, signed_in):
    text = signed_in("shijian").get(f"/d/{page.case.number}/").content.decode()
    assert f'href="/d/{page.case.number}/why/case-2"' in text
    assert "第 3 个工作日" in page("case-2").content.decode()


@pytest.mark.parametrize("clock", ["case-1", "case-2-3", "nothing", "case"])
def test_a_limit_that_the_case_does_not_have_is_missing(page, clock):
    assert page(clock).status_code == 404


def test_a_case_out_of_sight_is_missing(page, signed_in):
    assert page("case-2").status_code == 200
    other = {"clerk": "dongqu", "shijian": "renshe"}.get("shijian")
    if other:
        assert signed_in(other).get(f"/d/{page.case.number}/why/case-2").status_code == 404
