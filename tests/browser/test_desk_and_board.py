"""A department answers by keyboard alone; a supervisor erases by law in a browser that runs no script."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.rules.classes import ContactWay
from cases.rules.flow import State
from cases.services.handling import contact_reporter
from tests.conftest import STATEMENT, Filing, actor_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYS = 12  # from the inbox to the sent answer, the text not counted (pages.md 9)


def contacted() -> Case:
    """A case whose department has already spoken to the reporter."""
    case = Filing()(State.HANDLING, now=timezone.now())
    return contact_reporter(
        number=case.number,
        way=ContactWay.PHONE,
        reached=True,
        actor=actor_named("shijian"),
        now=timezone.now(),
    )


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def test_an_answer_needs_no_mouse_and_few_keys(people, shot):
    case = contacted()
    page = people.staff("shijian")
    keys = Keys(page)
    keys.press("j", "Enter")
    page.wait_for_url(f"**/d/{case.number}/")
    keys.press("y")
    page.wait_for_url("**/answer")
    keys.press("Tab", "Enter", "Tab", "Tab")  # 跳到主要内容, past 怎么算的, to the conclusion
    keys.press("1", "Tab")
    page.keyboard.type("您的执照已经办好，请到三号窗领取。")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="给您的答复")).to_be_visible()
    shot(page, "desk-answer-by-keyboard")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(rf"/d/{case.number}/(#|$)"))
    expect(page.get_by_text("待窗口核对").first).to_be_visible()
    assert keys.pressed <= MOST_KEYS
    assert Case.objects.get(pk=case.pk).state == State.ANSWERED


def test_the_first_radio_of_the_answer_is_reached_by_tab_in_the_order_of_the_page(people):
    case = contacted()
    page = people.staff("shijian")
    page.goto(f"/d/{case.number}/answer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # 跳到主要内容
    order = []
    for _ in range(9):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.name || document.activeElement.innerText.trim()"))
    fields = [
        name for name in order if name in {"conclusion", "text", "basis", "instead", "internal", "预览"}
    ]
    assert fields == ["conclusion", "text", "basis", "instead", "internal", "预览"]


def test_back_from_the_preview_keeps_the_words_without_script(people):
    case = contacted()
    page = people.staff("shijian", javascript=False)
    page.goto(f"/d/{case.number}/answer")
    page.get_by_label("依法不能办").check()
    page.get_by_label("给群众的话").fill("住宅还不能登记。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("依法不能办的，请写明依据。").first).to_be_visible()
    page.get_by_label("依据", exact=False).first.fill("《民法典》第二百七十九条")
    page.get_by_label(re.compile("还可以怎么办")).fill("可以用集群注册地址登记。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("依据：《民法典》第二百七十九条")).to_be_visible()
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("给群众的话")).to_have_value("住宅还不能登记。")
    expect(page.get_by_label("依法不能办")).to_be_checked()


def test_a_case_is_erased_and_says_so_while_its_chain_holds_without_script(people, shot):
    case = Filing()(State.CLOSED)
    page = people.staff("supervisor", javascript=False)
    page.goto(f"/s/{case.number}/")
    page.get_by_role("link", name=re.compile("依法删除$")).click()
    page.get_by_label("个人撤回同意").check()
    page.get_by_label("我已核对编号，知道删除后不能恢复").check()
    shot(page, "supervisor-erase")
    page.get_by_role("button", name="依法删除").click()
    expect(page.get_by_text("已依法删除").first).to_be_visible()
    expect(page.get_by_text("流转记录 7 条，逐条校验通过")).to_be_visible()
    expect(page.get_by_text(STATEMENT[:10])).to_have_count(0)
    shot(page, "supervisor-case-erased")
