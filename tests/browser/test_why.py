"""为什么是这一天 in real Chromium: a long reckoning with time standing still, for the reporter and for staff."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.models import Case
from cases.rules.classes import Difficulty, SuspensionReason
from cases.rules.flow import State
from cases.services.coordinating import extend_case, reclassify_case
from cases.services.suspending import suspend_case
from escalation.selectors.clocks import case_clocks
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_look import look
from tests.conftest import SHANGHAI, Filing, actor_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRIDAY = datetime(2026, 9, 18, 10, tzinfo=SHANGHAI)


@pytest.fixture
def amended(live_city):
    """A case filed before the autumn holidays: a hard one by now, suspended, extended; with its query code."""
    filing = Filing()
    case = filing(State.HANDLING, now=FRIDAY)
    asked = {"number": case.number, "actor": actor_named("supervisor"), "now": FRIDAY + timedelta(days=3)}
    version, far = Case.objects.get(pk=case.pk).version, FRIDAY + timedelta(days=90)
    reclassify_case(difficulty=Difficulty.SPECIAL, reason="跨部门。", until=far, version=version, **asked)
    suspend_case(
        reason=SuspensionReason.REPORTER,
        planned_end=date(2026, 9, 29),
        latest_end=date(2026, 10, 30),
        text="等证明。",
        version=version + 1,
        **asked,
    )
    extend_case(days=4, reason="材料多。", most_days=10, until=far, due_at=far, version=version + 2, **asked)
    return case, filing.code


def test_the_reporter_reads_it_on_a_telephone(amended, people, shot):
    case, code = amended
    page = people.window(size=PHONE, javascript=True)
    page.goto("/track")
    page.fill("input[name=number]", case.number)
    page.fill("input[name=secret]", code)
    page.click("main button[type=submit]")
    page.wait_for_url("**/track/2*")
    assert look(page, f"/track/{case.number}/why", "why-citizen", shot) == []
    assert "等您补充材料" in page.locator("main").inner_text()


@pytest.mark.parametrize(("person", "room"), [("supervisor", "s"), ("shijian", "d"), ("clerk", "w")])
def test_staff_read_every_limit(amended, people, shot, person, room):
    case, _ = amended
    page = people.staff(person, size=DESKTOP)
    clocks = case_clocks([case.pk], FRIDAY)[case.pk]
    for clock in clocks if room == "s" else clocks[2:3]:
        name = f"why-{room}-{clock.obligation.value}"
        assert look(page, f"/{room}/{case.number}/why/{clock.slug}", name, shot) == []
    page.goto(f"/{room}/{case.number}/")
    page.click(".bc-due__pill")
    shot(page, f"why-{room}-case")


def test_weeks_open_without_a_script(amended, people):
    case, _ = amended
    page = people.window(javascript=False)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "supervisor")
    page.fill("input[name=password]", "bancheng-demo-2026")
    page.click("main button[type=submit]")
    page.goto(f"/s/{case.number}/why/case-2")
    first = page.locator("main details").first
    assert not first.locator("ol").is_visible()
    first.locator("summary").click()
    assert first.locator("ol").is_visible()
