"""Versions of the rules: never retroactive, in the order of their effect, each with its provenance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.errors import NotAllowedError
from cases.rules.classes import Difficulty
from cases.rules.flow import State
from cases.services import intake
from escalation.models import Clock
from escalation.rules.calendar import CalendarError
from escalation.rules.edits import with_values
from escalation.selectors.packages import in_force_on, package_versions, waiting_rules
from escalation.selectors.versions import in_force, rule_version_at
from escalation.services.changes import confirm, propose_rules
from escalation.services.national import default_rules
from escalation.services.packages import check_approvable, next_rules, save_rules
from escalation.services.refold import refold_all
from tests.conftest import MONDAY, actor_named

TODAY = MONDAY.date()
SHORTER = with_values(default_rules(), {("difficulty_limits", "ordinary", "days"): 2})


def proposed(day: date, document=SHORTER) -> dict:
    return next_rules(document, effective_from=day, basis="岐政数〔2026〕12号", today=TODAY)


def due(case) -> list:
    return list(
        Clock.objects.filter(case=case).order_by("pk").values_list("obligation", "due_at", "rule_version")
    )


def test_a_next_version_gets_the_next_number_its_basis_and_its_date(city):
    document = proposed(date(2026, 12, 1))
    assert (document["version"], document["effective_from"]) == (2, "2026-12-01")
    assert document["source"] == "岐政数〔2026〕12号"


@pytest.mark.parametrize("days", [0, -1, -400])
def test_rules_never_begin_today_or_before(city, days):
    with pytest.raises(CalendarError, match="不溯及以往"):
        proposed(TODAY + timedelta(days=days))


def test_rules_never_begin_before_those_of_the_newest_version(city):
    save_rules(proposed(date(2026, 12, 10)), entered_by="卓一鸣", now=MONDAY)
    with pytest.raises(CalendarError, match="第 2 版从 2026 年 12 月 10 日起生效"):
        proposed(date(2026, 12, 9))
    assert proposed(date(2026, 12, 10))["version"] == 3


def test_a_proposal_that_another_version_or_its_own_date_overtook_cannot_be_approved(city):
    first, second = proposed(date(2026, 12, 1)), proposed(date(2026, 12, 2))
    assert check_approvable(first, today=TODAY).version == 2
    with pytest.raises(CalendarError, match="最早是明天"):
        check_approvable(first, today=date(2026, 12, 1))
    save_rules(first, entered_by="卓一鸣", now=MONDAY)
    with pytest.raises(CalendarError, match="重新提出"):
        check_approvable(second, today=TODAY)


def test_a_package_without_a_step_that_is_owed_is_no_version(city):
    steps = {name: step for name, step in SHORTER["steps"].items() if name != "meeting"}
    with pytest.raises(CalendarError, match="meeting"):
        proposed(date(2026, 12, 1), SHORTER | {"steps": steps})


def test_what_was_accepted_before_keeps_its_rules_and_what_comes_after_has_the_new_ones(case_in):
    old = case_in(State.HANDLING)
    before = due(old)
    day = TODAY + timedelta(days=1)
    save_rules(proposed(day), entered_by="卓一鸣", now=MONDAY)
    list(refold_all())
    assert due(old) == before
    assert {version for _, _, version in before} == {1}
    rulebook = in_force().rulebook
    assert rulebook.in_force_at(MONDAY).version == 1
    assert rulebook.in_force_at(MONDAY + timedelta(days=1)).version == 2
    tomorrow = MONDAY + timedelta(days=1)
    new = case_in(State.FILED, now=tomorrow)
    intake.accept_case(
        number=new.number,
        difficulty=Difficulty.ORDINARY,
        rule_version=rule_version_at(tomorrow),
        actor=actor_named("clerk"),
        now=tomorrow,
    )
    whole = Clock.objects.get(case=new, obligation="case")
    assert (whole.rule_version, whole.limit_amount) == (2, 2)


def test_a_case_registered_before_and_accepted_after_is_accepted_under_the_new_rules(case_in):
    """Its acceptance was owed under the old ones and keeps that limit."""
    case = case_in(State.FILED)
    longer = with_values(SHORTER, {("steps", "acceptance", "limit", "days"): 5})
    save_rules(proposed(TODAY + timedelta(days=1), longer), entered_by="卓一鸣", now=MONDAY)
    tomorrow = MONDAY + timedelta(days=1)
    intake.accept_case(
        number=case.number,
        difficulty=Difficulty.ORDINARY,
        rule_version=rule_version_at(tomorrow),
        actor=actor_named("clerk"),
        now=tomorrow,
    )
    versions = dict(Clock.objects.filter(case=case).values_list("obligation", "rule_version"))
    assert versions == {"acceptance": 1, "dispatch": 2, "case": 2}


def test_versions_say_until_when_they_are_applied(city):
    save_rules(proposed(date(2026, 12, 1)), entered_by="卓一鸣", now=MONDAY)
    save_rules(proposed(date(2026, 12, 1)), entered_by="卓一鸣", now=MONDAY)
    third, second, first = package_versions()
    assert (first.until, second.is_void, third.until) == (date(2026, 11, 30), True, None)
    assert [v.is_coming(TODAY) for v in (third, second, first)] == [True, False, False]
    assert [in_force_on([third, second, first], day).number for day in (TODAY, date(2026, 12, 1))] == [1, 3]
    assert (third.basis, third.entered_by) == ("岐政数〔2026〕12号", "卓一鸣")
    for day in (TODAY, date(2026, 11, 30), date(2026, 12, 1)):
        at = MONDAY.replace(year=day.year, month=day.month, day=day.day)
        assert in_force().rulebook.in_force_at(at).version == in_force_on([third, second, first], day).number


def test_a_second_person_approves_and_the_version_says_who(city, admin, supervisor):
    change = propose_rules(
        proposed(date(2026, 12, 1)),
        apply_to_open=False,
        title="第 2 版规则",
        basis="岐政数〔2026〕12号",
        note="",
        actor=admin,
        by_name="卓一鸣",
        now=MONDAY,
    )
    assert [proposal.title for proposal in waiting_rules()] == ["第 2 版规则"]
    with pytest.raises(NotAllowedError):
        confirm(change.pk, actor=admin, by_name="卓一鸣", now=MONDAY)
    confirm(change.pk, actor=supervisor, by_name="郁建平", now=MONDAY)
    newest = package_versions()[0]
    assert (newest.number, newest.entered_by, newest.approved_by) == (2, "卓一鸣", "郁建平")
    assert newest.change == change.pk
    assert waiting_rules() == []
