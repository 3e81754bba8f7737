"""The department's own cards: the list and one card with what it rests on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from cases.services.handling import sign_share
from escalation.models import Card
from escalation.services.sweep import sweep
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)
MONTH_AGO = MONDAY - 20 * DAY


@pytest.fixture
def carded(case_in, clock):
    """A case that lay for three weeks, and the sweep that judged it each working day."""
    case = case_in(State.HANDLING, now=MONTH_AGO)
    for n in range(20, -1, -1):
        sweep(now=MONDAY - n * DAY)
    return case


def test_the_list_holds_the_own_cards_with_word_number_step_and_points(carded, desk):
    words = text_of(desk().get("cards"))
    for word in ("红牌", "黄牌", "〔2026〕黄第", "〔2026〕红第", "试行，不计分", "不扣，已由红牌代替"):
        assert word in words


def test_another_department_has_none(carded, desk):
    words = text_of(desk("budongchan").get("cards"))
    assert "本单位没有牌。" in words
    assert "〔2026〕" not in words


def test_the_list_is_narrowed_by_colour(carded, desk):
    at = desk()
    assert "〔2026〕黄第" not in text_of(at.get("cards", colour="red"))
    assert "〔2026〕红第" not in text_of(at.get("cards", colour="yellow"))
    assert at.get("cards", colour="green", before="x").status_code == 200


def test_the_list_costs_the_same_for_one_case_as_for_many(carded, case_in, desk):
    at, costs = desk(), []
    for _ in range(2):
        at.get("cards")
        with CaptureQueriesContext(connection) as captured:
            at.get("cards")
        costs.append(len(captured))
        for _ in range(3):
            case_in(State.HANDLING, now=MONTH_AGO)
        sweep(now=MONDAY)
    assert costs[0] == costs[1] <= 12


def card_of(case, colour: str) -> Card:
    return Card.objects.filter(case=case, colour=colour, department__code="S02").latest("pk")


def test_a_card_says_in_plain_words_what_it_rests_on_day_by_day(carded, desk):
    card = card_of(carded, "red")
    words = text_of(desk().get(f"cards/{card.pk}"))
    for word in (
        "给谁 市市场监督管理局",
        "环节 部门答复时限",
        "亮牌时刻 2026年11月",
        "严重超期，到期后第 4 个工作日",
        "规则第 1 版",
        "部门答复与整件同时到期",
        "试行，不计分",
    ):
        assert word in words, word


def test_a_late_first_contact_is_told_day_by_day_and_forgiven_the_first_time(case_in, desk, clock, shijian):
    case = case_in(State.HANDLING, now=MONTH_AGO)
    sign_share(number=case.number, actor=shijian, now=MONTH_AGO)
    sweep(now=MONTH_AGO + 2 * DAY)
    card = Card.objects.get(case=case, obligation="contact", signal="overdue")
    words = text_of(desk().get(f"cards/{card.pk}"))
    for word in (
        "蓝色提示",
        "计时的当日 2026年11月3日（周二），当日不计",
        "2026年11月4日（周三）第 1 个工作日。",
        "近期第一次，只提示，不给黄牌",
        "扣分 不扣",
    ):
        assert word in words, word


def test_a_card_computed_again_comes_out_the_same_and_nothing_changes(carded, desk):
    card, at, before = card_of(carded, "red"), desk(), Card.objects.count()
    assert "重新计算结果一致" not in text_of(at.get(f"cards/{card.pk}"))
    assert "重新计算结果一致" in text_of(at.get(f"cards/{card.pk}", again="1"))
    assert Card.objects.count() == before


def test_a_card_that_comes_out_otherwise_says_where(carded, desk, monkeypatch):
    from escalation.selectors.cards import Recomputed
    from portal import cards

    card = card_of(carded, "red")
    later = {"due_at": (card.evidence["due_at"], "2026-11-10T17:30:00+08:00")}
    monkeypatch.setattr(cards, "recomputed", lambda _: Recomputed(False, later))
    words = text_of(desk().get(f"cards/{card.pk}", again="1"))
    assert "重新计算结果不一致" in words
    assert "2026年11月10日（周二）17:30" in words


def test_a_replaced_yellow_is_struck_through_and_names_its_red(carded, desk):
    yellow, red = card_of(carded, "yellow"), card_of(carded, "red")
    page = desk().get(f"cards/{yellow.pk}").content.decode()
    assert "bc-tag--void" in page
    assert f'href="/d/cards/{red.pk}"' in page


def test_a_card_of_another_unit_looks_like_a_missing_one(carded, desk):
    card, other = card_of(carded, "red"), desk("budongchan")
    assert other.get(f"cards/{card.pk}").status_code == other.get("cards/999999").status_code == 404


def test_the_case_page_shows_the_own_card_and_leads_to_it(carded, desk):
    red = card_of(carded, "red")
    page = desk().get(f"{carded.number}/").content.decode()
    assert f'href="/d/cards/{red.pk}"' in page
    assert "红牌：市市场监督管理局" in page
