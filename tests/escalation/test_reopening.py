"""Until when a closed case may be taken up again, and what its clocks and cards are then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.rules.flow import State
from cases.services import aftercare
from escalation.models import Card, Clock
from escalation.selectors.reopening import reopen_until
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.conftest import MONDAY, SHANGHAI


def test_until_the_end_of_the_tenth_working_day_after_closing(case_in):
    assert reopen_until(case_in(State.CLOSED)) == datetime(2026, 12, 7, 17, 30, tzinfo=SHANGHAI)
    golden_week = case_in(State.CLOSED, now=datetime(2026, 9, 28, 10, tzinfo=SHANGHAI))
    assert reopen_until(golden_week) == datetime(2026, 10, 16, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("state", [State.FILED, State.HANDLING, State.REPLIED])
def test_there_is_no_such_moment_while_a_case_is_open(case_in, state):
    assert reopen_until(case_in(state)) is None


def test_a_reopened_case_starts_new_runs_and_new_cards(case_in, clerk):
    case = case_in(State.CLOSED)
    again = MONDAY + timedelta(days=7)
    case = aftercare.reopen_case(
        number=case.number,
        reason="还是没有办成。",
        new_facts=False,
        until=reopen_until(case),
        rule_version=1,
        actor=clerk,
        now=again,
    )
    running = Clock.objects.filter(case=case, stopped_at__isnull=True)
    assert set(running.values_list("obligation", flat=True)) == {"case", "dispatch"}
    clock = running.get(obligation="case")
    assert (clock.started_at, clock.limit_amount, clock.deemed) == (again, 3, False)
    assert clock.due_at == datetime(2026, 12, 3, 17, 30, tzinfo=SHANGHAI)
    sweep(now=again + timedelta(days=30))
    cards = Card.objects.filter(case=case).order_by("at", "pk")
    assert list(cards.values_list("obligation", "colour", "reopenings")) == [
        ("call_back", "blue", 0),
        ("dispatch", "blue", 1),
        ("case", "blue", 1),
        ("case", "yellow", 1),
        ("case", "red", 1),
    ]
    assert [done[1:] for done in refold_all()] == [(0, 0)]
