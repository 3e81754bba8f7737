"""The job of an outside cause: workers who meet on the same cases, and one who is killed, leave one suspension for each."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from cases.models import CauseCase, Event, Suspension
from cases.rules.flow import State
from cases.selectors.chain import faults
from cases.services import causes, waiting
from tests.cases.causing import LATEST, RECORD
from tests.conftest import MONDAY, Filing, actor_named, seed_city
from tests.escalation.test_races import together

DAY = timedelta(days=1)
NEW_END = date(2026, 12, 18)


class KilledError(BaseException):
    """What a worker that is killed leaves behind: nothing of the transaction it was in."""


@pytest.mark.django_db(transaction=True)
def test_workers_who_meet_and_decisions_meanwhile_leave_every_case_where_its_cause_stands():
    seed_city()
    filing, supervisor = Filing(), actor_named("supervisor")
    cases = [filing(State.HANDLING) for _ in range(8)]
    cause = causes.record_cause(RECORD, actor=supervisor, now=MONDAY)
    causes.join_cases(cause.pk, [case.pk for case in cases], actor=supervisor, now=MONDAY)
    now, asked = MONDAY + DAY, {"actor": supervisor, "now": MONDAY + DAY, "latest_end": LATEST}
    causes.approve_cause(cause.pk, paused_from=MONDAY, seen=0, **asked)

    def work() -> None:
        waiting.carry_out(clock=lambda: now)

    def renew() -> None:
        causes.review_cause(cause.pk, learnt="还要等。", planned_end=NEW_END, seen=1, **asked)

    def leave() -> None:
        causes.leave_cause(cause.pk, cases[0].pk, actor=supervisor, now=now)

    together([work, work, renew, leave, work])
    waiting.carry_out(clock=lambda: now)
    assert not waiting.pending().exists()
    assert not CauseCase.objects.exclude(problem="").exists()
    still = Suspension.objects.filter(ended_on=None)
    assert set(still.values_list("case_id", flat=True)) == {case.pk for case in cases[1:]}
    assert set(still.values_list("planned_end", flat=True)) == {NEW_END}
    assert Event.objects.filter(kind="suspended").count() in (7, 8)
    assert list(faults([case.number for case in cases])) == []
    connection.close()


def test_who_is_killed_in_the_middle_loses_one_case_of_work_and_nothing_else(
    case_in, supervisor, monkeypatch
):
    cases = [case_in(State.HANDLING) for _ in range(3)]
    cause = causes.record_cause(RECORD, actor=supervisor, now=MONDAY)
    causes.join_cases(cause.pk, [case.pk for case in cases], actor=supervisor, now=MONDAY)
    causes.approve_cause(
        cause.pk, paused_from=MONDAY, latest_end=LATEST, actor=supervisor, now=MONDAY + DAY, seen=0
    )
    real, calls = waiting._bring_about, []

    def killed_on_the_second(member, now):
        found = real(member, now)
        calls.append(member.pk)
        if len(calls) == 2:
            raise KilledError
        return found

    monkeypatch.setattr(waiting, "_bring_about", killed_on_the_second)
    with pytest.raises(KilledError):
        waiting.carry_out(clock=lambda: MONDAY + DAY)
    assert Suspension.objects.count() == 1
    monkeypatch.undo()
    assert waiting.carry_out(clock=lambda: MONDAY + DAY) == 2
    assert Suspension.objects.count() == 3
    versions = Event.objects.filter(case=cases[1]).order_by("version").values_list("version", flat=True)
    assert all(later == earlier + 1 for earlier, later in pairwise(versions))
