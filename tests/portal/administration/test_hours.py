"""办公时间: of the city and of a hall, with validity; overlaps, midnight and empty hours are refused."""

from __future__ import annotations

from datetime import date

import pytest

from cases.models import Hall
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


def test_the_list_says_what_holds_today_and_readers_have_no_form(at_room):
    words = text_of(at_room("viewer").get(PAGE))
    assert "全市 08:30–12:00、14:30–17:30 长期 今天" in words
    assert "看影响" not in words
    assert at_room("viewer").post(PAGE, SUMMER).status_code == 403
