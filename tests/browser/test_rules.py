"""规则 in real Chromium: readable in every theme, and changed by keyboard alone, also without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import PASSWORD
from tests.browser.conftest import PHONE
from tests.browser.test_look import WIDER, look
from tests.portal.administration.test_rules import save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page: Page) -> Page:
    """An administrator, logged in."""
    page.goto("/accounts/login/?next=/a/rules")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/a/rules")
    return page


def test_the_pages_of_the_rules_are_accessible(people, shot):
    save(2, "2999-01-01")
    page, wrong = enter(people.window()), []
    for name, address in {
        "rules": "/a/rules",
        "rules-version": "/a/rules/2",
        "rules-differences": "/a/rules/differences",
        "rules-edit": "/a/rules/edit",
    }.items():
        wrong += look(page, address, name, shot)
    assert wrong == []


def test_the_form_of_all_numbers_folds_on_a_telephone(people, shot):
    page = enter(people.window(size=PHONE))
    page.goto("/a/rules/edit")
    assert not page.evaluate(WIDER)
    expect(page.locator("table.bc-rules__steps thead")).not_to_be_in_viewport()
    shot(page, "rules-edit-telephone")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_number_is_changed_and_its_effect_is_shown(people, shot, javascript):
    page = enter(people.window(javascript=javascript))
    page.get_by_role("link", name="修改规则").click()
    page.get_by_label("一般（工作日）").fill("很快")
    page.get_by_label("修改的依据").fill("岐政数〔2026〕12号")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("一般：请写 1 到 250 的整数。")
    shot(page, f"rules-edit-wrong-{'js' if javascript else 'plain'}")
    page.get_by_role("alert").get_by_role("link").first.press("Enter")
    page.get_by_label("一般（工作日）").fill("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/changes/*")
