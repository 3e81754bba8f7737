"""What is promised before the clerk presses is what the clock then says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.models import Department
from cases.rules.classes import Difficulty, ShareRole
from cases.rules.flow import Act, State
from escalation.models import Clock
from escalation.selectors import case_clocks
from escalation.selectors.promises import promises, share_promises
from tests.cases.every_act import do
from tests.conftest import MONDAY, SHANGHAI

DAY = timedelta(days=1)
END = date(2026, 12, 4)


def special(case, clerk, supervisor) -> None:
    """Accepted as 复杂 and found to be 特殊 the same day: ten working days."""
    do(Act.ACCEPT, case.number, clerk, MONDAY, difficulty=Difficulty.COMPLEX)
    do(Act.RECLASSIFY, case.number, supervisor, MONDAY, difficulty=Difficulty.SPECIAL)


def nothing(case, supervisor) -> None:
    """The case goes its ordinary way."""


def suspend(case, supervisor) -> None:
    do(Act.SUSPEND, case.number, supervisor, MONDAY + 2 * DAY, planned_end=END, latest_end=END)


def suspend_for_a_day(case, supervisor) -> None:
    """Time stood still and runs again."""
    suspend(case, supervisor)
    do(Act.RESUME, case.number, supervisor, MONDAY + 3 * DAY)


def extend(case, supervisor) -> None:
    due_at = Clock.objects.get(case=case, obligation="case").due_at
    do(Act.EXTEND, case.number, supervisor, MONDAY + DAY, days=3, until=due_at, due_at=due_at)


@pytest.mark.parametrize("happened", [nothing, suspend, suspend_for_a_day, extend])
@pytest.mark.parametrize("days", [3, 30])
def test_a_department_owes_what_was_promised(case_in, clerk, supervisor, happened, days):
    case = case_in(State.FILED)
    special(case, clerk, supervisor)
    happened(case, supervisor)
    now = MONDAY + days * DAY
    promised = share_promises(case_clocks([case.pk], now)[case.pk], now)
    helper = Department.objects.get(code="S04").pk
    do(Act.DISPATCH, case.number, clerk, now, co_department_ids=[helper])
    roles = dict(case.shares.values_list("pk", "role"))
    clocks = Clock.objects.filter(case=case, obligation="answer")
    owed = {ShareRole(roles[clock.share_id]): (clock.due_at, clock.provisional) for clock in clocks}
    assert owed == {role: (one.due_at, one.provisional) for role, one in promised.items()}


def test_half_of_a_case_that_stands_still_is_half_of_the_days_that_run(case_in, clerk, supervisor):
    case = case_in(State.FILED)
    special(case, clerk, supervisor)
    suspend(case, supervisor)
    now = MONDAY + 3 * DAY
    promised = share_promises(case_clocks([case.pk], now)[case.pk], now)
    assert f"{promised[ShareRole.CO].due_at.astimezone(SHANGHAI):%m-%d %H:%M}" == "12-10 17:30"
    assert promised[ShareRole.CO].limit_text == "整件剩余时限的一半"


def test_before_acceptance_no_department_is_promised_anything(case_in):
    case = case_in(State.FILED)
    assert share_promises(case_clocks([case.pk], MONDAY)[case.pk], MONDAY) == {}


def test_a_reporter_is_promised_what_the_case_then_owes(case_in, clerk):
    case = case_in(State.FILED)
    promised = promises(case.hall_id, list(Difficulty), MONDAY)
    do(Act.ACCEPT, case.number, clerk, MONDAY, difficulty=Difficulty.COMPLEX)
    assert Clock.objects.get(case=case, obligation="case").due_at == promised[Difficulty.COMPLEX].due_at
