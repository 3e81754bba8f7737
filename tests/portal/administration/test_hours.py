"""办公时间: of the city and of a hall, with validity; overlaps, midnight and empty hours are refused."""

from __future__ import annotations

from datetime import date, time

import pytest

from cases.models import Hall
from escalation.rules.contents import with_hours
from escalation.rules.hours import HoursPeriod, Session
from escalation.selectors.calendars import content_of
from escalation.services.calendars import save_content
from tests.conftest import MONDAY
from tests.portal.administration.conftest import form_of
from tests.portal.desk.conftest import text_of

PAGE = "/a/hours"
SUMMER = {
    "hall": "city",
    "morning": "8:00-12:00",
    "afternoon": "15：00至18：00",
    "valid_from": "2027-07-01",
    "valid_to": "2027-08-31",
    "document": "岐政办〔2027〕3号",
}


@pytest.fixture
def post(at_room):
    """`post(morning=…)` fills the form in and sends it."""
    client = at_room()
    page = client.get(PAGE)
    return lambda **fields: client.post(PAGE, form_of(page) | SUMMER | fields)


def test_summer_hours_hold_in_summer_alone(post, proposed):
    assert post().headers["Location"] == proposed.address
    content, said = proposed[0]
    closings = [f"{content.work_time().closing(date(2027, month, 1)):%H:%M}" for month in (6, 7, 9)]
    assert closings == ["17:30", "18:00", "17:30"]
    assert said["title"].startswith("办公时间 全市 08:00–12:00、15:00–18:00")


def test_a_hall_without_a_noon_break(post, proposed):
    hall = Hall.objects.get(code="H05")
    fields = {
        "hall": str(hall.pk),
        "morning": "09:00-17:00",
        "afternoon": "",
        "valid_from": "",
        "valid_to": "",
    }
    assert post(**fields).status_code == 302
    content = proposed[0][0]
    closings = [f"{content.work_time(place).closing(date(2026, 11, 24)):%H:%M}" for place in (hall.pk, None)]
    assert closings == ["17:00", "17:30"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"morning": "", "afternoon": ""}, "办公时间不能为空"),
        ({"morning": "8点"}, "8点 看不懂"),
        ({"morning": "25:00-26:00"}, "看不懂"),
        ({"morning": "22:00-06:00", "afternoon": ""}, "不能跨过零点"),
        ({"morning": "08:00-15:30"}, "与上一时段重叠"),
        ({"valid_to": "2027-06-01"}, "早于起期"),
        ({"valid_from": "七月"}, "日期请写成"),
        ({"document": ""}, "请写依据的文号"),
        ({"hall": "99999"}, "没有这个大厅"),
    ],
)
def test_bad_input_is_told_and_kept(post, proposed, fields, message):
    page = post(**fields)
    assert page.status_code == 422
    assert message in text_of(page)
    assert page.context["form"]["morning"].value() == {**SUMMER, **fields}["morning"]
    assert not len(proposed)


def test_a_day_within_the_summers_can_have_hours_of_its_own(post, proposed):
    for year in (2026, 2027):
        summer = HoursPeriod(date(year, 7, 1), date(year, 8, 31), (Session(time(8), time(12)),))
        content = with_hours(content_of(), None, summer)
        save_content(content, source="x", entered_by="卓一鸣", now=MONDAY)
    assert post(valid_from="2027-02-01", valid_to="2027-02-05").status_code == 302
    work_time = proposed[0][0].work_time()
    days = (date(2027, 1, 29), date(2027, 2, 1), date(2027, 2, 8), date(2027, 7, 1))
    assert [f"{work_time.closing(day):%H:%M}" for day in days] == ["17:30", "18:00", "17:30", "12:00"]
    page = post(valid_from="2027-08-30", valid_to="2027-09-03")
    assert "与 2027-07-01至2027-08-31 的办公时间重叠" in text_of(page)


def test_one_row_holds_today_though_another_lasts(at_room):
    now = HoursPeriod(date(2026, 11, 1), date(2026, 11, 30), (Session(time(9), time(16)),))
    save_content(with_hours(content_of(), None, now), source="x", entered_by="卓一鸣", now=MONDAY)
    words = text_of(at_room("viewer").get(PAGE))
    assert "09:00–16:00 2026-11-01至2026-11-30 今天" in words
    assert words.count("今天") == 1


def test_the_list_says_what_holds_today_and_readers_have_no_form(at_room):
    words = text_of(at_room("viewer").get(PAGE))
    assert "全市 08:30–12:00、14:30–17:30 长期 今天" in words
    assert "看影响" not in words
    assert at_room("viewer").post(PAGE, SUMMER).status_code == 403
