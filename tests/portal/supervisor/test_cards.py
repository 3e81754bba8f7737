"""The register of cards: all of them, narrowed by colour, by department, and to those that count now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Department
from cases.rules.flow import State
from cases.services import additions
from escalation.models import Card
from escalation.selectors.cards import cards_page
from escalation.services.sweep import sweep
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)


def sweep_each_day(days: int) -> None:
    for day in range(days, -1, -1):
        sweep(now=MONDAY - day * DAY)


@pytest.fixture
def carded(case_in, sent_to):
    """A case of 市市场监督管理局 and one of 市不动产登记中心 that lay for three weeks, swept each day."""
    cases = case_in(State.HANDLING, now=MONDAY - 20 * DAY), sent_to("S04", now=MONDAY - 20 * DAY)
    sweep_each_day(20)
    return cases


def labels(page) -> list[str]:
    return [card.label for card in page.context["cards"]]


def test_every_card_of_every_unit_stands_there_with_number_step_instant_and_points(carded, at_board):
    words = text_of(at_board().get("/s/cards"))
    for word in ("〔2026〕黄第1号", "〔2026〕红第2号", "市不动产登记中心", "部门答复时限", "试行，不计分"):
        assert word in words
    assert len(labels(at_board().get("/s/cards"))) == Card.objects.count()


def test_a_replaced_yellow_is_struck_through_and_leads_to_the_red(carded, at_board):
    yellow = Card.objects.get(colour="yellow", department__code="S02")
    page = at_board().get("/s/cards", {"colour": "yellow"}).content.decode()
    assert f"<del>〔2026〕黄第{yellow.number}号</del>" in page
    assert f'不扣，已由<a href="/s/cards/{yellow.superseded_by.pk}">红牌</a>代替' in page


def test_a_card_found_late_says_when_it_was_recorded(case_in, at_board):
    case_in(State.HANDLING, now=MONDAY - 20 * DAY)
    sweep(now=MONDAY)
    words = text_of(at_board().get("/s/cards", {"colour": "red"}))
    assert "11月12日（周四）08:30 11月23日（周一）09:30 补记" in words


def test_the_list_is_narrowed_by_colour_and_department(carded, at_board):
    at, estate = at_board(), Department.objects.get(code="S04")
    page = at.get("/s/cards", {"colour": "red", "department": estate.pk})
    assert [card.unit for card in page.context["cards"]] == [estate.name]
    assert f'<option value="{estate.pk}" selected>' in page.content.decode()
    for query in ({"colour": "green"}, {"department": "x"}, {"department": "0"}, {"before": "²"}):
        assert len(labels(at.get("/s/cards", query))) == Card.objects.count()


def test_only_cards_of_open_cases_that_no_red_has_replaced_count_now(carded, at_board, clerk):
    at, live = at_board(), {"live": "1"}
    assert labels(at.get("/s/cards", {**live, "colour": "yellow"})) == []
    reds = labels(at.get("/s/cards", {**live, "colour": "red"}))
    assert len(reds) == 2
    additions.withdraw_case(number=carded[0].number, actor=clerk, now=MONDAY)
    assert len(labels(at.get("/s/cards", {**live, "colour": "red"}))) == 1
    assert len(labels(at.get("/s/cards", {"colour": "red"}))) == 2


def test_pages_follow_one_another(carded, supervisor):
    whole = cards_page(supervisor).rows
    seen, before = [], None
    while True:
        page = cards_page(supervisor, before=before, limit=3)
        seen += page.rows
        before = page.next_before
        if before is None:
            break
    assert seen == whole


def test_an_empty_register_says_so(city, at_board):
    at = at_board()
    assert "没有牌。" in text_of(at.get("/s/cards"))
    assert "在办事项没有红牌。" in text_of(at.get("/s/cards", {"live": "1", "colour": "red"}))


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_leaders_and_viewers_read_the_register(carded, at_board, person):
    assert labels(at_board(person).get("/s/cards")) == labels(at_board().get("/s/cards"))


def test_the_register_costs_the_same_for_one_case_as_for_many(case_in, at_board):
    at, costs = at_board(), []
    for _ in range(2):
        case_in(State.HANDLING, now=MONDAY - 20 * DAY)
        sweep(now=MONDAY)
        at.get("/s/cards")
        with CaptureQueriesContext(connection) as captured:
            at.get("/s/cards")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12
