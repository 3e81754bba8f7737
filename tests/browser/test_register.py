"""The register's room in real Chromium: from the file to the cases, with and without script, and its looks in every theme."""

from __future__ import annotations

import pytest

from portal.register import runs
from tests.browser.conftest import DESKTOP
from tests.browser.test_look import all_wrong
from tests.portal.register.conftest import GOOD, OPEN, WRONG, csv_of
from tests.portal.register.test_fill import blank

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEMES = ("standard", "elder", "contrast")
NARROW = {"width": 360, "height": 800}


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Workers are told and do nothing; the test does the work when it wants to."""
    monkeypatch.setattr("portal.register.bringing.tell", lambda *_: True)


def file_of(data: bytes, name: str = "台账.csv") -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def dress(page, theme: str) -> None:
    """Choose a theme for all addresses of the portal, as the switch would."""
    root = page.evaluate("location.origin")
    page.context.add_cookies([{"name": "theme", "value": theme, "url": root}])


def in_every_theme(page, name: str, shot) -> list[str]:
    wrong = []
    for theme in THEMES:
        dress(page, theme)
        page.reload()
        assert page.locator("html").get_attribute("data-theme") == theme
        wrong += [f"{name} {theme} {fault}" for fault in all_wrong(page)]
        shot(page, f"register-{name}-{theme}")
    dress(page, "standard")
    return wrong


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_file_to_the_cases(people, shot, javascript):
    page = people.staff("supervisor", javascript=javascript)
    page.get_by_role("link", name="台账").first.click()
    page.get_by_role("link", name="导入台账").first.click()
    page.set_input_files("input[type=file]", file_of(csv_of(GOOD, WRONG, OPEN)))
    page.get_by_role("button", name="核对").click()
    page.wait_for_url("**/register/import/*")
    assert page.get_by_text("2026-02-30 10:20").is_visible()
    page.get_by_role("button", name="导入 2 行").click()
    page.get_by_text("可以关掉这个页面").wait_for()
    shot(page, f"register-working-{javascript}")
    runs.carry_out(int(page.url.rpartition("/")[2]))
    if not javascript:
        page.get_by_role("link", name="刷新").click()
    page.get_by_text("导入结束").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载未导入的行").click()
    assert download.value.suggested_filename == "台账-未导入.xlsx"
    page.locator("table a").first.click()
    page.wait_for_url("**/s/*/")


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "narrow"])
def test_the_pages_look_right_in_every_theme(people, shot, size):
    width, wrong = size["width"], []
    page = people.staff("supervisor", size=size)
    page.goto("/register/import")
    wrong += in_every_theme(page, f"bring-{width}", shot)
    page.set_input_files("input[type=file]", file_of(b"x", "照片.csv"))
    page.get_by_role("button", name="核对").click()
    shot(page, f"register-refused-{width}")
    wrong += all_wrong(page)
    page.set_input_files("input[type=file]", file_of(csv_of(GOOD, WRONG, OPEN, GOOD)))
    page.get_by_role("button", name="核对").click()
    page.wait_for_url("**/register/import/*")
    wrong += in_every_theme(page, f"preview-{width}", shot)
    page.get_by_role("button", name="导入 2 行").click()
    page.get_by_text("可以关掉这个页面").wait_for()
    wrong += in_every_theme(page, f"working-{width}", shot)
    runs.carry_out(int(page.url.rpartition("/")[2]))
    page.reload()
    wrong += in_every_theme(page, f"ended-{width}", shot)
    for name, address in {
        "home": "/register/",
        "export": "/register/export",
        "fill": "/register/fill",
    }.items():
        page.goto(address)
        wrong += in_every_theme(page, f"{name}-{width}", shot)
    page.set_input_files("input[type=file]", file_of(blank(), "省厅统计表.xlsx"))
    page.get_by_role("button", name="看列名").click()
    page.wait_for_url("**/register/fill/*")
    wrong += in_every_theme(page, f"template-{width}", shot)
    with page.expect_download() as download:
        page.get_by_role("button", name="填好并下载").click()
    assert download.value.suggested_filename == "省厅统计表.xlsx"
    assert wrong == []
