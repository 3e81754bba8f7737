"""Real Chromium against a real server: pages, people, screenshots, and an eye on CSP violations."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.demo.people import PASSWORD
from tests.conftest import seed_city

# Playwright's event loop runs in this thread; Django's guard against that does not apply to tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 360, "height": 800}
DESKTOP = {"width": 1366, "height": 768}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(__file__).resolve().parents[2] / "screenshots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.fail("找不到 Chromium：请以 root 运行 make test，或自行安装 chromium。")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def live_city(transactional_db, live_server) -> str:
    """The address of a running portal with the sample city."""
    seed_city()
    return live_server.url


class People:
    """Opens browser windows for people and collects what goes wrong in any of them."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.trouble: list[str] = []
        self.contexts: list[BrowserContext] = []

    def window(self, *, size: dict[str, int] = DESKTOP, javascript: bool = True) -> Page:
        """A fresh browser window with its own cookies."""
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport=size,
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url} {error}"))
        page.on("console", self._listen)
        return page

    def _listen(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.trouble.append(message.text)

    def staff(self, username: str, *, size: dict[str, int] = DESKTOP, javascript: bool = True) -> Page:
        """A window in which this demo person has logged in through the login page."""
        page = self.window(size=size, javascript=javascript)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(r"/[wdsa]/"))
        return page


@pytest.fixture
def people(browser: Browser, live_city: str) -> Iterator[People]:
    """Windows for people; fails on a CSP violation or a script error in any of them."""
    found = People(browser, live_city)
    yield found
    for context in found.contexts:
        context.close()
    assert found.trouble == []


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """`shot(page, "name")` keeps a screenshot when SCREENSHOTS=1 is set."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS"):
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}.png", full_page=True, caret="initial")

    return keep
