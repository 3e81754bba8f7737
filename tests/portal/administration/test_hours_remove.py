"""移除办公时间: what holds afterwards is what holds beside it; the city is never without."""

from __future__ import annotations

from datetime import date, time

import pytest

from escalation.rules.contents import with_hours
from escalation.rules.hours import HoursPeriod, Session
from escalation.selectors.calendars import content_of
from escalation.services.calendars import save_content
from tests.conftest import MONDAY
from tests.portal.administration.conftest import form_of
from tests.portal.desk.conftest import text_of

PAGE = "/a/hours/remove"
SUMMER = HoursPeriod(
    date(2027, 7, 1), date(2027, 8, 31), (Session(time(8), time(12)), Session(time(15), time(18)))
)


@pytest.fixture
def summer(city) -> int:
    return save_content(with_hours(content_of(), None, SUMMER), source="x", entered_by="卓一鸣", now=MONDAY)


def asked(client) -> str:
    """The address behind 移除 of the summer's row."""
    words = next(words for row, words in client.get("/a/hours").context["rows"] if row.period == SUMMER)
    return f"{PAGE}?hall=city&period={words}"


def test_the_days_go_back_to_the_hours_beside_them(at_room, summer, proposed):
    client = at_room()
    page = client.get(asked(client))
    assert "2027-07-01至2027-08-31" in text_of(page)
    answer = client.post(PAGE, form_of(page) | {"document": "岐政办〔2027〕4号"})
    assert answer.headers["Location"] == proposed.address
    assert f"{proposed[0][0].work_time().closing(date(2027, 7, 1)):%H:%M}" == "17:30"


def test_the_only_hours_of_the_city_cannot_go(at_room, proposed):
    client = at_room()
    assert "hours/remove" not in client.get("/a/hours").text
    page = client.get(f"{PAGE}?hall=city&period=08:30–12:00、14:30–17:30，长期")
    answer = client.post(PAGE, form_of(page) | {"document": "x"})
    assert answer.status_code == 422
    assert "不能全部移除" in text_of(answer)


def test_what_is_gone_already_is_said(at_room, proposed):
    client = at_room()
    page = client.get(f"{PAGE}?hall=city&period=x")
    assert "可能已经移除" in text_of(page)
    assert client.post(PAGE, form_of(page) | {"document": "x"}).status_code == 422
    assert not len(proposed)
