"""A storm from the form to the last clock, by one person in a browser; then its cards in question, by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.rules.flow import State
from escalation.models import CardDoubt, Change
from escalation.services.sweep import sweep
from tests.conftest import Filing

pytestmark = pytest.mark.browser


def late_cases() -> None:
    """Cases of the last weeks, with the cards that they have earned."""
    now = timezone.now()
    for back in range(28, 0, -3):
        Filing()(State.HANDLING, now=now - timedelta(days=back))
    sweep(now=now)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_storm_is_entered_seen_confirmed_and_its_cards_decided(people, shot, javascript):
    late_cases()
    today = timezone.localdate()
    page = people.staff("admin", javascript=javascript)
    page.goto("/a/calendar/days")
    page.fill("input[name=first]", (today - timedelta(days=24)).isoformat())
    page.fill("input[name=last]", (today + timedelta(days=1)).isoformat())
    page.fill("input[name=name]", "台风停工")
    page.fill("input[name=document]", "岐三防〔2026〕8号")
    page.get_by_role("button", name="看影响").click()
    if page.get_by_label("核对过了，就按这样录入").count():
        page.get_by_label("核对过了，就按这样录入").check()
        page.get_by_role("button", name="看影响").click()
    page.wait_for_url("**/a/changes/*")
    shot(page, f"change-proposed-{'js' if javascript else 'plain'}")
    page.get_by_role("button", name="确认，现在就改").click()
    page.get_by_text("成为工作日历第 2 版").wait_for()
    shot(page, "change-applied")
    assert Change.objects.get().state == "applied"
    page.goto("/a/changes")
    shot(page, "changes")

    page = people.staff("supervisor", javascript=javascript)
    page.goto("/s/doubts")
    shot(page, "doubts")
    page.locator("tbody th a").first.click()
    page.get_by_text("按现在的日历和规则，这张牌仍不成立").wait_for()
    page.get_by_label("建议撤销").check()
    page.get_by_label("理由").fill("停工的日子不应计入。")
    shot(page, "doubt")
    page.get_by_role("button", name="记下决定").click()
    page.wait_for_url("**/s/doubts")
    assert CardDoubt.objects.exclude(decision="").count() == 1
