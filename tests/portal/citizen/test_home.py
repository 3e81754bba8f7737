"""The first page: what to press, whom to call, whether it is open, honest counts."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from cases.models import Hall
from cases.rules.flow import State
from tests.conftest import SHANGHAI


@pytest.fixture
def at(monkeypatch):
    """`at(2026, 11, 23, 10)` makes the page believe that it is this moment."""

    def move(*parts: int) -> datetime:
        moment = datetime(*parts, tzinfo=SHANGHAI)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return move


def page_of(somebody, **kwargs) -> str:
    response = somebody.client.get("/", **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def test_the_two_things_to_do_are_links_and_the_telephone_can_be_dialled(somebody):
    page = page_of(somebody)
    assert 'href="/report/problem"' in page
    assert 'href="/track"' in page
    assert 'href="tel:070088001037"' in page


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((2026, 11, 23, 10, 0), "正在办公"),
        ((2026, 11, 23, 12, 30), "11月23日（周一）14:30 上班"),
        ((2026, 11, 23, 17, 30), "11月24日（周二）08:30 上班"),
        ((2026, 11, 21, 10, 0), "11月23日（周一）08:30 上班"),
        ((2026, 9, 30, 18, 0), "10月8日（周四）08:30 上班"),
        ((2026, 10, 10, 10, 0), "今天 17:30 下班"),
    ],
)
def test_open_or_not_comes_from_calendar_and_hours(somebody, at, moment, said):
    at(*moment)
    assert said in page_of(somebody)


def test_figures_are_counts_of_the_last_year_with_the_moment_of_counting(somebody, case_in, at):
    case_in(State.CLOSED)
    case_in(State.FILED)
    case_in(State.CLOSED, now=datetime(2025, 6, 2, 9, 30, tzinfo=SHANGHAI))
    at(2026, 11, 23, 11, 0)
    page = page_of(somebody)
    counts = [part.split("<small>")[0] for part in page.split('class="bc-figures__n">')[1:]]
    assert counts == ["2", "1", "1"]
    assert "统计到 11月23日（周一）11:00" in page
    assert "%" not in page[page.index("<main") :]


def test_figures_are_not_counted_anew_for_each_visitor(somebody, django_assert_max_num_queries):
    page_of(somebody)
    with django_assert_max_num_queries(5):
        page_of(somebody)


def test_a_page_for_a_browser_with_a_draft_stays_within_the_budget(somebody, django_assert_max_num_queries):
    somebody.send("problem")
    page_of(somebody)
    with django_assert_max_num_queries(8):
        page_of(somebody)


def test_the_address_with_elder_switches_the_theme_and_is_remembered(somebody):
    page = page_of(somebody, data={"elder": "1"})
    assert 'data-theme="elder"' in page
    assert 'data-theme="elder"' in page_of(somebody)


def test_matters_for_elsewhere_name_numbers_that_can_be_dialled(somebody):
    page = page_of(somebody)
    for number in ("12315", "12345", "110", "119", "120"):
        assert f'href="tel:{number}"' in page


def test_a_waiting_draft_is_offered_again_and_can_be_thrown_away(somebody):
    assert "没有填完的反映" not in page_of(somebody)
    somebody.send("problem")
    assert "没有填完的反映" in page_of(somebody)
    assert somebody.client.get("/report/").headers["Location"] == "/report/matter"
    assert somebody.client.post("/report/discard").headers["Location"] == "/"
    assert "没有填完的反映" not in page_of(somebody)


def test_without_a_main_hall_the_page_still_stands(city, client):
    Hall.objects.filter(is_main=True).update(is_main=False)
    assert client.get("/").status_code == 200
