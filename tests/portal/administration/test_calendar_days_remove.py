"""移除停工: the page names what goes and asks on what document; gone already is said."""

from __future__ import annotations

import pytest

from escalation.rules.holiday_notices import Layer, parse_csv
from tests.conftest import MONDAY
from tests.noticed import load_notice
from tests.portal.administration.conftest import form_of
from tests.portal.desk.conftest import text_of

PAGE = "/a/calendar/days/remove"
CHOSEN = {"hall": "city", "first": "2026-11-25", "last": "2026-11-26"}
ASKED = f"{PAGE}?hall=city&first=2026-11-25&last=2026-11-26"


@pytest.fixture
def storm(city) -> int:
    text = "day,kind,name\n2026-11-25,休,台风停工\n2026-11-26,休,台风停工\n"
    notice = parse_csv(text, scope="city", document="岐三防〔2026〕8号")
    return load_notice(notice, now=MONDAY)


def test_the_list_leads_to_the_page_that_takes_it_out(at_room, storm, proposed):
    client = at_room()
    assert ASKED.replace("&", "&amp;") in client.get("/a/calendar/days").text
    page = client.get(ASKED)
    assert "台风停工" in text_of(page)
    answer = client.post(PAGE, form_of(page) | {"document": "岐三防〔2026〕9号"})
    assert answer.headers["Location"] == proposed.address
    content, said = proposed[0]
    assert content.days_of(Layer.CITY) == {}
    assert said["basis"] == "岐三防〔2026〕9号"


def test_without_a_document_nothing_goes(at_room, storm, proposed):
    client = at_room()
    page = client.post(PAGE, form_of(client.get(ASKED)))
    assert page.status_code == 422
    assert "请写依据的文号" in text_of(page)
    assert "台风停工" in text_of(page)
    assert not len(proposed)


@pytest.mark.parametrize(
    "fields", [{}, {"last": "2026-11-24"}, {"first": "1900-01-01", "last": "2050-01-01"}]
)
def test_what_is_gone_already_is_said(at_room, proposed, fields):
    client = at_room()
    page = client.get(ASKED)
    assert "可能已经移除" in text_of(page)
    answer = client.post(PAGE, form_of(page) | CHOSEN | {"document": "x"} | fields)
    assert answer.status_code == 422
    assert not len(proposed)


def test_only_administrators_take_days_out(at_room):
    assert at_room("supervisor").get(ASKED).status_code == 403
