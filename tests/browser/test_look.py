"""Every kind of page in real Chromium: no axe violation in any theme, nothing wider than the screen, targets big enough."""

from __future__ import annotations

import os
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cases.rules.flow import State
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import Filing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THEMES = ("standard", "elder", "contrast")
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
NARROW = {"width": 320, "height": 640}


def faults(page: Page) -> list[str]:
    """What axe says about a page, one line for each element."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]
    ]


def dress(page: Page, theme: str) -> None:
    """Choose a theme for this window, as the switch would."""
    root = page.url.split("/", 3)[:3]  # a cookie of a deeper address would hide it
    page.context.add_cookies([{"name": "theme", "value": theme, "url": "/".join([*root, ""])}])


def themes_for(name: str) -> tuple[str, ...]:
    """The themes to look at a page in: one of the three, another for each page; all with EVERY_THEME (make test-matrix)."""
    if os.environ.get("EVERY_THEME") or os.environ.get("SCREENSHOTS"):
        return THEMES
    return (THEMES[crc32(name.encode()) % len(THEMES)],)


def look(page: Page, address: str, name: str, shot) -> list[str]:
    """Open a page in its themes and return all that is wrong with it."""
    wrong = []
    if page.url == "about:blank":
        page.goto(address)
    for theme in themes_for(name):
        dress(page, theme)
        page.goto(address)
        assert page.locator("html").get_attribute("data-theme") == theme
        wrong += [f"{name} {theme} {fault}" for fault in all_wrong(page)]
        shot(page, f"{name}-{theme}")
    return wrong


def all_wrong(page: Page) -> list[str]:
    """What is wrong with the page as it stands: axe, width, template source that leaked, quirks mode."""
    wrong = faults(page)
    if page.evaluate(WIDER):
        wrong.append("wider than the screen")
    if page.evaluate("document.compatMode") != "CSS1Compat":
        wrong.append("quirks mode")
    text = page.locator("body").inner_text()
    return wrong + [f"template source {mark}" for mark in ("{#", "{%", "{{") if mark in text]


CITIZEN = {
    "home": "/",
    "halls": "/halls",
    "report": "/report/problem",
    "track": "/track",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "sitemap": "/sitemap",
    "login": "/accounts/login/",
    "missing": "/nothing-here",
}


def test_every_citizen_page_is_accessible_on_a_phone(people, shot):
    page, wrong = people.window(size=PHONE), []
    for name, address in CITIZEN.items():
        wrong += look(page, address, f"citizen-{name}", shot)
    assert wrong == []


SMALLER = """least => [...document.querySelectorAll(
    "a, button, input:not([type=hidden]), select, textarea, summary, label.bc-choice")].filter(node => {
  const box = (node.closest("label.bc-choice") || node).getBoundingClientRect();
  const inText = node.tagName === "A" && getComputedStyle(node).display === "inline";
  const hidden = node.offsetParent === null || box.height <= 1;
  return !inText && !hidden && Math.min(box.width, box.height) < least;
}).map(node => node.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize(("theme", "least"), [("standard", 44), ("elder", 60), ("contrast", 44)])
def test_what_citizens_press_is_big_enough(people, theme, least):
    page = people.window(size=PHONE)
    page.goto("/")
    dress(page, theme)
    small = []
    for name, address in CITIZEN.items():
        page.goto(address)
        small += [f"{name} {html}" for html in page.evaluate(SMALLER, least)]
    assert small == []


@pytest.mark.parametrize("theme", themes_for("mistakes"))
def test_what_was_typed_wrongly_is_told_accessibly(people, shot, theme):
    page = people.window(size=PHONE)
    page.goto("/report/problem")
    dress(page, theme)
    page.goto("/report/problem")
    page.click("main button[type=submit]")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.matches('.bc-errors')")
    shot(page, f"citizen-report-error-{theme}")
    assert all_wrong(page) == []
    page.click(".bc-errors a")
    assert page.evaluate("document.activeElement.matches('textarea[aria-invalid=true]')")


@pytest.mark.parametrize("theme", THEMES)
def test_no_citizen_page_scrolls_sideways_at_320_pixels(people, theme):
    page = people.window(size=NARROW)
    page.goto("/")
    dress(page, theme)
    wide = []
    for name, address in CITIZEN.items():
        page.goto(address)
        if page.evaluate(WIDER):
            wide.append(name)
    assert wide == []


STAFF = {
    "clerk": {
        "queue": "/w/",
        "new": "/w/new",
        "find": "/w/find",
        "case": "/w/{number}/",
        "accept": "/w/{number}/accept",
    },
    "shijian": {"inbox": "/d/"},
    "dongqu": {
        "password": "/accounts/password/change/",
        "factors": "/accounts/2fa/",
        "totp": "/accounts/2fa/totp/activate/",
        "sessions": "/accounts/sessions/",
        "logout": "/accounts/logout/",
        "unit": "/unit",
    },
    "supervisor": {"overdue": "/s/"},
}


@pytest.mark.parametrize("who", STAFF)
def test_every_page_of_a_room_is_accessible(people, shot, who):
    number, page, wrong = Filing()(State.FILED).number, people.staff(who, size=DESKTOP), []
    for name, address in STAFF[who].items():
        wrong += look(page, address.format(number=number), f"staff-{name}", shot)
    assert wrong == []


@pytest.mark.parametrize("theme", themes_for("keys"))
def test_the_list_of_keys_is_accessible(people, live_city, shot, theme):
    page = people.staff("clerk")
    dress(page, theme)
    page.goto("/w/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    shot(page, f"staff-keys-{theme}")
    assert all_wrong(page) == []


def test_staff_pages_fold_on_a_telephone(people, shot):
    number = Filing()(State.FILED).number
    page = people.staff("clerk", size=PHONE)
    wrong = []
    for name, address in STAFF["clerk"].items():
        page.goto(address.format(number=number))
        wrong += [f"{name} {fault}" for fault in all_wrong(page)]
        shot(page, f"staff-{name}-phone")
    assert wrong == []


def test_the_axe_check_notices_a_planted_fault(people):
    page = people.window(size=PHONE)
    page.goto("/")
    assert faults(page) == []
    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<img src=x><input>')")
    assert {fault.split(":")[0] for fault in faults(page)} >= {"image-alt", "label"}
