"""A case that runs over time through National Day 2026, in real Chromium: blue, yellow and red at their instants.

Accepted on Monday 28 September with 3 working days: 29, 30 and 8 October; 10 October is a Saturday at work.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.browser.conftest import PHONE
from tests.browser.test_journey import file_a_case, press
from tests.browser.test_life import answer, grouped
from tests.conftest import SHANGHAI
from tests.portal.standing_clock import clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECOND = timedelta(seconds=1)


def moment(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


BLUE, YELLOW, RED = moment(9, 30, 8, 30), moment(10, 9, 8, 30), moment(10, 13, 8, 30)
TAGS = {"蓝色提示": "soon", "黄牌": "yellow", "红牌": "red"}


def accept_and_dispatch(page: Page, number: str) -> None:
    page.goto(f"/w/{number}/")
    press(page, "受理")
    page.get_by_label(re.compile("一般，")).check()
    page.get_by_role("button", name="受理", exact=True).click()
    press(page, "转办")
    page.get_by_role("button", name="转办", exact=True).click()
    expect(page.get_by_text("部门办理中").first).to_be_visible()


def sign_and_call(page: Page, number: str) -> None:
    page.goto(f"/d/{number}/sign")
    page.get_by_role("button", name="签收", exact=True).click()
    page.goto(f"/d/{number}/contact")
    page.get_by_role("radio", name=re.compile("电话$")).check()
    page.get_by_role("radio", name=re.compile("^联系上了$|\\d ?联系上了$")).check()
    page.get_by_role("button", name="记下这次联系").click()
    expect(page.get_by_text("已联系反映人").first).to_be_visible()


def swept(standing, at: datetime) -> None:
    """The doorway's clock shows `at`, and the sweep of that minute has run."""
    standing.now = at
    sweep(now=at)


def cards_on(page: Page, number: str) -> list[str]:
    """The words of the cards on the department's register, oldest first."""
    page.goto("/d/cards")
    rows = page.locator("tbody tr", has_text=grouped(number)).all()
    return [row.locator(".bc-tag").inner_text() for row in reversed(rows)]


def follow(page: Page, number: str, code: str) -> Page:
    page.goto("/track")
    page.get_by_label("编号", exact=True).fill(grouped(number))
    page.get_by_label("查询码", exact=True).fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text(grouped(number)).first).to_be_visible()
    return page


def test_blue_yellow_and_red_come_at_their_instants_and_not_before(people, shot, clock):  # noqa: F811
    clock.now = moment(9, 28, 9, 30)
    number, code = file_a_case(people.window(size=PHONE), lambda page, name: None)
    accept_and_dispatch(people.staff("clerk"), number)
    sign_and_call(people.staff("shijian"), number)

    for at, before, after in (
        (BLUE, [], ["蓝色提示"]),
        (YELLOW, ["蓝色提示"], ["蓝色提示", "黄牌"]),
        (RED, ["蓝色提示", "黄牌"], ["蓝色提示", "黄牌", "红牌"]),
    ):
        swept(clock, at - SECOND)
        desk = people.staff("shijian")
        assert cards_on(desk, number) == before
        swept(clock, at)
        assert cards_on(desk, number) == after
        expect(desk.get_by_text(f"{at.month}月{at.day}日").first).to_be_visible()

    desk.get_by_role("link", name="〔2026〕红第1号").click()
    desk.get_by_role("link", name="重新计算").click()
    expect(desk.get_by_text("重新计算结果一致")).to_be_visible()
    expect(desk.get_by_text("国庆节").first).to_be_visible()
    shot(desk, "national-day-red-card")

    supervisor = people.staff("supervisor")
    expect(supervisor.get_by_text("红牌").first).to_be_visible()
    shot(supervisor, "national-day-board")
    supervisor.goto("/notices/")
    expect(supervisor.get_by_text("未读").first).to_be_visible()

    citizen = follow(people.window(size=PHONE), number, code)
    expect(citizen.get_by_text(re.compile("已超过承诺时间")).first).to_be_visible()
    assert not re.search("黄牌|红牌|亮牌", citizen.inner_text("main"))
    shot(citizen, "national-day-citizen")

    answer(desk, number, "营业执照已经办好，请带身份证到三号窗领取。")
    expect(desk.get_by_text("待窗口核对").first).to_be_visible()
    swept(clock, RED + timedelta(days=7))
    assert cards_on(people.staff("shijian"), number) == ["蓝色提示", "黄牌", "红牌"]
    assert [(done.written, done.removed) for done in refold_all()] == [(0, 0)]
