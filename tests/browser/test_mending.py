"""A bad rating at the window in real Chromium: the list, the contact, the mending, by keyboard and in every theme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from cases.rules.classes import RatingReason, Resolution
from cases.rules.flow import Act, State
from cases.rules.grants import citizen
from cases.services.content import Person
from tests.browser.test_look import look
from tests.cases.every_act import do
from tests.conftest import Filing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def badly_rated(live_city) -> Case:
    """A case closed yesterday and rated badly an hour ago."""
    now = timezone.now()
    case = Filing()(
        State.CLOSED, now=now - timedelta(days=1), people=(Person(name="刘德明", phone="13000000039"),)
    )
    do(
        Act.RATE,
        case.number,
        citizen(opened=frozenset({case.pk})),
        now - timedelta(hours=1),
        resolution=Resolution.UNSOLVED,
        grade=1,
        reasons=(RatingReason.PASSED_ON, RatingReason.GUIDE),
        text="证是拿到了，可是指南还是老的，别人还要跑冤枉路。",
    )
    return case


def test_its_pages_are_accessible(people, badly_rated, shot):
    page, number = people.staff("clerk"), badly_rated.number
    pages = {
        "rectify-queue": "/w/?tab=rectify",
        "contact-rater": f"/w/{number}/contact_rater",
        "rectify": f"/w/{number}/rectify",
        "badly-rated": f"/w/{number}/",
    }
    wrong = []
    for name, address in pages.items():
        wrong += look(page, address, f"staff-{name}", shot)
    assert wrong == []


def test_it_is_done_by_keyboard_from_the_list_to_the_end(people, badly_rated):
    page = people.staff("clerk")
    page.goto("/w/?tab=rectify")
    page.keyboard.press("n")
    page.wait_for_url("**/contact_rater")
    page.fill("textarea[name=text]", "要求把指南改过来。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/w/{badly_rated.number}/")
    page.keyboard.press("g")
    page.wait_for_url("**/rectify")
    page.fill("textarea[name=text]", "指南已经改好。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/w/{badly_rated.number}/")
    badly_rated.refresh_from_db()
    assert badly_rated.rater_contacted_at < badly_rated.rectified_at


def test_it_works_without_scripts(people, badly_rated):
    page = people.staff("clerk", javascript=False)
    page.goto(f"/w/{badly_rated.number}/rectify")
    page.click("main form.bc-actform button[type=submit]")
    assert "请写改了什么、结果怎样。" in page.inner_text("main")
    page.fill("textarea[name=text]", "指南已经改好。")
    page.click("main form.bc-actform button[type=submit]")
    assert "已整改" in page.inner_text("main")
