"""One card in the supervisors' room: what it rests on, whom it was told to, and whether it comes out the same again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Event
from cases.rules.flow import State
from escalation.models import Card
from escalation.services.sweep import sweep
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of
from tests.portal.supervisor.test_cards import DAY, sweep_each_day


@pytest.fixture
def cards(case_in) -> dict[str, Card]:
    """The yellow card of a case that lay for three weeks, and the red that replaced it."""
    case = case_in(State.HANDLING, now=MONDAY - 20 * DAY)
    sweep_each_day(20)
    return {card.colour: card for card in Card.objects.filter(case=case).exclude(colour="blue")}


def test_the_page_says_which_limit_from_when_until_when_and_who_was_responsible(cards, at_board):
    words = text_of(at_board().get(f"/s/cards/{cards['red'].pk}"))
    for word in (
        "〔2026〕红第1号",
        "给谁 市市场监督管理局",
        "环节 部门答复时限",
        "到期 2026年11月6日（周五）17:30",
        "亮牌时刻 2026年11月12日（周四）08:30",
        "规则第 1 版，工作日历第 1 版",
        "为什么是这一天",
        "试行，不计分",
    ):
        assert word in words, word


def test_the_page_says_whom_it_was_told_to_the_unit_first_and_never_who_has_read_it(cards, at_board):
    page = at_board().get(f"/s/cards/{cards['red'].pk}")
    told = [(post.unit, post.role, post.rank) for post in page.context["told"]]
    assert told[0][0] == "市市场监督管理局"
    assert ("市市场监督管理局", "head", 3) in told
    assert ("市政务服务和数据管理局", "supervisor", None) in told
    assert ("市政务服务和数据管理局", "bureau_leader", None) in told
    assert len(told) == len(set(told))
    words = text_of(page)
    assert "市市场监督管理局 主要负责人 11月" in words
    assert "已读" not in words.partition("通知了谁")[2]


def test_a_red_names_the_yellow_it_replaces_and_the_yellow_its_red(cards, at_board):
    at, yellow, red = at_board(), cards["yellow"], cards["red"]
    assert f'代替 <a href="/s/cards/{yellow.pk}"><del>〔2026〕黄第1号</del></a>' in (
        at.get(f"/s/cards/{red.pk}").content.decode()
    )
    struck = at.get(f"/s/cards/{yellow.pk}").content.decode()
    assert f'已由 <a href="/s/cards/{red.pk}">〔2026〕红第1号</a> 代替' in struck
    assert '<h1 class="bc-title"><del>〔2026〕黄第1号</del></h1>' in struck


def test_computed_again_it_comes_out_the_same_and_nothing_is_written(cards, at_board):
    at, address = at_board(), f"/s/cards/{cards['red'].pk}"
    events = Event.objects.count()
    assert "重新计算结果一致" not in text_of(at.get(address))
    assert "重新计算结果一致" in text_of(at.get(address, {"again": "1"}))
    assert Event.objects.count() == events


def test_the_page_leads_to_the_case(cards, at_board):
    card = cards["red"]
    assert f'href="/s/{card.case.number}/"' in at_board().get(f"/s/cards/{card.pk}").content.decode()


def test_a_missing_card_is_not_found(city, at_board):
    assert at_board().get("/s/cards/999999").status_code == 404


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_leaders_and_viewers_read_the_card(cards, at_board, person):
    assert at_board(person).get(f"/s/cards/{cards['red'].pk}").status_code == 200


def test_the_page_costs_the_same_whatever_else_there_is(cards, case_in, at_board):
    at, address = at_board(), f"/s/cards/{cards['red'].pk}?again=1"

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            at.get(address)
        return len(captured)

    at.get(address)
    one = cost()
    for _ in range(3):
        case_in(State.HANDLING, now=MONDAY - 20 * DAY)
    sweep(now=MONDAY)
    assert cost() == one <= 20
