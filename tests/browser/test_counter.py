"""The window's pages of a case's life in real Chromium: seen in each theme, by keyboard, and without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case, Department
from cases.rules.flow import State
from cases.rules.scope import redirect_text
from cases.services import handling
from cases.services.intake import redirect_case
from escalation.services.sweep import sweep
from tests.browser.conftest import PHONE
from tests.browser.test_look import all_wrong, dress, look
from tests.conftest import Filing, actor_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACTS = {
    "resolve": State.FILED,
    "redirect": State.FILED,
    "dispatch": State.ACCEPTED,
    "send_back": State.ANSWERED,
    "publish": State.ANSWERED,
    "close": State.REPLIED,
    "call_back": State.CLOSED,
    "reopen": State.CLOSED,
    "supplement": State.HANDLING,
    "withdraw": State.HANDLING,
}


VISIBLE = "document.body.innerText"
SHEET = {"width": 688, "height": 1017}  # A4 within its margins, in CSS pixels


@pytest.fixture
def case_now(live_city) -> Callable[..., Case]:
    """A case brought to a state a minute ago: the server reads the real clock."""
    return lambda state, **changes: Filing()(state, now=timezone.now() - timedelta(minutes=1), **changes)


def test_every_act_of_the_window_is_accessible(people, shot, case_now):
    page, wrong = people.staff("clerk"), []
    for act, state in ACTS.items():
        wrong += look(page, f"/w/{case_now(state).number}/{act}", f"counter-{act}", shot)
        expect(page.locator(".bc-actform button.bc-btn").first).to_be_visible()
    assert wrong == []


@pytest.mark.parametrize("theme", ["standard", "elder"])
def test_the_slip_is_printed_alone_on_one_sheet(people, shot, case_now, theme):
    filed, page = case_now(State.FILED), people.staff("clerk")
    redirect_case(
        number=filed.number,
        reason="legal_route",
        explanation=redirect_text("legal_route"),
        actor=actor_named("clerk"),
        now=timezone.now(),
    )
    address = f"/w/{filed.number}/slip"
    page.goto(address)
    dress(page, theme)
    page.goto(address)
    assert all_wrong(page) == []
    shot(page, f"counter-slip-{theme}")
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    shown = page.evaluate(VISIBLE)
    assert "查找" not in shown
    assert "按 Ctrl+P" not in shown
    assert shown.count("盖章处") == 2
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    shot(page, f"counter-slip-print-{theme}")


def test_the_case_with_two_departments_and_its_cards_is_accessible(people, shot, live_city):
    case = Filing()(State.ACCEPTED, now=timezone.now() - timedelta(days=30))
    ids = {code: Department.objects.get(code=code).pk for code in ("S02", "S04")}
    handling.dispatch_case(
        number=case.number,
        department_id=ids["S02"],
        co_department_ids=[ids["S04"]],
        instruction="请市不动产登记中心先查产权，市市场监督管理局据此办照。",
        actor=actor_named("clerk"),
        now=timezone.now() - timedelta(days=29),
    )
    sweep(now=timezone.now())
    page = people.staff("clerk")
    assert look(page, f"/w/{case.number}/", "counter-case-joint", shot) == []
    assert look(page, "/w/?tab=handling", "counter-queue-handling", shot) == []


def test_every_tab_of_the_queue_is_accessible(people, shot, case_now):
    for state in (State.FILED, State.ACCEPTED, State.ANSWERED, State.REPLIED, State.CLOSED):
        case_now(state)
    page, wrong = people.staff("clerk"), []
    for tab in ("filed", "accepted", "answered", "replied", "call_back", "ended"):
        wrong += look(page, f"/w/?tab={tab}", f"counter-queue-{tab}", shot)
    assert wrong == []


def keys(page: Page, *pressed: str) -> int:
    """Press keys one after the other; returns how many."""
    for key in pressed:
        page.keyboard.press(key)
    return len(pressed)


def test_who_can_be_helped_at_once_is_registered_and_solved_without_the_mouse(people, shot, live_city):
    page = people.staff("clerk")
    count = keys(page, "F2")
    page.wait_for_url("**/w/new")
    expect(page.locator("#id_phone")).to_be_focused()
    for text in ("13000000047", "严女士", "M001"):
        page.keyboard.type(text)
        count += len(text) + keys(page, "Tab")
    count += keys(page, "1", "Tab")
    statement = "结算单打不出发票，窗口不收，来回跑了三趟。"
    page.keyboard.type(statement)
    count += len(statement) + keys(page, "Tab", "1", "Control+Enter")
    assert count <= 130
    page.wait_for_url("**/resolve")
    expect(page.get_by_text("查询码")).to_be_visible()
    expect(page.locator("#id_reply")).to_be_focused()
    shot(page, "counter-resolve-fresh")
    page.keyboard.type("已当场补打发票。")
    after = keys(page, "Tab")
    page.keyboard.type("发票已交给本人。")
    after += keys(page, "Tab", "1", "Tab", "2", "Control+Enter")
    assert after <= 12
    page.wait_for_url(re.compile(r"/w/\d+/$"))
    expect(page.locator(".bc-casehead")).to_contain_text("已办结")


def test_a_list_of_matters_that_comes_late_never_changes_where_tab_leads(people, live_city):
    page = people.staff("clerk")
    page.goto("/w/new")
    page.locator("#id_matter").focus()
    page.keyboard.type("登记")
    expect(page.locator("#matters [data-numbered]")).to_be_visible()
    page.keyboard.type("簿")
    keys(page, "Tab", "2")
    expect(page.locator("[name=obstacle]").nth(1)).to_be_checked()
    expect(page.locator("#matters [role=status]")).to_contain_text("没有找到")
    expect(page.locator("[name=obstacle]").nth(1)).to_be_focused()


def test_down_enters_the_list_of_matters_and_a_digit_chooses(people, shot, live_city):
    page = people.staff("clerk")
    page.goto("/w/new")
    page.locator("#id_matter").focus()
    page.keyboard.type("登记")
    offered = page.locator("#matters input")
    expect(offered.first).to_be_visible()
    shot(page, "counter-matters-offered")
    keys(page, "ArrowDown", "2")
    expect(offered.nth(1)).to_be_checked()
    keys(page, "Tab", "3")
    expect(page.locator("[name=obstacle]").nth(2)).to_be_checked()
    expect(offered.nth(1)).to_be_checked()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_case_goes_to_two_departments_found_one_after_the_other(people, shot, case_now, javascript):
    number, page = case_now(State.ACCEPTED).number, people.staff("clerk", javascript=javascript)
    page.goto(f"/w/{number}/dispatch")
    for text, name in (("不动产", "市不动产登记中心"), ("srlzyhshbzj", "市人力资源和社会保障局")):
        page.get_by_label("找部门").fill(text)
        if not javascript:
            page.get_by_role("button", name="找", exact=True).click()
        page.get_by_label(name, exact=True).check()
    page.get_by_label("交办要求").fill("产权和社保一起核。")
    if javascript:
        shot(page, "counter-dispatch-joint")
    page.get_by_role("button", name="转办").click()
    page.wait_for_url(f"**/w/{number}/")
    expect(page.get_by_role("heading", name="3 个部门分头办")).to_be_visible()
    expect(page.locator(".bc-ticket h3").first).to_contain_text("市市场监督管理局 主办")


def test_the_list_of_calls_is_worked_through_by_keyboard(people, case_now):
    case_now(State.CLOSED)
    page = people.staff("clerk")
    page.goto("/w/")
    keys(page, "5")
    page.wait_for_url("**/w/?tab=call_back")
    keys(page, "j", "h")
    page.wait_for_url("**/call_back")
    keys(page, "3", "Tab", "4", "Control+Enter")
    page.wait_for_url(re.compile(r"/w/\d+/$"))
    expect(page.get_by_text("回访：未解决，不满意")).to_be_visible()


def test_nobody_answered_is_booked_without_script(people, case_now):
    number, page = case_now(State.CLOSED).number, people.staff("clerk", javascript=False)
    page.goto(f"/w/{number}/call_back")
    page.get_by_role("button", name="没有接通").click()
    page.wait_for_url(f"**/w/{number}/")
    expect(page.get_by_text("回访未成").first).to_be_visible()


def test_the_window_s_pages_fold_on_a_telephone(people, shot, case_now):
    wrong, page = [], people.staff("clerk", size=PHONE)
    for act, state in ACTS.items():
        page.goto(f"/w/{case_now(state).number}/{act}")
        wrong += [f"{act} {fault}" for fault in all_wrong(page)]
        shot(page, f"counter-{act}-phone")
    assert wrong == []
