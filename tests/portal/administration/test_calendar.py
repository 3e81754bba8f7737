"""工作日历: the grid of a year, the notices by year, the versions; who may read them and what they cost."""

from __future__ import annotations

import pytest

from cases.models import Hall
from escalation.rules.holiday_notices import parse_csv
from tests.conftest import MONDAY
from tests.noticed import load_notice
from tests.portal.desk.conftest import text_of

STORM = "day,kind,name\n2026-11-25,休,台风停工\n2026-11-26,休,台风停工\n"
PAGES = ("/a/", "/a/calendar/notices", "/a/calendar/versions", "/a/calendar/versions/1")


def storm(**given) -> int:
    return load_notice(parse_csv(STORM, document="岐三防〔2026〕8号", **given), now=MONDAY)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", ["admin", "supervisor", "leader", "viewer", "audit"])
def test_those_who_answer_for_time_read_the_calendar(at_room, person, page):
    assert at_room(person).get(page).status_code == 200


@pytest.mark.parametrize("person", ["clerk", "shijian", "head", "security"])
def test_others_have_no_business_here(at_room, person):
    assert at_room(person).get("/a/").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_few_queries_whatever_the_number_of_days(at_room, page, django_assert_max_num_queries):
    client = at_room("supervisor")
    client.get(page)
    with django_assert_max_num_queries(12):
        client.get(page)


def test_the_grid_says_of_each_day_its_name_and_whose_document_it_is(at_room):
    storm(scope="city")
    page = at_room().get("/a/?year=2026")
    words = text_of(page)
    assert "休，国庆节，全国放假安排" in words
    assert "班，国庆节，全国放假安排" in words
    assert "休，台风停工，全市" in words
    assert "11月25日（周三）至11月26日（周四） 2 天" in words
    assert "国办发明电〔2025〕7号" in words


def test_a_hall_sees_its_own_days_and_the_others_do_not(at_room):
    storm(scope="hall:H05")
    hall = Hall.objects.get(code="H05")
    client = at_room()
    assert "台风停工" not in text_of(client.get("/a/?year=2026"))
    assert "休，台风停工，大厅" in text_of(client.get(f"/a/?year=2026&hall={hall.pk}"))


def test_a_year_without_a_notice_is_provisional_and_says_what_it_counts_by(at_room):
    words = text_of(at_room().get("/a/?year=2027"))
    assert "暂定，放假安排尚未公布" in words
    assert "休，春节，法定节假日" in words
    assert "全国年节及纪念日放假办法" in words


@pytest.mark.parametrize("query", ["year=1991", "year=2061", "year=abc", "year=٢٠٢٦", "hall=99999", "hall=x"])
def test_what_is_no_year_and_no_hall_shows_this_year_of_the_city(at_room, query):
    page = at_room().get(f"/a/?{query}")
    assert (page.context["year"], page.context["hall_id"]) == (2026, None)


@pytest.mark.parametrize(("year", "before", "after"), [(1992, None, 1993), (2060, 2059, None)])
def test_the_first_and_the_last_year_lead_no_further(at_room, year, before, after):
    page = at_room().get(f"/a/?year={year}")
    assert (page.context["before"], page.context["after"]) == (before, after)


def test_the_notices_name_the_years_that_are_not_published(at_room):
    words = text_of(at_room().get("/a/calendar/notices"))
    assert "2027年 尚未公布" in words
    assert "2026年 国办发明电〔2025〕7号 放假" in words or "国办发明电〔2025〕7号" in words


def test_a_version_says_who_entered_it_and_what_it_changed(at_room):
    number = storm(scope="city")
    words = text_of(at_room("viewer").get(f"/a/calendar/versions/{number}"))
    assert "岐三防〔2026〕8号" in words
    assert "卓一鸣" in words
    assert "写入 全市 2026-11-25至2026-11-26 休 台风停工（岐三防〔2026〕8号）" in words
    assert at_room().get("/a/calendar/versions/99").status_code == 404
