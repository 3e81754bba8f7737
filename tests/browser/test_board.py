"""Supervisors read the board, follow it and step in: by keyboard, in every theme, and without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case, Department
from cases.rules.classes import Difficulty, Resolution
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.services import aftercare, handling
from escalation.services.sweep import sweep
from tests.browser.test_look import look
from tests.conftest import Filing, actor_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)
MINUTE = 61_000  # milliseconds, and a little more
PHONE = {"width": 360, "height": 800}


def a_busy_city() -> Case:
    """Cases of several departments at many steps over a month, carded by daily sweeps; returns one with a red card."""
    now, filing = timezone.now(), Filing()
    clerk = actor_named("clerk")

    def send(code: str, days: int, *, co: str = "") -> Case:
        at = now - days * DAY
        case = filing(State.ACCEPTED, now=at)
        found = {d.code: d.pk for d in Department.objects.all()}
        return handling.dispatch_case(
            number=case.number,
            department_id=found[code],
            co_department_ids=[found[co]] if co else [],
            instruction="请当天与反映人联系。",
            actor=clerk,
            now=at,
        )

    worst = send("S02", 20, co="S04")
    handling.sign_share(number=worst.number, actor=actor_named("shijian"), now=now - 19 * DAY)
    for code, days in (("S04", 12), ("S04", 8), ("S02", 6), ("S05", 6), ("S05", 1), ("S09", 0), ("S02", 0)):
        send(code, days)
    for state, days in ((State.FILED, 5), (State.ACCEPTED, 4), (State.ANSWERED, 6), (State.REPLIED, 1)):
        filing(state, now=now - days * DAY)
    again, bad = (filing(State.CLOSED, now=now - 3 * DAY) for _ in range(2))
    aftercare.reopen_case(
        number=again.number, reason="还是没办下来。", new_facts=False, until=None, rule_version=1,
        actor=clerk, now=now - DAY,
    )  # fmt: skip
    aftercare.rate_case(
        number=bad.number, resolution=Resolution.UNSOLVED, grade=1,
        actor=citizen(opened=frozenset({bad.pk})), now=now - timedelta(hours=1),
    )  # fmt: skip
    for days in range(21, -1, -1):
        sweep(now=now - days * DAY)
    return worst


def test_the_board_is_accessible_and_folds_on_a_telephone(people, shot):
    a_busy_city()
    page = people.staff("supervisor")
    wrong = look(page, "/s/", "board", shot)
    phone = people.staff("leader", size=PHONE)
    wrong += look(phone, "/s/", "board-phone", shot)
    assert wrong == []


def test_what_the_board_leads_to_is_accessible(people, shot):
    worst = a_busy_city()
    page, wrong = people.staff("supervisor"), []
    page.goto("/s/cards?colour=red")
    card = page.locator("[data-rows] a[data-open]").first.get_attribute("href")
    pages = {name: f"/{name}" for name in ("s/cards", "s/open", "s/?tab=soon")}
    for name, address in {**pages, "case": f"/s/{worst.number}/", "card": f"{card}?again=1"}.items():
        wrong += look(page, address, "board-" + re.sub(r"\W+", "-", name), shot)
    assert wrong == []


def test_every_act_of_a_supervisor_is_accessible(people, shot):
    filing, page, wrong = Filing(), people.staff("supervisor"), []
    for act in ("dispatch", "supervise", "reopen", "erase"):
        state = {"dispatch": State.ACCEPTED, "supervise": State.HANDLING}.get(act, State.CLOSED)
        wrong += look(page, f"/s/{filing(state).number}/{act}", f"board-{act}", shot)
    assert wrong == []


def test_the_worst_case_is_opened_and_supervised_by_keyboard(people, shot):
    worst = a_busy_city()
    page = people.staff("supervisor")
    page.goto("/s/")
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/s/{worst.number}/")
    page.keyboard.press("u")
    page.wait_for_url("**/supervise")
    page.keyboard.type("请市监局今天下班前与反映人联系，明天书面报告。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/s/{worst.number}/")
    expect(page.get_by_text("已督办").first).to_be_visible()
    expect(page.get_by_text("请市监局今天下班前与反映人联系").first).to_be_visible()
    shot(page, "board-case-supervised")


def test_a_refresh_brings_what_is_new_keeps_the_focus_and_can_be_paused(people):
    worst = a_busy_city()
    page = people.staff("supervisor")
    page.clock.install()
    page.goto("/s/")
    overdue = int(page.locator("#n-overdue .bc-stat__n").inner_text())
    link = page.locator(f"#case-{worst.number}")
    link.focus()
    Filing()(State.FILED, now=timezone.now() - 9 * DAY)
    page.clock.fast_forward(MINUTE)
    expect(page.locator("#n-overdue .bc-stat__n")).to_have_text(str(overdue + 1))
    expect(link).to_be_focused()
    assert page.locator("#board").get_attribute("hx-trigger") == "every 60s"
    page.get_by_role("link", name="暂停刷新").click()
    expect(page.get_by_text("已暂停自动刷新")).to_be_visible()
    assert page.locator("#board").get_attribute("hx-trigger") is None


def test_a_failed_refresh_leaves_the_last_good_board_with_its_time(people):
    worst = a_busy_city()
    page = people.staff("supervisor")
    page.clock.install()
    page.goto("/s/")
    made = page.get_by_text("更新于").inner_text()
    page.route("**/s/**", lambda route: route.fulfill(status=503, body="<p role=alert>暂时不能更新</p>"))
    page.clock.fast_forward(MINUTE)
    expect(page.locator("#problem")).to_contain_text("暂时不能更新")
    expect(page.locator(f"#case-{worst.number}")).to_be_visible()
    assert page.get_by_text("更新于").inner_text() == made


def test_a_supervisor_pauses_and_takes_a_case_up_again_a_third_time_without_script(people, shot):
    case = Filing()(State.CLOSED, now=timezone.now() - DAY)
    Case.objects.filter(pk=case.pk).update(reopenings=2)
    page = people.staff("supervisor", javascript=False)
    page.get_by_role("link", name="暂停刷新").click()
    expect(page.get_by_text("已暂停自动刷新")).to_be_visible()
    page.goto(f"/s/{case.number}/")
    page.get_by_role("link", name=re.compile("重新办理$")).click()
    expect(page.get_by_text("难度改为“难点”").first).to_be_visible()
    page.get_by_label("重新办理的原因").fill("房东拿出了新的合同。")
    shot(page, "board-reopen-third")
    page.get_by_role("button", name="重新办理").click()
    expect(page.get_by_text("难点").first).to_be_visible()
    assert Case.objects.get(pk=case.pk).difficulty == Difficulty.HARD
