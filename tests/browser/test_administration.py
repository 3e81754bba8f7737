"""The administrators' tables in real Chromium, under their own content security policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.demo.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_administrator_logs_in_once_and_edits_a_hall(people, shot):
    page = people.window()
    page.goto("/admin/")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/admin/**")
    shot(page, "admin-index")
    page.goto("/admin/cases/hall/")
    shot(page, "admin-halls")
    page.get_by_role("link", name="H02").click()
    page.locator("input[name=phone]").fill("0700-88009999")
    page.locator("button[name=_save], input[name=_save]").first.click()
    expect(page.get_by_text("0700-88009999")).to_be_visible()
