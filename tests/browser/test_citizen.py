"""The citizen's room in real Chromium: by keyboard alone, in the elder theme without script, accessible on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case, Department
from cases.rules.flow import Act, State
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_look import themes_for
from tests.cases.every_act import do
from tests.conftest import Filing, actor_named
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


@pytest.mark.parametrize("theme", themes_for("filing"))
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


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on something of this name; it must be seen everywhere."""
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


def walked(page: Page, walk: list[tuple[str, str, str | None]]) -> None:
    """Go to each target, press or type, and wait for the page that it leads to."""
    for target, keys, leads_to in walk:
        tab_to(page, target)
        if keys in ("Enter", "Space", "ArrowDown"):
            page.keyboard.press(keys)
        else:
            page.keyboard.type(keys)
        if leads_to:
            page.wait_for_url(f"**/{leads_to}")


def test_a_case_is_filed_by_keyboard_alone_and_the_focus_is_always_seen(people):
    page = people.window(size=DESKTOP)
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
    walked(page, walk)
    assert Case.objects.count() == 1


def test_a_closed_case_is_rated_and_reopened_by_keyboard_alone(people):
    page = people.window(size=DESKTOP)
    filed = Filing()
    case = filed(State.CLOSED, now=timezone.now())
    opened(page, case.number, filed.code)
    walk = [
        ("resolution", "Enter", "rate?resolution=solved"),
        ("grade", "Space", None),
        ("还想多说几句", "Enter", None),
        ("reasons", "Space", None),
        ("提交评价", "Enter", f"{case.number}?done=rate"),
        ("重新办理", "Enter", "reopen"),
        ("reason", "地址还是错的。", None),
        ("重新办理", "Enter", f"{case.number}?done=reopen"),
    ]
    walked(page, walk)
    assert Case.objects.get().reopenings == 1


def test_what_comes_later_works_without_script(people):
    page = dressed(people.window(size=PHONE, javascript=False), "elder", people.base_url)
    assert len(list(life(page))) > 15
    assert Case.objects.filter(reopenings=1, state=State.ACCEPTED.value).count() == 1


def opened(page: Page, number: str, code: str) -> None:
    """Open a case with its query code."""
    page.goto(f"/track?number={number}")
    page.get_by_label("查询码", exact=True).fill(code)
    press(page, "查询")
    page.wait_for_url(f"**/track/{number}**")


def life(page: Page) -> Iterator[str]:
    """What a reporter does after the filing, stopping at every page and at every kind of error."""
    filed, earlier = Filing(), timezone.now() - timedelta(hours=2)
    case = filed(State.HANDLING, now=earlier)
    opened(page, case.number, filed.code)
    yield "case-open"
    page.get_by_role("link", name="补充材料").click()
    yield "supplement"
    press(page, "提交")
    yield "supplement-empty"
    page.get_by_label(re.compile("^要补充的内容")).fill("房东的合同找到了。")
    good = {"name": "合同.png", "mimeType": "image/png", "buffer": a_picture().read()}
    bad = {"name": "假的.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    page.locator("input[type=file]").set_input_files([good, bad])
    press(page, "提交")
    yield "supplement-refused"
    do(Act.SIGN, case.number, actor_named("shijian"), timezone.now())
    press(page, "提交")
    yield "supplement-stale"
    press(page, "提交")
    yield "supplement-done"
    page.get_by_role("link", name="撤回").click()
    yield "withdraw"
    press(page, "确认撤回")
    yield "withdraw-done"
    page.goto(f"/track/{case.number}/withdraw")
    yield "withdraw-late"
    yield from joint_and_late(page)
    case = filed(State.CLOSED, now=earlier)
    opened(page, case.number, filed.code)
    yield "case-closed"
    press(page, "未解决")
    page.get_by_text("还想多说几句").click()
    yield "rate"
    press(page, "提交评价")
    yield "rate-empty"
    page.get_by_label("不满意", exact=True).check()
    page.get_by_text("还想多说几句").click()
    page.get_by_label("推来推去").check()
    page.get_by_label(re.compile("^想说的话")).fill("执照上的地址写错了，又让我跑一趟。")
    press(page, "提交评价")
    yield "rate-done"
    page.locator("main").get_by_role("link", name="重新办理").first.click()
    yield "reopen"
    press(page, "重新办理")
    yield "reopen-done"
    page.get_by_role("button", name="看完了，关闭").click()
    page.goto(f"/track/{case.number}/supplement")
    yield "track-for-an-act"


def joint_and_late(page: Page) -> Iterator[str]:
    """Three departments, who did not find anybody at home, and the promised day is over."""
    filed, long_ago = Filing(), timezone.now() - timedelta(days=21)
    case = filed(State.ACCEPTED, now=long_ago)
    others = Department.objects.filter(code__in=["S03", "S04"])
    window, market = actor_named("clerk"), actor_named("shijian")
    do(Act.DISPATCH, case.number, window, long_ago, co_department_ids=[one.pk for one in others])
    do(Act.CONTACT, case.number, market, long_ago, reached=False)
    do(Act.SUPERVISE, case.number, actor_named("supervisor"), long_ago)
    opened(page, case.number, filed.code)
    yield "case-late"
    page.goto(f"/track?number={case.number}")
    page.get_by_label("查询码", exact=True).fill("0039")
    press(page, "查询")
    yield "case-late-tail"


@pytest.mark.parametrize("theme", themes_for("later"))
def test_every_page_of_what_comes_later_is_accessible_with_and_without_errors(people, theme, shot):
    page = dressed(people.window(size=PHONE), theme, people.base_url)
    wrong = []
    for name in life(page):
        wrong += wrong_with(page, theme)
        shot(page, f"citizen-{name}-{theme}")
    assert wrong == []
