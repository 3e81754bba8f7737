"""The calendar's pages in real Chromium: accessible in every theme, on a phone, without JavaScript, by keyboard."""

from __future__ import annotations

import pytest
from django.utils import timezone

from escalation.rules.holiday_notices import parse_csv
from tests.browser.conftest import PHONE
from tests.browser.test_look import all_wrong, look
from tests.noticed import load_notice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "calendar": "/a/?year=2026",
    "provisional": "/a/?year=2027",
    "notices": "/a/calendar/notices",
    "notice": "/a/calendar/notice",
    "days": "/a/calendar/days",
    "days-remove": "/a/calendar/days/remove?hall=city&first=2026-11-25&last=2026-11-26",
    "hours": "/a/hours",
    "versions": "/a/calendar/versions",
    "version": "/a/calendar/versions/2",
}
STORM = "day,kind,name\n2026-11-25,休,台风停工\n2026-11-26,休,台风停工\n"


@pytest.fixture
def storm(live_city) -> None:
    """A typhoon on two days, as version 2."""
    notice = parse_csv(STORM, scope="city", document="岐三防〔2026〕8号")
    load_notice(notice, now=timezone.now())


def test_every_page_of_the_calendar_is_accessible(people, storm, shot):
    page, wrong = people.staff("admin"), []
    for name, address in PAGES.items():
        wrong += look(page, address, f"administration-{name}", shot)
    page.set_viewport_size(PHONE)
    for name, address in PAGES.items():
        page.goto(address)
        wrong += [f"{name} phone {fault}" for fault in all_wrong(page)]
        shot(page, f"administration-{name}-phone")
    assert wrong == []


def test_what_looks_odd_is_said_accessibly_and_without_javascript(people, shot):
    page = people.staff("admin", javascript=False)
    page.goto("/a/calendar/notice?year=2027")
    page.fill("#id_document", "国办发明电〔2026〕9号")
    page.fill("#id_text", "2027-01-05 班 元旦")
    page.click("main button[type=submit]")
    assert "本来就上班" in page.locator("main").inner_text()
    assert page.input_value("#id_text") == "2027-01-05 班 元旦"
    shot(page, "administration-notice-odd")


def test_a_mistake_takes_one_to_the_field_by_keyboard(people, shot):
    page = people.staff("admin")
    page.goto("/a/calendar/days")
    page.fill("#id_first", "2026-11-26")
    page.fill("#id_last", "2026-11-25")
    page.fill("#id_name", "台风停工")
    page.fill("#id_document", "岐三防〔2026〕8号")
    page.press("#id_document", "Enter")
    page.wait_for_selector(".bc-errors")
    assert all_wrong(page) == []
    assert page.evaluate("document.activeElement.matches('.bc-errors')")
    shot(page, "administration-days-error")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_last"
