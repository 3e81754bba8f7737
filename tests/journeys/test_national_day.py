"""One case runs over time through National Day 2026: what is issued, to whom, and when (policy.md F4).

Accepted on Monday 28 September with 3 working days: 29, 30, then 8 October (1 to 7 are off). 10 October is a Saturday at work.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.models import Case, Event
from cases.rules.flow import Act, State
from escalation.models import Card, Clock, Notice
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.cases.every_act import do
from tests.conftest import SHANGHAI, actor_named

MONDAY = datetime(2026, 9, 28, 9, 30, tzinfo=SHANGHAI)
BLUE = datetime(2026, 9, 30, 8, 30, tzinfo=SHANGHAI)
DUE = datetime(2026, 10, 8, 17, 30, tzinfo=SHANGHAI)
YELLOW = datetime(2026, 10, 9, 8, 30, tzinfo=SHANGHAI)
RED = datetime(2026, 10, 13, 8, 30, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


@pytest.fixture
def slow(case_in, shijian) -> Case:
    """A case that its department has signed for and talked about with the reporter, but not answered."""
    case = case_in(State.HANDLING, now=MONDAY)
    do(Act.SIGN, case.number, shijian, MONDAY + timedelta(hours=1))
    do(Act.CONTACT, case.number, shijian, MONDAY + timedelta(hours=2))
    return case


def cards(case: Case) -> list[tuple[str, datetime]]:
    return list(Card.objects.filter(case=case).order_by("at").values_list("colour", "at"))


def test_the_limit_ends_on_the_first_working_day_after_the_holiday(slow):
    due = Clock.objects.filter(case=slow, obligation__in=("case", "answer")).values_list("due_at", flat=True)
    assert set(due) == {DUE}


def test_each_colour_comes_at_its_instant_and_not_a_second_before(slow):
    for at, before, after in ((BLUE, 0, 1), (YELLOW, 1, 2), (RED, 2, 3)):
        sweep(now=at - SECOND)
        assert len(cards(slow)) == before
        sweep(now=at)
        assert len(cards(slow)) == after
    assert cards(slow) == [("blue", BLUE), ("yellow", YELLOW), ("red", RED)]
    assert set(Card.objects.filter(case=slow).values_list("department__code", flat=True)) == {"S02"}


def test_one_late_sweep_issues_the_same_cards_at_the_same_instants(slow):
    late = RED + timedelta(days=9)
    sweep(now=late)
    assert cards(slow) == [("blue", BLUE), ("yellow", YELLOW), ("red", RED)]
    assert set(Card.objects.filter(case=slow).values_list("recorded_at", flat=True)) == {late}
    events = Event.objects.filter(case=slow, kind="card_issued").order_by("version")
    assert list(events.values_list("happened_at", flat=True)) == [BLUE, YELLOW, RED]


def test_the_red_replaces_the_deduction_of_the_yellow(slow):
    sweep(now=RED)
    red = Card.objects.get(case=slow, colour="red")
    assert (red.points, red.supersedes.colour, red.supersedes.points) == (10, "yellow", 5)
    assert red.counted is False  # 试行: the default package carries no basis of an appraisal


def test_each_colour_is_told_to_whom_it_concerns(slow):
    sweep(now=RED)
    told = {
        colour: set(Notice.objects.filter(case=slow, colour=colour).values_list("post__role", flat=True))
        for colour in ("blue", "yellow", "red")
    }
    assert told["blue"] == {"liaison", "handler"}
    assert told["yellow"] == {"liaison", "handler", "head", "supervisor"}
    assert told["red"] == {"liaison", "handler", "head", "supervisor", "bureau_leader"}
    ranks = Notice.objects.filter(case=slow, post__role="head").values_list("colour", "post__rank")
    assert set(ranks) == {("yellow", 2), ("red", 2), ("red", 3)}


def test_closed_before_the_morning_after_there_is_no_card(case_in, shijian):
    case = case_in(State.HANDLING, now=MONDAY)
    do(Act.SIGN, case.number, shijian, MONDAY)
    do(Act.CONTACT, case.number, shijian, MONDAY)
    late_evening = DUE + timedelta(hours=4)
    do(Act.ANSWER, case.number, shijian, late_evening)
    do(Act.PUBLISH, case.number, actor_named("clerk"), late_evening)
    do(Act.CLOSE, case.number, actor_named("clerk"), late_evening)
    sweep(now=YELLOW + timedelta(hours=1))
    assert cards(case) == [("blue", BLUE)]


def test_a_refold_of_everything_changes_no_row(slow):
    sweep(now=RED)
    rows = list(Clock.objects.order_by("pk").values())
    assert [(done.written, done.removed) for done in refold_all()] == [(0, 0)]
    assert list(Clock.objects.order_by("pk").values()) == rows
    assert len(cards(slow)) == 3
