"""Every kind of page in real Chromium: no axe violation in any theme, nothing wider than the screen, targets big enough."""

from __future__ import annotations

import json
import os
from pathlib import Path

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


def faults(page: Page) -> list[str]:
    """What axe says about a page, one line for each element."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def dress(page: Page, theme: str) -> None:
    """Choose a theme for this window, as the switch would."""
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])


def look(page: Page, address: str, name: str, shot) -> list[str]:
    """Open a page in every theme and return all that is wrong with it."""
    wrong = []
    page.goto(address)
    for theme in THEMES:
        dress(page, theme)
        page.goto(address)
        assert page.locator("html").get_attribute("data-theme") == theme
        wrong += [f"{name} {theme} {fault}" for fault in faults(page)]
        if page.evaluate(WIDER):
            wrong.append(f"{name} {theme} wider than the screen")
        shot(page, f"{name}-{theme}")
    return wrong


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


@pytest.mark.parametrize("name", CITIZEN)
def test_a_citizen_page_is_accessible_in_every_theme_on_a_phone(people, shot, name):
    assert look(people.window(size=PHONE), CITIZEN[name], f"citizen-{name}", shot) == []


STAFF = {
    "clerk": {"queue": "/w/", "new": "/w/new", "find": "/w/find", "case": "/w/{number}/", "accept": "/w/{number}/accept"},
    "shijian": {"inbox": "/d/"},
    "supervisor": {"overdue": "/s/"},
}
PAGES = [(who, name) for who, pages in STAFF.items() for name in pages]


@pytest.mark.parametrize(("who", "name"), PAGES)
def test_a_staff_page_is_accessible_in_every_theme(people, shot, who, name):
    filed = Filing()(State.FILED)
    address = STAFF[who][name].format(number=filed.number)
    assert look(people.staff(who, size=DESKTOP), address, f"staff-{name}", shot) == []
