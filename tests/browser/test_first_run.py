"""From nothing to the first real case: first-run page, lists, first log-in, new password, a case at the counter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pgtrigger
import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from cases.models import Case
from cases.services.reference import load_obstacles
from escalation.services.calendars import seed_calendar
from portal.opening import state
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.test_look import THEMES, all_wrong, dress
from tests.conftest import MONDAY
from tests.portal.opening.conftest import TABLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD, NEW = "liu-shu-xia-de-qiao", "jin-tian-qu-shang-ban"
HALLS = "名称,层级,地址,电话,办公时间\n市政务服务中心,市级,临江市人民路1号,0700-88001037,工作日 08:30-12:00\n"
DEPARTMENTS = "名称,别名\n市市场监督管理局,市监局\n"
MATTERS = "名称,主管部门\n营业执照设立登记,市监局\n户口迁移,市公安局\n"
PEOPLE = "姓名,单位,岗位\n林晓芸,市政务服务中心,窗口人员\n"


@pytest.fixture
def first_people(transactional_db, live_server, browser: Browser, settings, tmp_path) -> Iterator[People]:
    """Windows on a portal that was prepared and never opened."""
    settings.DATA = tmp_path / "data"
    before = state._Memory.city
    state.forget()
    with pgtrigger.ignore(), connection.cursor() as cursor:  # the first test would find the sample city
        cursor.execute(f"TRUNCATE {TABLES} CASCADE")
    seed_calendar(now=MONDAY)
    load_obstacles()
    found = People(browser, live_server.url)
    yield found
    for context in found.contexts:
        context.close()
    state._Memory.city = before
    assert found.trouble == []


def open_portal(page: Page) -> None:
    typed = {
        "code": state.opening_code(),
        "name": "卓一鸣",
        "username": "admin",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "city": "临江市",
    }
    for name, text in typed.items():
        page.fill(f"input[name={name}]", text)
    page.click("main button[type=submit]")
    page.wait_for_url("**/setup/lists")


def choose_lists(page: Page, folder: Path) -> None:
    lists = {"大厅": HALLS, "部门": DEPARTMENTS, "事项": MATTERS, "人员": PEOPLE}
    for name, text in lists.items():
        (folder / f"{name}.csv").write_text(text, encoding="gb18030")
    page.set_input_files("input[name=files]", sorted(folder.glob("*.csv")))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_first_run_page_is_accessible_in_every_theme(first_people, shot, size):
    page = first_people.window(size=size)
    page.goto("/w/")
    wrong = []
    for theme in THEMES:
        dress(page, theme)
        page.goto("/setup/")
        expect(page.get_by_role("heading", name="首次设置")).to_be_visible()
        wrong += [f"{theme} {fault}" for fault in all_wrong(page)]
        shot(page, f"setup-{size['width']}-{theme}")
    assert wrong == []


def test_from_nothing_to_the_first_case(first_people, shot, tmp_path):
    admin = first_people.window()
    admin.goto("/")
    admin.wait_for_url("**/setup/")
    open_portal(admin)
    shot(admin, "setup-lists")
    choose_lists(admin, tmp_path)
    admin.get_by_role("button", name="导入", exact=True).click()
    expect(admin.get_by_text("新增 4 行")).to_be_visible()
    expect(admin.get_by_text("没有“市公安局”这个部门")).to_be_visible()
    shot(admin, "setup-lists-done")
    assert all_wrong(admin) == []
    first_password = admin.locator("code").inner_text()

    clerk = first_people.window()
    clerk.goto("/w/")
    clerk.fill("input[name=login]", "linxiaoyun")
    clerk.fill("input[name=password]", first_password)
    clerk.click("main button[type=submit]")
    clerk.wait_for_url("**/password/change/")
    shot(clerk, "setup-new-password")
    assert all_wrong(clerk) == []
    clerk.fill("input[name=oldpassword]", first_password)
    clerk.fill("input[name=password1]", NEW)
    clerk.fill("input[name=password2]", NEW)
    clerk.click("main button[type=submit]")
    clerk.wait_for_url("**/w/")

    clerk.goto("/w/new")
    clerk.fill("input[name=phone]", "13000000039")
    clerk.fill("input[name=name]", "孟先生")
    clerk.fill("textarea[name=statement]", "营业执照办了三趟都没收下，不知道到底要找谁。")
    clerk.locator("input[name=obstacle]").first.check()
    clerk.locator("main form button[type=submit]").first.click()
    clerk.wait_for_url(re.compile(r"/w/(?!new)."))
    shot(clerk, "setup-first-case")
    assert Case.objects.get().place == "临江-中心"


def test_without_javascript_the_portal_opens_too(first_people):
    page = first_people.window(javascript=False)
    page.goto("/setup/")
    open_portal(page)
    expect(page.get_by_role("heading", name="导入单位和人员")).to_be_visible()
    page.goto("/setup/")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
