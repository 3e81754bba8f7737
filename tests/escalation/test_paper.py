"""What comes from a paper register: the whole case's clock and cards at their true moments, nothing invented in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases.models import Department
from cases.rules.classes import Difficulty, Outcome
from cases.rules.flow import State
from escalation.models import Card, Clock, Notice
from escalation.selectors.notices import notices_page, unread_count
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.cases.paper import MARCH, enter
from tests.conftest import MONDAY, SHANGHAI

HOUR = timedelta(hours=1)


def clocks() -> list[tuple]:
    return list(Clock.objects.order_by("obligation").values_list("obligation", "started_at", "stopped_at"))


@pytest.fixture
def overdue(paper):
    """一般, three working days from 25 March: due on 30 March, closed on 3 April."""
    return replace(paper, difficulty=Difficulty.ORDINARY)


def test_a_closed_row_has_the_whole_case_s_clock_and_no_other(paper, supervisor):
    enter(paper, supervisor)
    assert clocks() == [("case", MARCH, paper.closed_at)]
    sweep(now=MONDAY + HOUR)
    assert list(Card.objects.values_list("colour", flat=True)) == ["blue"]  # half of ten days, on 1 April


def test_cards_of_past_moments_are_issued_at_their_true_moment_and_told_to_nobody_anew(overdue, supervisor):
    enter(overdue, supervisor)
    sweep(now=MONDAY + HOUR)
    cards = list(
        Card.objects.order_by("at").values_list("colour", "at", "recorded_at", "department_id", "year")
    )
    then = [datetime(2026, 3, day, 8, 30, tzinfo=SHANGHAI) for day in (27, 31)]
    blue, yellow, red = (
        ("blue", then[0], None),
        ("yellow", then[1], 2026),
        ("red", datetime(2026, 4, 3, 8, 30, tzinfo=SHANGHAI), 2026),
    )
    assert [(colour, at, year) for colour, at, _, _, year in cards] == [blue, yellow, red]
    assert {(recorded_at, department) for *_, recorded_at, department, _ in cards} == {
        (MONDAY + HOUR, overdue.lead_id)
    }
    assert Notice.objects.filter(historical=False).count() == 0 < Notice.objects.count()
    assert unread_count(supervisor) == 0
    assert all(row.is_historical and not row.is_unread for row in notices_page(supervisor).rows)


def test_importing_on_another_day_and_sweeping_late_gives_the_same_cards(overdue, supervisor):
    enter(overdue, supervisor)
    sweep(now=MONDAY + HOUR)
    first = list(Card.objects.order_by("at").values_list("colour", "at", "obligation", "signal"))
    enter(
        replace(overdue, statement="同样的时间，另一件说得足够清楚的事情。"),
        supervisor,
        now=MONDAY + 9 * HOUR,
    )
    sweep(now=MONDAY + timedelta(days=30))
    second = Card.objects.exclude(case=Card.objects.first().case).order_by("at")
    assert list(second.values_list("colour", "at", "obligation", "signal")) == first


def test_what_is_still_open_owes_its_steps_from_when_it_came_into_the_portal(paper, supervisor, shijian):
    lead = Department.objects.get(code="S02").pk
    enter(replace(paper, lead_id=lead, outcome=None, closed_at=None, grade=None), supervisor)
    lapses = MONDAY + 32 * HOUR  # what a unit may do (退回) lapses, nothing is owed
    owed = [
        ("answer", MONDAY, None),
        ("case", MARCH, None),
        ("return", MONDAY, lapses),
        ("sign", MONDAY, None),
    ]
    assert clocks() == owed
    before = list(Clock.objects.order_by("pk").values_list())
    list(refold_all())
    assert list(Clock.objects.order_by("pk").values_list()) == before
    sweep(now=MONDAY + HOUR)
    assert {card.department_id for card in Card.objects.exclude(colour="blue")} == {lead}
    assert not Card.objects.filter(obligation__in=("sign", "answer")).exists()


def test_a_row_without_department_waits_for_a_dispatch_from_today(paper, supervisor):
    waiting = replace(paper, lead_id=None, co_ids=(), outcome=None, closed_at=None, grade=None)
    case = enter(waiting, supervisor)
    assert case.state == State.ACCEPTED.value
    assert clocks() == [("case", MARCH, None), ("dispatch", MONDAY, None)]


def test_a_unit_without_account_is_never_carded(overdue, supervisor):
    village = overdue.co_ids[0]
    enter(replace(overdue, lead_id=village, co_ids=(), outcome=None, closed_at=None, grade=None), supervisor)
    sweep(now=MONDAY + HOUR)
    assert clocks() == [("case", MARCH, None)]
    assert {(card.department_id, card.hall_id) for card in Card.objects.all()} == {(None, overdue.hall_id)}


def test_other_outcomes_end_the_clock_alike(paper, supervisor):
    enter(replace(paper, outcome=Outcome.HANDED_OVER), supervisor)
    assert clocks() == [("case", MARCH, paper.closed_at)]
