"""The sweep: true instants, late or early; bad cases left aside; the same price for one clock and for many."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.rules.flow import State
from cases.services.additions import withdraw_case
from escalation.models import Card, Clock, SweepRun
from escalation.services.sweep import KEEP_RUNS, sweep
from tests.conftest import MONDAY, SHANGHAI

SOON, OVERDUE, RED = (datetime(2026, *day, 8, 30, tzinfo=SHANGHAI) for day in ((11, 25), (11, 27), (12, 2)))
LATER = RED + timedelta(days=30)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def standing_of(case: Case, obligation: str = "case") -> tuple[datetime, datetime | None]:
    return Clock.objects.values_list("judged_until", "next_signal_at").get(case=case, obligation=obligation)


def everything() -> list[tuple]:
    """Where every clock stands; but for the right to appeal, which runs from when a card became known."""
    found = Clock.objects.exclude(obligation="appeal").order_by("case", "obligation", "share_id", "run")
    return list(found.values_list("case", "obligation", "judged_until", "next_signal_at"))


@pytest.mark.parametrize(
    ("now", "judged", "ahead"),
    [
        (SOON - MINUTE, MONDAY, SOON),
        (SOON, SOON, OVERDUE),
        (OVERDUE - MINUTE, SOON, OVERDUE),
        (OVERDUE + HOUR, OVERDUE, RED),
        (LATER, RED, None),
    ],
)
def test_a_clock_stands_at_the_true_instant_of_its_last_signal(case_in, now, judged, ahead):
    case = case_in(State.HANDLING)
    sweep(now=now)
    assert standing_of(case) == (judged, ahead)


def test_a_week_without_a_sweep_ends_like_a_sweep_each_minute(case_in):
    for state, start in (
        (State.FILED, MONDAY),
        (State.HANDLING, MONDAY),
        (State.CLOSED, MONDAY - 7 * 24 * HOUR),
    ):
        case_in(state, now=start)
    with transaction.atomic():
        point = transaction.savepoint()
        for instant in (SOON, OVERDUE, RED):
            for minute in range(-20, 20):
                sweep(now=instant + minute * MINUTE)
        frequent = everything()
        transaction.savepoint_rollback(point)
    sweep(now=RED + 20 * MINUTE)
    assert everything() == frequent


def test_a_clock_that_stopped_in_time_earns_nothing_and_one_that_stopped_late_does(case_in, clerk):
    case = case_in(State.HANDLING)
    for stopped_at, earned in ((OVERDUE, {"blue"}), (OVERDUE + MINUTE, {"blue", "yellow"})):
        with transaction.atomic():
            withdraw_case(number=case.number, actor=clerk, now=stopped_at)
            sweep(now=LATER)
            assert set(Card.objects.filter(case=case).values_list("colour", flat=True)) == earned
            transaction.set_rollback(True)


def test_a_stopped_clock_is_looked_at_until_its_last_signal_before_the_stop(case_in):
    """Closed late and swept later still: the signals before the closing are judged, those after are not."""
    case_in(State.HANDLING)
    case = case_in(State.CLOSED)
    assert standing_of(case)[1] is None
    ahead = Clock.objects.filter(case=case, next_signal_at__isnull=False)
    assert list(ahead.values_list("obligation", flat=True)) == ["call_back"]


def test_a_lagging_case_is_folded_before_it_is_judged(case_in):
    case = case_in(State.CLOSED)
    Clock.objects.filter(case=case, obligation="case").update(stopped_at=None, next_signal_at=SOON)
    Case.objects.filter(pk=case.pk).update(folded_version=1)
    run = sweep(now=LATER)
    assert (run.refolded, run.errors) == (1, 0)
    assert standing_of(case) == (MONDAY, None)


def test_one_bad_case_does_not_stop_the_others(case_in):
    bad, good = case_in(State.HANDLING), case_in(State.HANDLING)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_event (case_id, version, kind, role, happened_at, recorded_at, data, prev_hash, hash)"
            " VALUES (%s, 9, 'nonsense', 'clerk', %s, %s, '{}', '', 'x')",
            [bad.pk, MONDAY, MONDAY],
        )
    Case.objects.filter(pk=bad.pk).update(version=9)
    run = sweep(now=LATER)
    assert (run.errors, standing_of(good)) == (1, (RED, None))
    assert standing_of(bad) == (MONDAY, SOON)


def test_each_sweep_leaves_proof_and_old_proof_goes(case_in):
    case_in(State.HANDLING)
    SweepRun.objects.create(as_of=SOON - KEEP_RUNS - HOUR, started_at=MONDAY)
    run = SweepRun.objects.get(pk=sweep(now=SOON).pk)
    assert (run.as_of, run.examined, run.moved, run.errors) == (SOON, 3, 3, 0)
    assert run.cards == 1  # one reminder an instant: the late signing goes before what will soon be due
    assert run.finished_at >= run.started_at
    assert SweepRun.objects.count() == 1


def test_a_sweep_costs_the_same_queries_for_one_case_and_for_ten(case_in):
    costs = []
    for cases in (0, 1, 10):
        for _ in range(cases):
            case_in(State.HANDLING)
        with CaptureQueriesContext(connection) as captured:
            sweep(now=LATER)
        costs.append(len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert costs[1] == costs[2] <= 32  # with cards of all colours, events, notices and the clocks of appeals
    assert costs[0] == 5


def test_an_idle_sweep_reads_the_partial_index(case_in):
    case_in(State.HANDLING)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT next_signal_at, id, case_id FROM escalation_clock"
            " WHERE next_signal_at <= now() ORDER BY next_signal_at, id LIMIT 500"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "clock_next_signal" in plan
