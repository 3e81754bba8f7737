"""为什么是这一天 of stored clocks: versions by document, local days, and what a share's limit was derived from."""

from __future__ import annotations

from datetime import date, timedelta

from cases.models import Case
from cases.rules.classes import Difficulty, SuspensionReason
from cases.rules.flow import State
from cases.services.coordinating import reclassify_case
from cases.services.suspending import resume_case, suspend_case
from escalation.models import CalendarDay, CalendarVersion
from escalation.rules.explain import StepKind
from escalation.rules.obligations import Obligation
from escalation.selectors import case_clocks, explain_due, in_force
from tests.conftest import MONDAY, actor_named


def told(case: Case, obligation: Obligation) -> list[str]:
    clock = [one for one in case_clocks([case.pk], MONDAY)[case.pk] if one.obligation is obligation][-1]
    return [step.text for step in explain_due(case.pk, clock)]


def changed(case: Case, act, *, at=MONDAY + timedelta(hours=2), **more) -> None:
    version = Case.objects.get(pk=case.pk).version
    act(number=case.number, version=version, actor=actor_named("supervisor"), now=at, **more)


def test_a_local_day_names_its_document(city):
    version = CalendarVersion.objects.get()
    typhoon = CalendarDay.objects.create(
        version=CalendarVersion.objects.create(
            number=2, source="试", entered_by="试", created_at=version.created_at
        ),
        layer="city",
        day=date(2026, 11, 24),
        is_off=True,
        name="台风停工",
        document="岐府令〔2026〕3号",
    )
    assert in_force().source().days == {typhoon.day: "岐府令〔2026〕3号"}
    assert in_force().source(number=1).days == {}
    assert in_force().source(number=1).notices[2026] == "国办发明电〔2025〕7号"


def test_a_department_reads_how_its_case_was_suspended_and_when_it_really_ended(case_in):
    case = case_in(State.HANDLING)
    changed(
        case,
        suspend_case,
        reason=SuspensionReason.PUBLICITY,
        planned_end=date(2026, 12, 4),
        latest_end=date(2026, 12, 20),
        text="公示。",
    )
    of = Case.objects.get(pk=case.pk).version
    changed(case, resume_case, at=MONDAY + timedelta(days=2), of=of, text="公示结束。")
    lines = told(case, Obligation.ANSWER)
    assert lines[1] == "部门答复与整件同时到期，整件是这样算的："
    assert (
        "11月23日至25日中止计时：法定公示。计划至2026年12月4日（周五），实际2026年11月25日（周三）结束。"
        "起日已用，结束当日不计，其间 2 个工作日不计。"
    ) in lines
    assert "2026年11月30日（周一）第 3 个工作日。" in lines


def test_another_difficulty_is_told_with_both_limits(case_in):
    case = case_in(State.HANDLING)
    changed(
        case, reclassify_case, difficulty=Difficulty.COMPLEX, reason="跨部门。", until=MONDAY + timedelta(1)
    )
    lines = told(case, Obligation.CASE)
    assert "2026年11月23日（周一）改定难度，时限由 3 个工作日改为 5 个工作日，从原起点计算。" in lines
    assert "2026年11月30日（周一）第 5 个工作日。" in lines


def test_every_clock_of_every_state_can_be_told(case_in):
    for state in (one for one in State if one is not State.WITHDRAWN):
        case = case_in(state)
        for clock in case_clocks([case.pk], MONDAY)[case.pk]:
            steps = explain_due(case.pk, clock)
            due = [step for step in steps if step.kind is StepKind.DUE]
            assert [step.on for step in due] == [clock.due_at.astimezone(MONDAY.tzinfo).date()]
