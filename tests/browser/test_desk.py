"""The department's room and the notices in real Chromium: by keyboard, without script, on a telephone, in every theme."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case, Department, Share
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.services import additions, handling
from escalation.models import Card
from escalation.services.sweep import sweep
from tests.browser.conftest import PHONE
from tests.browser.test_look import all_wrong, look
from tests.conftest import Filing, actor_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEEK = timedelta(days=7)


def dispatched() -> Case:
    """A case that has just reached 市市场监督管理局: the browser's people live by the true clock."""
    return Filing()(State.HANDLING, now=timezone.now())


def joint(now) -> Case:
    """A case that two departments share, with what is asked of them."""
    number = Filing()(State.ACCEPTED, now=now).number
    lead, co = (Department.objects.get(code=code).pk for code in ("S02", "S04"))
    return handling.dispatch_case(
        number=number,
        department_id=lead,
        co_department_ids=(co,),
        instruction="请先核实产权，再告诉反映人要带什么材料。",
        actor=actor_named("clerk"),
        now=now,
    )


@pytest.fixture
def busy_desk(live_city) -> dict[str, str]:
    """A desk as it looks in a real week: overdue and carded, joint and supervised, fresh, answered. Numbers by name."""
    now = timezone.now()
    old = Filing()(State.HANDLING, now=now - 3 * WEEK)
    sweep(now=now)
    shared = joint(now)
    fresh = Filing()(State.HANDLING, now=now)
    handling.sign_share(number=fresh.number, actor=actor_named("shijian"), now=now)
    handling.answer_share(
        number=shared.number,
        conclusion=Conclusion.DONE,
        text="产权信息已经核实，可以直接受理。",
        actor=actor_named("budongchan"),
        now=now,
    )
    additions.supervise_case(
        number=shared.number, text="请在本周内答复。", actor=actor_named("supervisor"), now=now
    )
    Filing()(State.ANSWERED, now=now)
    card = Card.objects.filter(case=old, department__code="S02").latest("pk")
    return {"old": old.number, "shared": shared.number, "fresh": fresh.number, "card": str(card.pk)}


PAGES = {
    "inbox": "/d/",
    "answered": "/d/?tab=answered",
    "case": "/d/{shared}/",
    "carded": "/d/{old}/?why=sign",
    "sign": "/d/{shared}/sign",
    "contact": "/d/{fresh}/contact",
    "answer": "/d/{shared}/answer",
    "cards": "/d/cards",
    "card": "/d/cards/{card}?again=1",
    "notices": "/notices/",
}


def test_every_page_of_the_desk_is_accessible(people, busy_desk, shot):
    page, wrong = people.staff("shijian"), []
    for name, address in PAGES.items():
        wrong += look(page, address.format(**busy_desk), f"desk-{name}", shot)
    assert wrong == []


def test_the_desk_folds_on_a_telephone(people, busy_desk, shot):
    page, wrong = people.staff("shijian", size=PHONE), []
    for name, address in PAGES.items():
        page.goto(address.format(**busy_desk))
        wrong += [f"{name} {fault}" for fault in all_wrong(page)]
        shot(page, f"desk-{name}-phone")
    assert wrong == []


def signed(number: str) -> bool:
    return Share.objects.filter(case__number=number, role="lead", signed_at__isnull=False).exists()


def test_a_notice_leads_to_the_signature_by_two_presses_on_a_telephone_without_script(people, live_city):
    case = dispatched()
    page = people.staff("shijian", size=PHONE, javascript=False)
    page.goto("/notices/")
    page.get_by_role("button", name="新的承办任务，请签收").click()
    page.wait_for_url(f"**/d/{case.number}/")
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_role("heading", name="本单位主办：已签收")).to_be_visible()
    assert signed(case.number)


def test_the_letter_a_signs_the_case_one_is_on(people, live_city):
    case = dispatched()
    page = people.staff("shijian")
    page.goto(f"/d/{case.number}/")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="本单位主办：已签收")).to_be_visible()
    page.keyboard.press("l")
    page.wait_for_url("**/contact")


def test_letters_act_on_the_selected_row_and_on_none_without_a_selection(people, live_city):
    first, second = dispatched(), dispatched()
    page = people.staff("shijian")
    page.goto("/d/")
    page.keyboard.press("a")
    page.wait_for_timeout(200)
    assert page.url.endswith("/d/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url(f"**/d/{second.number}/")
    assert not signed(first.number)
    assert signed(second.number)


def test_rows_are_ticked_and_signed_by_keyboard_and_the_page_tells_what_was_signed(people, live_city, shot):
    cases = [dispatched() for _ in range(3)]
    page = people.staff("shijian")
    page.goto("/d/?tab=to_sign")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/d/signed")
    expect(page.get_by_role("heading", name="已签收 2 件")).to_be_visible()
    shot(page, "desk-signed")
    assert [signed(case.number) for case in cases] == [True, True, False]
    assert all_wrong(page) == []


def test_enter_in_a_box_never_signs_a_row_that_is_not_ticked(people, live_city):
    first, second = dispatched(), dispatched()
    page = people.staff("shijian", javascript=False)
    page.goto("/d/?tab=to_sign")
    box = page.locator(f'input[name=number][value="{second.number}"]')
    box.check()
    box.press("Enter")
    page.wait_for_url(f"**/d/{second.number}/")
    assert (signed(first.number), signed(second.number)) == (False, True)


def test_ticked_rows_are_signed_without_script(people, live_city):
    cases = [dispatched() for _ in range(2)]
    page: Page = people.staff("shijian", javascript=False)
    page.goto("/d/")
    for case in cases:
        page.locator(f'input[name=number][value="{case.number}"]').check()
    page.get_by_role("button", name="签收勾选的").click()
    expect(page.get_by_role("heading", name="已签收 2 件")).to_be_visible()
    assert all(signed(case.number) for case in cases)


def test_contact_and_answer_with_a_file_go_in_one_press_without_script(people, live_city, settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    case = dispatched()
    page = people.staff("shijian", javascript=False)
    page.goto(f"/d/{case.number}/answer")
    page.get_by_label("联系上了", exact=True).check()
    page.get_by_label("已办成").check()
    page.get_by_label("给群众的话").fill("您的执照已经办好，请到三号窗领取。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("电话，联系上了")).to_be_visible()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_url(re.compile(rf"/d/{case.number}/$"))
    expect(page.get_by_text("答复已到窗口").first).to_be_visible()


def test_notices_are_walked_and_opened_by_keyboard(people, live_city):
    case = dispatched()
    page = people.staff("shijian")
    page.goto("/notices/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/d/{case.number}/")
    page.goto("/notices/")
    expect(page.get_by_text("已读", exact=True)).to_be_visible()
