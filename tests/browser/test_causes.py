"""Outside causes in real Chromium: from the record to the end without a script, and every page accessible in its themes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from cases.models import Case, Cause, Suspension
from cases.rules.causes import CauseKind
from cases.rules.flow import State
from cases.services import causes, waiting
from tests.browser.conftest import PHONE
from tests.browser.test_look import dress, look
from tests.conftest import Filing, actor_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def filed(number: int) -> list[Case]:
    """Cases that a department has in hand since some days."""
    filing = Filing()
    return [filing(State.HANDLING, now=timezone.now() - 2 * DAY) for _ in range(number)]


def waited_for(cases: list[Case], now: datetime) -> Cause:
    """A cause approved for the cases, one of which cannot follow."""
    supervisor = actor_named("supervisor")
    record = causes.Record(
        kind=CauseKind.SYSTEM,
        title="省市场主体登记业务平台",
        since=timezone.localdate(now - 2 * DAY),
        evidence="省平台停机通知第 31 号，工单 GD-0918",
        asked="市市场监督管理局向省局信息中心报修",
        sentence="省里的登记系统正在抢修，恢复以后我们马上接着办。",
        planned_end=timezone.localdate(now + 7 * DAY),
    )
    cause = causes.record_cause(record, actor=supervisor, now=now)
    causes.join_cases(cause.pk, [case.pk for case in cases], actor=supervisor, now=now)
    cases += [Filing()(State.FILED)]
    causes.join_cases(cause.pk, [cases[-1].pk], actor=supervisor, now=now)
    end = timezone.localdate(now + 20 * DAY)
    causes.approve_cause(
        cause.pk, paused_from=now - 2 * DAY, latest_end=end, actor=supervisor, now=now, seen=0
    )
    waiting.carry_out(clock=lambda: now)
    return cause


def test_a_cause_is_recorded_joined_approved_and_ended_without_a_script(people):
    cases = filed(2)
    page = people.staff("supervisor", javascript=False)
    page.goto("/s/causes/new")
    page.check("text=国家或省垂管系统")
    today = timezone.localdate()
    for name, typed in {
        "title": "省市场主体登记业务平台",
        "since": today.isoformat(),
        "evidence": "省平台停机通知第 31 号",
        "asked": "市市场监督管理局向省局报修",
        "sentence": "省里的系统正在抢修，恢复后我们马上接着办。",
        "planned_end": (today + 9 * DAY).isoformat(),
    }.items():
        page.fill(f"[name={name}]", typed)
    page.click("main .bc-actform button[type=submit]")
    page.click('main .bc-acts a:has-text("加入反映事项")')
    page.fill("#numbers", "\n".join(case.number for case in cases))
    page.click("main form[method=get] button")
    page.click("text=加入勾选的")
    page.click('main .bc-acts a:has-text("批准并中止计时")')
    page.click("main .bc-actform button[type=submit]")
    assert Suspension.objects.filter(ended_on=None).count() == 2
    page.click('main .bc-acts a:has-text("结束")')
    page.fill("[name=ending]", "系统已经恢复。")
    page.click("main .bc-actform button[type=submit]")
    assert Suspension.objects.filter(ended_on=None).count() == 0
    assert page.locator("text=已结束").first.is_visible()


def test_the_pages_are_accessible(people, shot):
    cause, (spare,) = waited_for(filed(3), timezone.now()), filed(1)
    page, wrong = people.staff("supervisor"), []
    for name, address in {
        "causes": "/s/causes",
        "cause": f"/s/causes/{cause.pk}",
        "cause-new": "/s/causes/new",
        "cause-join": f"/s/causes/{cause.pk}/join?matter={spare.matter_id}",
        "cause-review": f"/s/causes/{cause.pk}/review",
        "cause-end": f"/s/causes/{cause.pk}/end",
    }.items():
        wrong += look(page, address, f"supervisor-{name}", shot)
    phone = people.staff("supervisor", size=PHONE)
    for name, address in {"causes": "/s/causes", "cause": f"/s/causes/{cause.pk}"}.items():
        wrong += look(phone, address, f"supervisor-{name}-phone", shot)
    dress(page, "standard")
    page.goto("/s/causes")
    page.emulate_media(media="print")
    shot(page, "supervisor-causes-print")
    assert not page.locator(".bc-nav").is_visible()
    assert wrong == []
