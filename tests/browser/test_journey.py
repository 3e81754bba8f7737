"""The whole story in real Chromium: a citizen's form, the counter, a department, the reply, a closed case."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATEMENT = "我想用家里的房子登记营业执照，来过三趟都没收下，一会儿缺证明，一会儿系统查不到。"
REPLY = "您的营业执照已经办好，请带身份证到三号窗领取。"


def file_a_case(page: Page, shot) -> tuple[str, str]:
    """Fill the seven pages; returns number and query code."""
    page.goto("/")
    shot(page, "citizen-home")
    page.get_by_role("link", name=re.compile("我要反映")).click()
    page.get_by_label("您遇到了什么问题？").fill(STATEMENT)
    shot(page, "citizen-report-problem")
    page.get_by_role("button", name="继续").click()
    shot(page, "citizen-report-matter")
    page.get_by_label(re.compile("营业执照设立登记")).check()
    page.get_by_role("button", name="继续").click()
    page.get_by_label(re.compile("材料缺")).check()
    shot(page, "citizen-report-obstacle")
    page.get_by_role("button", name="继续").click()
    page.get_by_label("3 次或更多").check()
    shot(page, "citizen-report-before")
    page.get_by_role("button", name="继续").click()
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "门头照片.png", "mimeType": "image/png", "buffer": a_png()}]
    )
    page.get_by_role("button", name=re.compile("继续")).click()
    page.get_by_label("怎么称呼您").fill("孟先生")
    page.get_by_label("电话", exact=True).fill("130 0000 0039")
    page.get_by_label("发短信").check()
    shot(page, "citizen-report-contact")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text("门头照片")).to_be_visible()
    shot(page, "citizen-report-check")
    page.get_by_label(re.compile("我同意")).check()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("heading", name=re.compile("已收到"))).to_be_visible()
    shot(page, "citizen-receipt")
    numbers = page.locator(".bc-slip__no").all_inner_texts()
    return "".join(ch for ch in numbers[0] if ch.isdigit()), "".join(ch for ch in numbers[1] if ch.isdigit())


def a_png() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 48), "#0B57B8").save(out, "PNG")
    return out.getvalue()


def press(page: Page, act: str) -> None:
    """Press one of the acts that the panel offers."""
    page.locator(".bc-acts").get_by_role("link", name=re.compile(f"{act}$")).click()


def at_the_counter(page: Page, number: str, shot) -> None:
    """Accept and dispatch."""
    page.goto("/w/")
    shot(page, "counter-queue")
    page.get_by_role("link", name=f"{number[:6]}-{number[6:11]}-{number[11:]}").click()
    shot(page, "counter-case-filed")
    press(page, "受理")
    page.get_by_label(re.compile("一般，")).check()
    shot(page, "counter-accept")
    page.get_by_role("button", name="受理").click()
    press(page, "转办")
    expect(page.get_by_label("主办部门")).to_have_value(re.compile(r"\d+"))
    shot(page, "counter-dispatch")
    page.get_by_role("button", name="转办").click()
    expect(page.get_by_text("部门办理中").first).to_be_visible()


def in_the_department(page: Page, number: str, shot) -> None:
    """Look at the contact, answer with a preview."""
    shot(page, "desk-inbox")
    page.get_by_role("link", name=re.compile(number[6:11])).click()
    expect(page.get_by_text("13000000039")).to_have_count(0)
    page.get_by_text("显示完整姓名和电话").click()
    page.get_by_label("联系群众").check()
    page.get_by_role("button", name="显示并记录").click()
    expect(page.get_by_text("13000000039")).to_be_visible()
    shot(page, "desk-case-revealed")
    press(page, "答复窗口")
    page.get_by_role(
        "radio", name=re.compile("电话$")
    ).check()  # the first contact is recorded with the answer
    page.get_by_role("radio", name=re.compile(r"^\d? ?联系上了$")).check()
    page.get_by_label("已办成").check()
    page.get_by_label("给群众的话").fill(REPLY)
    page.get_by_label(re.compile("内部说明")).fill("容缺收件，场地证明下周补。")
    shot(page, "desk-answer")
    page.get_by_role("button", name="预览").click()
    shot(page, "desk-answer-preview")
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("待窗口核对").first).to_be_visible()
    shot(page, "desk-case-answered")


def reply_and_close(page: Page, number: str, shot) -> None:
    """Publish the reply, close with evidence."""
    page.goto(f"/w/{number}/publish")
    expect(page.get_by_label("给反映人的答复")).to_have_value(REPLY)
    shot(page, "counter-publish")
    page.get_by_role("button", name="发布给反映人").click()
    press(page, "办结")
    page.get_by_role("radio", name=re.compile(r"^\d? ?办成$")).check()
    page.get_by_label("办结依据").fill("电话核实，已领到执照。")
    page.get_by_label("说不准").check()
    shot(page, "counter-close")
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_text("已办结").first).to_be_visible()
    shot(page, "counter-case-closed")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_case_goes_from_the_form_to_closed(people, shot, javascript):
    keep = shot if javascript else (lambda page, name: None)
    citizen = people.window(size=PHONE, javascript=javascript)
    number, code = file_a_case(citizen, keep)

    clerk = people.staff("clerk", javascript=javascript)
    at_the_counter(clerk, number, keep)
    in_the_department(people.staff("shijian", javascript=javascript), number, keep)
    reply_and_close(clerk, number, keep)

    elsewhere = people.window(size=PHONE, javascript=javascript)
    elsewhere.goto("/track")
    keep(elsewhere, "citizen-track")
    elsewhere.get_by_label("编号", exact=True).fill(f"岐安-中心-{number[:6]}-{number[6:11]}-{number[11:]}")
    elsewhere.get_by_label("查询码", exact=True).fill(f"{code[:3]} {code[3:]}")
    elsewhere.get_by_role("button", name="查询").click()
    expect(elsewhere.get_by_role("heading", name="已办结").first).to_be_visible()
    expect(elsewhere.get_by_text(REPLY)).to_be_visible()
    expect(elsewhere.get_by_text("容缺收件")).to_have_count(0)
    keep(elsewhere, "citizen-case")

    supervisor = people.staff("supervisor", javascript=javascript)
    keep(supervisor, "supervisor-overdue")
    supervisor.goto(f"/s/{number}/")
    expect(supervisor.get_by_text("逐条校验通过")).to_be_visible()
    keep(supervisor, "supervisor-case")


def test_a_case_registered_at_the_counter_by_keyboard_alone(people, shot):
    page = people.staff("clerk", size=DESKTOP)
    page.keyboard.press("F2")
    page.wait_for_url("**/w/new")
    page.keyboard.type("13000000047")
    page.keyboard.press("Tab")
    page.keyboard.type("严女士")
    page.keyboard.press("Tab")
    page.keyboard.type("M001")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("结算单打不出发票，窗口不收。")
    shot(page, "counter-new")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="已登记")).to_be_visible()
    shot(page, "counter-registered")
    page.keyboard.press("a")
    page.wait_for_url("**/accept")
