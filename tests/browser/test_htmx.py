"""What htmx does with an answer that is not the expected one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CALL = "address => { htmx.ajax('GET', address, {target: '#main h1', swap: 'innerHTML'}); }"


def test_a_failed_call_is_told_at_the_top_and_spoils_nothing(people, live_city):
    page = people.staff("clerk")
    page.goto("/w/")
    heading = page.locator("#main h1").inner_text()
    page.evaluate(CALL, "/w/no-such-case/")
    expect(page.locator("#problem [role=alert]")).to_contain_text("没有这个页面")
    expect(page.locator("#problem [role=alert]")).to_be_focused()
    assert page.locator("#main h1").inner_text() == heading


def test_a_call_after_the_session_has_ended_leads_to_the_login_and_back(people, live_city):
    page = people.staff("clerk")
    page.goto("/w/")
    page.context.clear_cookies(name="session")
    page.evaluate(CALL, "/w/")
    page.wait_for_url("**/accounts/login/?next=/w/")


def test_nothing_of_a_page_is_kept_in_the_browser(people, live_city):
    page = people.staff("clerk")
    page.goto("/w/")
    page.goto("/w/new")
    assert page.evaluate("Object.keys(sessionStorage)") in (
        [],
        ["htmx-current-path-for-history"],
    )  # the path alone
    assert page.evaluate("htmx.config.historyCacheSize") == 0
    assert page.evaluate("[htmx.config.allowEval, htmx.config.allowScriptTags]") == [False, False]
