"""Acts fold their case at once; folding again changes no row; a fold that failed heals."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Department
from cases.rules.classes import Difficulty
from cases.rules.flow import State
from cases.selectors.timelines import lagging_case_ids
from cases.services import handling, intake
from escalation.models import Clock
from escalation.rules.holiday_notices import parse_csv
from escalation.services.fold import fold_cases
from escalation.services.national import default_rules
from escalation.services.packages import save_rules
from escalation.services.refold import refold_all
from escalation.services.sweep import refold_lagging
from tests.conftest import MONDAY, SHANGHAI, actor_named
from tests.noticed import load_notice


def rows() -> list[tuple]:
    """All clocks as stored, with xmin: a row that was written again shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, * FROM escalation_clock ORDER BY id")
        return cursor.fetchall()


def running(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, stopped_at__isnull=True).values_list("obligation", flat=True))


@pytest.mark.parametrize(
    ("state", "owed"),
    [
        (State.FILED, {"acceptance"}),
        (State.ACCEPTED, {"dispatch", "case"}),
        (State.HANDLING, {"case", "sign", "answer"}),
        (State.ANSWERED, {"case", "check"}),
        (State.REPLIED, {"case"}),
        (State.CLOSED, {"call_back"}),
        (State.REDIRECTED, set()),
    ],
)
def test_each_act_leaves_the_clocks_of_its_state(case_in, state, owed):
    case = case_in(state)
    assert running(case) == owed
    case.refresh_from_db()
    assert case.folded_version == case.version


def test_the_due_moment_of_an_ordinary_case(case_in):
    clock = Clock.objects.get(case=case_in(State.HANDLING), obligation="case")
    assert clock.due_at == datetime(2026, 11, 26, 17, 30, tzinfo=SHANGHAI)
    assert (clock.limit_amount, clock.limit_unit, clock.calendar_version, clock.rule_version) == (
        3,
        "days",
        1,
        1,
    )


def test_folding_again_writes_no_row(case_in):
    ids = [case_in(state).pk for state in (State.FILED, State.HANDLING, State.CLOSED)]
    before = rows()
    assert fold_cases(ids)[1:] == (0, 0)
    assert [done[1:] for done in refold_all()] == [(0, 0)]
    assert rows() == before


def test_a_row_that_was_spoilt_is_put_right_and_a_strange_one_removed(case_in):
    case = case_in(State.HANDLING)
    good = set(Clock.objects.values_list("obligation", "due_at", "stopped_at", "next_signal_at"))
    Clock.objects.filter(obligation="case").update(due_at=MONDAY, next_signal_at=None)
    strange = Clock.objects.get(obligation="answer")
    strange.pk, strange.run = None, 99
    strange.save()
    assert fold_cases([case.pk])[1:] == (1, 1)
    assert set(Clock.objects.values_list("obligation", "due_at", "stopped_at", "next_signal_at")) == good


def test_folding_costs_the_same_queries_for_one_case_and_for_ten(case_in):
    costs = []
    for count in (1, 10):
        ids = [case_in(State.HANDLING).pk for _ in range(count)]
        Clock.objects.filter(case_id__in=ids, obligation="case").update(due_at=MONDAY)
        with CaptureQueriesContext(connection) as captured:
            fold_cases(ids)
        costs.append(len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert costs[0] == costs[1] <= 7


def test_a_fold_that_fails_never_stops_the_counter_and_heals_later(case_in, caplog):
    case = case_in(State.FILED)
    accepted = intake.accept_case(
        number=case.number,
        difficulty=Difficulty.ORDINARY,
        rule_version=7,
        actor=actor_named("clerk"),
        now=MONDAY,
    )
    assert accepted.state == State.ACCEPTED.value
    assert "left to the sweep" in caplog.text
    assert lagging_case_ids(10) == [case.pk]
    assert refold_lagging(now=MONDAY).errors == 1  # there is still no version 7
    assert running(case) == {"acceptance"}

    save_rules(
        default_rules() | {"version": 7, "effective_from": "2030-01-01"}, entered_by="测试", now=MONDAY
    )
    healed = refold_lagging(now=MONDAY)
    assert (healed.refolded, healed.errors) == (1, 0)
    assert running(case) == {"dispatch", "case"}
    assert lagging_case_ids(10) == []


def test_one_bad_case_does_not_keep_others_from_healing(case_in):
    bad, good = case_in(State.FILED), case_in(State.FILED)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_event (case_id, version, kind, role, happened_at, recorded_at, data, prev_hash, hash)"
            " VALUES (%s, 2, 'nonsense', 'clerk', %s, %s, '{}', '', 'x')",
            [bad.pk, MONDAY, MONDAY],
        )
    Case.objects.filter(pk=bad.pk).update(version=2)
    Case.objects.filter(pk=good.pk).update(folded_version=0)
    tally = refold_lagging(now=MONDAY)
    assert (tally.refolded, tally.errors) == (1, 1)
    assert lagging_case_ids(10) == [bad.pk]


def test_a_new_calendar_moves_open_clocks_by_batch_only_and_stopped_ones_never(case_in):
    case, closed = case_in(State.HANDLING), case_in(State.CLOSED)
    before = rows()
    storm = parse_csv("day,kind,name\n2026-11-24,休,台风停工\n", scope="city", document="岐三防〔2026〕8号")
    assert load_notice(storm, now=MONDAY) == 2
    fold_cases([case.pk, closed.pk])
    assert rows() == before

    fold_cases([case.pk, closed.pk], open_at=MONDAY)
    moved = {c.obligation: c for c in Clock.objects.filter(case=case)}
    assert (moved["case"].calendar_version, moved["case"].due_at) == (
        2,
        datetime(2026, 11, 27, 17, 30, tzinfo=SHANGHAI),
    )
    assert moved["acceptance"].calendar_version == 1
    ended = Clock.objects.filter(case=closed).exclude(obligation="call_back")
    assert set(ended.values_list("calendar_version", flat=True)) == {1}

    after = rows()
    fold_cases([case.pk, closed.pk], open_at=MONDAY)
    list(refold_all())
    assert rows() == after


def test_an_act_on_an_old_calendar_does_not_move_its_case_silently(case_in):
    case = case_in(State.ACCEPTED)
    storm = parse_csv("day,kind,name\n2026-11-24,休,台风停工\n", scope="city", document="岐三防〔2026〕8号")
    load_notice(storm, now=MONDAY)
    handling.dispatch_case(
        number=case.number,
        department_id=Department.objects.get(code="S02").pk,
        actor=actor_named("clerk"),
        now=MONDAY + timedelta(minutes=5),
    )
    versions = dict(Clock.objects.filter(case=case).values_list("obligation", "calendar_version"))
    assert versions == {"acceptance": 1, "dispatch": 1, "case": 1, "sign": 2, "return": 2, "answer": 2}


def test_a_back_dated_act_counts_from_when_it_happened(case_in, clerk):
    case = case_in(State.FILED, now=MONDAY - timedelta(days=7))
    intake.accept_case(
        number=case.number,
        difficulty=Difficulty.ORDINARY,
        rule_version=1,
        actor=clerk,
        now=MONDAY,
        happened_at=MONDAY - timedelta(days=7) + timedelta(hours=1),
    )
    clock = Clock.objects.get(case=case, obligation="case")
    assert (clock.deemed, clock.due_at) == (False, datetime(2026, 11, 19, 17, 30, tzinfo=SHANGHAI))
