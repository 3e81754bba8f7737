"""A case lives its whole life in real Chromium: two departments, checked, published, closed, called back, rated."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_journey import file_a_case, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROOF = "产权证明已出具，可以到一号窗领取。"
LICENCE = "营业执照已经办好，请带身份证到三号窗领取。"


def grouped(number: str) -> str:
    return f"{number[:6]}-{number[6:11]}-{number[11:]}"


def accept_and_dispatch_to_two(page: Page, number: str, shot) -> None:
    page.goto(f"/w/{number}/")
    press(page, "受理")
    page.get_by_label(re.compile("复杂，")).check()
    page.get_by_role("button", name="受理", exact=True).click()
    press(page, "转办")
    page.locator("summary", has_text="协办部门").click()
    page.get_by_label(re.compile("市不动产登记中心")).check()
    page.get_by_label("交办要求").fill("请两家当面对接，不让群众再跑。")
    shot(page, "counter-dispatch-two")
    page.get_by_role("button", name="转办", exact=True).click()
    expect(page.get_by_text("2 个部门分头办")).to_be_visible()
    shot(page, "counter-case-two-departments")


def sign(page: Page, number: str, shot, name: str) -> None:
    page.goto("/d/")
    shot(page, f"{name}-inbox-unsigned")
    page.goto(f"/d/{number}/")
    expect(page.get_by_text("请两家当面对接")).to_be_visible()
    page.get_by_role("button", name=re.compile("^签收")).click()
    expect(page.get_by_text("已签收").first).to_be_visible()
    shot(page, f"{name}-signed")


def answer(page: Page, number: str, text: str, *, contact: bool = False) -> None:
    page.goto(f"/d/{number}/answer")
    page.get_by_label("已办成").check()
    page.get_by_label("给群众的话").fill(text)
    if contact:
        page.get_by_role("radio", name=re.compile("电话$")).check()
        page.get_by_role("radio", name=re.compile("^联系上了$|\\d ?联系上了$")).check()
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="确认提交").click()


def check_publish_and_close(page: Page, number: str, shot) -> None:
    page.goto(f"/w/{number}/publish")
    expect(page.get_by_text(PROOF).first).to_be_visible()
    shot(page, "counter-publish-two")
    page.get_by_label("给反映人的答复").fill(f"{PROOF}{LICENCE}")
    page.get_by_role("button", name="发布给反映人").click()
    press(page, "办结")
    page.get_by_role("radio", name=re.compile(r"^\d? ?办成$")).check()
    page.get_by_label("办结依据").fill("两张证都已领到，电话核实。")
    page.get_by_label("不会").check()
    page.get_by_role("button", name="办结", exact=True).click()
    expect(page.get_by_text("已办结").first).to_be_visible()


def call_back(page: Page, number: str, shot) -> None:
    page.goto("/w/?tab=call_back")
    shot(page, "counter-call-back-list")
    page.goto(f"/w/{number}/call_back")
    expect(page.get_by_text("13000000039").first).to_be_visible()
    shot(page, "counter-call-back")
    page.get_by_role("radio", name=re.compile("已解决$")).check()
    page.get_by_role("radio", name=re.compile("非常满意$")).check()
    page.get_by_role("button", name="记下回访").click()
    expect(page.get_by_text("已回访").first).to_be_visible()


def rate(page: Page, number: str, code: str, shot) -> None:
    page.goto("/track")
    page.get_by_label("编号", exact=True).fill(grouped(number))
    page.get_by_label("查询码", exact=True).fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text(LICENCE).first).to_be_visible()
    shot(page, "citizen-case-to-rate")
    page.get_by_role("button", name="已解决", exact=True).click()
    expect(page.get_by_role("radio", name="已解决", exact=True)).to_be_checked()
    page.get_by_role("radio", name="满意", exact=True).check()
    shot(page, "citizen-rate")
    page.get_by_role("button", name=re.compile("提交")).click()
    expect(page.get_by_text("已收到您的评价").first).to_be_visible()
    shot(page, "citizen-case-rated")


def test_two_departments_share_a_case_until_it_is_rated(people, shot):
    citizen = people.window(size=PHONE)
    number, code = file_a_case(citizen, lambda page, name: None)
    clerk = people.staff("clerk")
    accept_and_dispatch_to_two(clerk, number, shot)

    lead, co = people.staff("shijian"), people.staff("budongchan")
    sign(lead, number, shot, "desk-lead")
    answer(lead, number, LICENCE, contact=True)
    expect(lead.get_by_text("市不动产登记中心").first).to_be_visible()
    clerk.goto(f"/w/{number}/")
    expect(clerk.get_by_text("部门办理中").first).to_be_visible()  # one of two has answered
    sign(co, number, shot, "desk-co")
    answer(co, number, PROOF)
    clerk.goto(f"/w/{number}/")
    expect(clerk.get_by_text("待窗口核对").first).to_be_visible()

    check_publish_and_close(clerk, number, shot)
    call_back(clerk, number, shot)
    rate(people.window(size=PHONE), number, code, shot)

    supervisor = people.staff("supervisor")
    supervisor.goto(f"/s/{number}/")
    expect(supervisor.get_by_text("逐条校验通过")).to_be_visible()
    expect(supervisor.get_by_text("满意").first).to_be_visible()
    shot(supervisor, "supervisor-case-rated")
