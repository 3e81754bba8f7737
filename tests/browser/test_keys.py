"""Staff keys in real Chromium: where they act, and where they must not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cases.rules.flow import State
from tests.conftest import Filing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPOSING = """key => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: key, bubbles: true, isComposing: true}))"""


@pytest.fixture
def number(live_city) -> str:
    """A case that waits at the counter."""
    return Filing()(State.FILED).number


@pytest.fixture
def queue(people, number) -> Page:
    """The clerk's queue with that one case."""
    page = people.staff("clerk")
    page.goto("/w/")
    return page


def test_a_case_is_found_opened_and_left_again_without_the_mouse(queue, number):
    queue.keyboard.press("j")
    expect(queue.locator("tr[aria-selected=true] [data-open]")).to_be_focused()
    queue.keyboard.press("Enter")
    queue.wait_for_url(f"**/w/{number}/")
    queue.keyboard.press("a")
    queue.wait_for_url("**/accept")
    queue.keyboard.press("Escape")
    queue.wait_for_url(f"**/w/{number}/")


def test_the_function_keys_work_from_inside_a_field(queue):
    queue.keyboard.press("F4")
    expect(queue.locator("#find")).to_be_focused()
    queue.keyboard.press("F2")
    queue.wait_for_url("**/w/new")


def test_letters_typed_into_a_field_stay_letters(queue):
    queue.keyboard.press("F4")
    queue.keyboard.type("jak?")
    expect(queue.locator("#find")).to_have_value("jak?")
    assert queue.locator("tr[aria-selected=true]").count() == 0
    expect(queue.locator("#keys")).to_be_hidden()


def test_nothing_happens_while_an_input_method_composes(queue):
    for key in ("j", "F2", "?"):
        queue.evaluate(COMPOSING, key)
    assert queue.url.endswith("/w/")
    assert queue.locator("tr[aria-selected=true]").count() == 0


def test_the_help_opens_with_a_question_mark_and_letters_can_be_switched_off_for_good(queue):
    queue.keyboard.press("?")
    expect(queue.locator("#keys")).to_be_visible()
    queue.locator("[data-keys-letters]").uncheck()
    queue.keyboard.press("Escape")
    expect(queue.locator("#keys")).to_be_hidden()
    queue.reload()
    queue.keyboard.press("j")
    assert queue.locator("tr[aria-selected=true]").count() == 0
    queue.keyboard.press("F4")
    expect(queue.locator("#find")).to_be_focused()


def test_a_digit_chooses_only_inside_its_own_group(people, live_city):
    page = people.staff("clerk")
    page.goto("/w/new")
    group = page.locator("[data-numbered]").first
    group.locator("input").first.focus()
    page.keyboard.press("3")
    expect(group.locator("input").nth(2)).to_be_checked()


def test_ctrl_enter_sends_the_form_one_is_in_and_never_one_that_is_folded_away(queue, number):
    queue.goto(f"/w/{number}/")
    queue.keyboard.press("Control+Enter")
    queue.wait_for_timeout(300)
    assert queue.url.endswith(f"/w/{number}/")
    queue.goto(f"/w/{number}/accept")
    queue.locator("main input[type=radio]").nth(1).check()
    queue.keyboard.press("Control+Enter")
    queue.wait_for_url(f"**/w/{number}/")
    expect(queue.locator(".bc-casehead")).to_contain_text("已受理")


def test_escape_leaves_the_field_before_it_leaves_the_page(people, live_city):
    page = people.staff("clerk")
    page.goto("/w/new")
    page.locator("#id_name").fill("孟先生")
    page.keyboard.press("Escape")
    assert page.url.endswith("/w/new")
    expect(page.locator("#id_name")).to_have_value("孟先生")
    page.keyboard.press("Escape")
    page.wait_for_url("**/w/")


def test_a_text_area_says_how_much_is_left_and_keeps_what_is_too_much(people, live_city):
    page = people.window()
    page.goto("/report/problem")
    area = page.locator("textarea")
    area.fill("事" * 1005)
    assert len(area.input_value()) == 1005
    expect(page.locator(".bc-field__hint--over")).to_have_text("多了 5 个字")
    expect(page.locator("main [role=status]")).to_have_text("多了 5 个字")


def test_the_keys_page_offers_nothing_that_needs_script_when_there_is_none(people, live_city):
    page = people.staff("clerk", javascript=False)
    expect(page.locator("[data-keys-open]")).to_be_hidden()
    expect(page.locator("#keys")).to_be_hidden()
