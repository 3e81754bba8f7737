"""A rule package is proposed, tried on what has been, approved by a second person, and reaches open cases on its day."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from django.db import transaction

from cases.errors import NotAllowedError
from cases.models import Event
from cases.rules.kinds import Kind
from cases.selectors.chain import faults
from escalation.models import Card, CardDoubt, Change, Clock, RuleVersion
from escalation.rules.calendar import CalendarError
from escalation.rules.limits import parse_package
from escalation.services.applying import carry_out
from escalation.services.changes import confirm, look_again, propose_rules
from escalation.services.fold import fold_cases
from escalation.services.national import default_rules
from escalation.services.packages import next_rules
from escalation.services.simulating import simulate
from escalation.services.sweep import sweep
from escalation.services.working import take_up
from tests.conftest import actor_named
from tests.escalation.crowd import AS_OF, gather

DAY = timedelta(days=1)
TOMORROW = AS_OF + DAY


@pytest.fixture
def crowd(city) -> list[int]:
    return [case.pk for case in gather()]


def package(days: int = 2, **changes) -> dict:
    """The default rules as version 2 from tomorrow, with another limit for 一般 and 复杂."""
    document = copy.deepcopy(default_rules())
    document["difficulty_limits"] |= {"ordinary": {"days": days}, "complex": {"days": days + 1}}
    return (
        document
        | {"version": 2, "effective_from": TOMORROW.date().isoformat(), "source": "岐政数〔2026〕9号"}
        | changes
    )


SAID = {"title": "第 2 版规则", "basis": "岐政数〔2026〕9号", "note": "", "by_name": "卓一鸣"}


def proposed(apply_to_open: bool = True, by: str = "admin", **given) -> Change:
    asked = {"actor": actor_named(by), "now": AS_OF}
    return propose_rules(package(**given), apply_to_open=apply_to_open, **SAID, **asked)


def approve(change: Change, name: str = "supervisor", now=AS_OF) -> Change:
    return confirm(change.pk, actor=actor_named(name), by_name="郁建平", now=now)


@pytest.mark.parametrize("days", [1, 2, 8])
def test_what_is_previewed_is_what_applying_comes_to(crowd, days):
    change = proposed(days=days)
    shown, cards = change.preview, Card.objects.count()
    assert shown["clocks"] > 10
    assert (shown["later"] > shown["earlier"]) == (days > 5)
    assert shown["missing"] > 0 or days != 1
    assert shown["gone"] > 0 or days != 8
    approve(change)
    Change.objects.filter(pk=change.pk).update(state="applying", began_at=AS_OF)
    assert carry_out(change.pk, clock=lambda: AS_OF, batch=7)
    change.refresh_from_db()
    assert {name: shown[name] for name in change.counts} == change.counts
    assert CardDoubt.objects.filter(change=change).count() == shown["gone"] + shown["missing"]
    assert fold_cases(crowd)[1:] == (0, 0)
    sweep(now=AS_OF)
    assert Card.objects.count() == cards
    assert list(faults()) == []


def test_it_waits_for_its_day_and_then_every_open_case_follows_it(crowd):
    change = approve(proposed())
    take_up(clock=lambda: AS_OF)
    change.refresh_from_db()
    assert (change.state, change.version) == ("approved", 2)
    assert not Event.objects.filter(kind=Kind.RULES_APPLIED.value).exists()
    take_up(clock=lambda: TOMORROW)
    change.refresh_from_db()
    assert (change.state, change.done) == ("applied", change.total)
    running = Clock.objects.filter(stopped_at__isnull=True)
    assert set(running.values_list("rule_version", flat=True)) == {2}
    told = Event.objects.filter(kind=Kind.RULES_APPLIED.value)
    assert set(told.values_list("case_id", flat=True)) == set(running.values_list("case_id", flat=True))
    take_up(clock=lambda: TOMORROW + DAY)
    assert told.count() == change.done


def test_a_package_for_new_cases_only_is_in_force_at_once_and_moves_nothing(crowd):
    change = proposed(apply_to_open=False)
    assert change.preview["clocks"] == 0
    assert approve(change).state == "applied"
    take_up(clock=lambda: TOMORROW)
    assert set(Clock.objects.values_list("rule_version", flat=True)) == {1}


def test_nobody_approves_their_own_and_few_approve_at_all(city):
    change = proposed()
    for name in ("admin", "viewer", "audit", "clerk"):
        with pytest.raises(NotAllowedError):
            approve(change, name)
    own = proposed()
    Change.objects.filter(pk=own.pk).update(proposed_by_id=actor_named("supervisor").user_id)
    with pytest.raises(NotAllowedError):
        approve(own)
    assert approve(own, "leader").approved_name == "郁建平"
    assert RuleVersion.objects.filter(version=2).exists()


def test_the_last_ninety_days_under_the_same_rules_give_the_cards_that_there_are(crowd):
    told = simulate(
        parse_package(package(days=3) | {"difficulty_limits": default_rules()["difficulty_limits"]}),
        now=AS_OF,
    )
    assert told["present"] == told["proposed"]
    issued = {colour: Card.objects.filter(colour=colour).count() for colour in ("blue", "yellow", "red")}
    assert abs(told["present"]["red"] - issued["red"]) <= 1
    assert told["present"]["yellow"] >= 5
    harder = simulate(parse_package(package(days=1)), now=AS_OF)
    assert harder["proposed"]["red"] > harder["present"]["red"]


def test_the_effect_is_worked_out_anew_when_asked(city):
    change = proposed()
    again = look_again(change.pk, actor=actor_named("admin"), now=AS_OF + DAY / 4)
    assert again.previewed_at == AS_OF + DAY / 4
    with transaction.atomic():
        Change.objects.filter(pk=change.pk).update(previewed_at=None)
        take_up(clock=lambda: TOMORROW)
    change.refresh_from_db()
    assert change.previewed_at == TOMORROW


@pytest.mark.parametrize("name", ["viewer", "audit", "clerk"])
def test_who_may_neither_approve_nor_drop_does_not_have_it_worked_out_anew(city, name):
    change = proposed()
    with pytest.raises(NotAllowedError):
        look_again(change.pk, actor=actor_named(name), now=AS_OF + DAY / 4)
    change.refresh_from_db()
    assert change.previewed_at == AS_OF


@pytest.mark.parametrize("name", ["supervisor", "leader", "viewer", "audit", "clerk"])
def test_who_does_not_keep_the_rules_proposes_none(city, name):
    with pytest.raises(NotAllowedError):
        proposed(by=name)
    assert not Change.objects.exists()


def test_a_date_of_another_century_is_refused_before_it_blocks_every_next_version(city):
    last = AS_OF.date() + timedelta(days=366)
    later = (last + DAY).isoformat()
    with pytest.raises(CalendarError, match="最晚是一年以后"):
        next_rules(default_rules(), effective_from=last + DAY, basis="岐", today=AS_OF.date())
    assert next_rules(default_rules(), effective_from=last, basis="岐", today=AS_OF.date())["version"] == 2
    with pytest.raises(CalendarError, match="最晚是一年以后"):
        approve(proposed(effective_from=later))


def test_a_package_that_was_replaced_before_its_day_reaches_no_open_case(crowd):
    replaced = approve(proposed())
    follower = package(days=3) | {"version": 3}
    again = propose_rules(follower, apply_to_open=False, **SAID, actor=actor_named("admin"), now=AS_OF)
    approve(again)
    take_up(clock=lambda: TOMORROW)
    replaced.refresh_from_db()
    assert replaced.state == "dropped"
    assert set(Clock.objects.values_list("rule_version", flat=True)) == {1}
