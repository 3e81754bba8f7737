"""The citizen's room in real Chromium: by keyboard alone, in the elder theme without script, accessible on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.rules.flow import State
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import Filing
from tests.portal.citizen.conftest import STATEMENT
from tests.portal.citizen.test_files import a_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
LOW = """least => [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select, main summary')]
  .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
  .filter(([e, box]) => box.width && box.height < least - 0.5).map(([e]) => e.outerHTML.slice(0, 120))"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def _tries_are_not_inherited(transactional_db) -> Iterator[None]:
    """The limit of tries lives in the cache table, which no flush between tests empties."""
    cache.clear()
    yield
    cache.clear()


def dressed(page: Page, theme: str, base: str) -> Page:
    """The window in a theme."""
    page.context.add_cookies([{"name": "theme", "value": theme, "url": base}])
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def wrong_with(page: Page, theme: str) -> list[str]:
    """What axe, a ruler and a narrow screen say about a page as it stands."""
    found = Axe().run(page, options=AXE).response["violations"]
    faults = [f"{rule['id']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]
    faults += [f"low {html}" for html in page.evaluate(LOW, 60 if theme == "elder" else 44)]
    page.set_viewport_size({"width": 320, "height": 640})
    faults += ["wider than 320"] if page.evaluate(TOO_WIDE) else []
    page.set_viewport_size(PHONE)
    return [f"{page.url} {fault}" for fault in faults]


def filing(page: Page, theme: str) -> Iterator[None]:
    """File a case, stopping at every page and at every kind of error."""
    page.goto("/report/problem")
    press(page, "继续")
    yield
    page.get_by_label("您遇到了什么问题？").fill(f"网购纠纷，身份证11010519491231002X，{STATEMENT}")
    press(page, "继续")
    yield
    press(page, "仍要")
    yield
    press(page, "遮住")
    if theme != "elder":
        yield from middle_pages(page)
        page.get_by_label("发短信").check()
        page.get_by_text("我替父母、朋友等别人反映").click()
        page.get_by_text("我替公司等单位反映").click()
    press(page, "继续")
    yield
    page.get_by_label("怎么称呼您").fill("罗女士")
    page.get_by_label("电话", exact=True).fill("130 0000 0014")
    press(page, "继续")
    press(page, "确认提交")
    yield
    page.get_by_label(re.compile("我同意")).check()
    press(page, "确认提交")
    page.get_by_text("为什么是这一天？").click()
    yield


def middle_pages(page: Page) -> Iterator[None]:
    """What elders are not asked."""
    press(page, "继续")
    yield
    page.get_by_label(re.compile("营业执照设立")).check()
    press(page, "继续")
    page.get_by_label(re.compile("材料缺")).check()
    press(page, "继续")
    press(page, "继续")
    yield
    page.get_by_label("3 次或更多").check()
    press(page, "继续")
    good = {"name": "门头.png", "mimeType": "image/png", "buffer": a_picture().read()}
    bad = {"name": "假的.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    page.locator("input[type=file]").set_input_files([good, bad])
    press(page, "继续")
    yield
    press(page, "继续")


@pytest.mark.parametrize("theme", ["standard", "elder", "contrast"])
def test_every_page_of_a_filing_is_accessible_with_and_without_errors(people, theme):
    page = dressed(people.window(size=PHONE), theme, people.base_url)
    wrong = [fault for _ in filing(page, theme) for fault in wrong_with(page, theme)]
    number = Case.objects.get().number
    for address in ("/", "/track", f"/track/{number}", f"/track/{number}/why"):
        page.goto(address)
        wrong += wrong_with(page, theme)
    filed = Filing()
    for state in (State.HANDLING, State.CLOSED):
        case = filed(state)
        for secret in (filed.code, "0039"):
            page.goto(f"/track?number={case.number}")
            page.get_by_label("查询码", exact=True).fill(secret)
            press(page, "查询")
            assert page.url.endswith(f"/track/{case.number}")
            wrong += wrong_with(page, theme)
    assert wrong == []


def test_an_old_woman_files_on_three_pages_without_script(people):
    page = people.window(size=PHONE, javascript=False)
    page.goto("/?elder=1")
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("您遇到了什么问题？").fill(STATEMENT)
    press(page, "继续")
    page.get_by_label("电话", exact=True).fill("0700 8800 1037")
    page.get_by_label("怎么称呼您").fill("罗奶奶")
    press(page, "继续")
    page.get_by_label(re.compile("我同意")).check()
    press(page, "确认提交")
    expect(page.get_by_role("heading", name=re.compile("已收到"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("已收到"))).to_be_visible()
    assert Case.objects.count() == 1


def test_a_case_is_filed_by_keyboard_alone_and_the_focus_is_always_seen(people):
    page = people.window(size=DESKTOP)

    def to(wanted: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            name, seen = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.name || e.innerText || '', s.outlineStyle !== 'none']; })()"
            )
            assert seen, name
            if wanted in name:
                return
        raise AssertionError(f"{wanted} cannot be reached on {page.url}")

    page.goto("/")
    walk = [
        ("我要反映", "Enter", "problem"),
        ("statement", STATEMENT, None),
        ("继续", "Enter", "matter"),
        ("matter", "Space", None),
        ("继续", "Enter", "obstacle"),
        ("obstacle", "ArrowDown", None),
        ("继续", "Enter", "before"),
        ("visits", "Space", None),
        ("继续", "Enter", "files"),
        ("继续", "Enter", "contact"),
        ("name", "罗女士", None),
        ("phone", "13000000014", None),
        ("by", "Space", None),
        ("继续", "Enter", "check"),
        ("consent", "Space", None),
        ("确认提交", "Enter", "receipt"),
    ]
    for target, keys, leads_to in walk:
        to(target)
        if keys in ("Enter", "Space", "ArrowDown"):
            page.keyboard.press(keys)
        else:
            page.keyboard.type(keys)
        if leads_to:
            page.wait_for_url(f"**/{leads_to}")
    assert Case.objects.count() == 1
