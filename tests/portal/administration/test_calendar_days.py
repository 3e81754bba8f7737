"""停工和地方节日: entered for the city or a hall, listed with their document, refused where they cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from cases.models import Hall
from cases.rules.flow import State
from escalation.models import Change
from escalation.rules.holiday_notices import Layer, parse_csv
from escalation.selectors.calendars import waiting_calendars
from tests.conftest import MONDAY
from tests.noticed import load_notice
from tests.portal.administration.conftest import form_of
from tests.portal.desk.conftest import text_of

PAGE = "/a/calendar/days"
STORM = {
    "hall": "city",
    "kind": "off",
    "first": "2026-11-25",
    "last": "2026-11-26",
    "name": "台风停工",
    "document": "岐三防〔2026〕8号",
}


@pytest.fixture
def post(at_room):
    """`post(name=…)` fills the form in and sends it."""
    client = at_room()
    page = client.get(PAGE)
    return lambda **fields: client.post(PAGE, form_of(page) | STORM | fields)


def test_a_stop_of_work_becomes_a_proposal(post, proposed):
    assert post().headers["Location"] == proposed.address
    content, said = proposed[0]
    assert said["title"] == "台风停工 2026-11-25至2026-11-26 全市"
    assert list(content.days_of(Layer.CITY)) == [date(2026, 11, 25), date(2026, 11, 26)]


def test_one_day_of_one_hall(post, proposed):
    hall = Hall.objects.get(code="H05")
    assert post(hall=str(hall.pk), last="").status_code == 302
    content, said = proposed[0]
    assert list(content.days_of(Layer.HALL, hall.pk)) == [date(2026, 11, 25)]
    assert hall.name in said["title"]


def test_a_weekend_that_rests_anyway_is_said_first(post, proposed):
    page = post(first="2026-11-28", last="")
    assert page.status_code == 200
    assert "2026-11-28（周六）本来就休息" in text_of(page)
    assert post(first="2026-11-28", last="", looked="on").status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"last": "2026-11-24"}, "结束日期 2026-11-24 早于开始日期 2026-11-25"),
        ({"first": ""}, "请填开始日期"),
        ({"first": "25/11"}, "开始日期请写成"),
        ({"first": "1980-01-01", "last": ""}, "超出日历范围"),
        ({"last": "2027-11-26"}, "超过 31 天"),
        ({"name": " "}, "请写名称"),
        ({"name": "停" * 61}, "名称最多 60 个字"),
        ({"document": ""}, "请写依据的文号"),
        ({"hall": "99999"}, "没有这个大厅"),
        ({"kind": "maybe"}, "请选休还是班"),
    ],
)
def test_bad_input_is_told_and_kept(post, proposed, fields, message):
    page = post(**fields)
    assert page.status_code == 422
    assert message in text_of(page)
    assert page.context["form"]["name"].value() == {**STORM, **fields}["name"]
    assert not len(proposed)


def test_readers_see_the_list_without_a_form(at_room):
    load_notice(
        parse_csv("day,kind,name\n2026-11-25,休,台风停工\n", scope="hall:H05", document="岐三防〔2026〕8号"),
        now=MONDAY,
    )
    client = at_room("viewer")
    words = text_of(client.get(PAGE))
    assert "2026年11月25日（周三）" in words
    assert "岐三防〔2026〕8号" in words
    assert "看影响" not in words
    assert client.post(PAGE, STORM).status_code == 403


def test_the_engine_keeps_the_change_with_its_effect_and_the_calendar_says_that_it_waits(post, case_in):
    case_in(State.HANDLING)
    change_id = int(post(first="2026-11-24").headers["Location"].rpartition("/")[2])
    change = Change.objects.get(pk=change_id)
    assert (change.state, change.basis, change.proposed_name) == ("proposed", "岐三防〔2026〕8号", "卓一鸣")
    assert change.preview["cases"] == 1
    assert [row.title for row in waiting_calendars()] == ["台风停工 2026-11-24至2026-11-26 全市"]
