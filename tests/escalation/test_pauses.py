"""Suspensions end by themselves: written down once, at the true instant, without moving a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Event, Suspension
from cases.rules.flow import Act, State
from cases.selectors.causes import Span
from escalation.models import Clock, Notice
from escalation.selectors.pauses import days_lost, latest_end, review_due
from escalation.services.fold import fold_cases, rows_of
from escalation.services.pauses import end_pauses
from tests.cases.every_act import do, market
from tests.conftest import MONDAY, SHANGHAI

DAY = timedelta(days=1)
END = date(2026, 12, 4)
MIDNIGHT = datetime(2026, 12, 5, tzinfo=SHANGHAI)


@pytest.fixture
def still(case_in, supervisor):
    """A case and, in another, a share that stand still from Tuesday until 4 December."""
    cases = [case_in(State.HANDLING) for _ in range(2)]
    for case, whom in zip(cases, (None, market()), strict=True):
        do(
            Act.SUSPEND,
            case.number,
            supervisor,
            MONDAY + DAY,
            planned_end=END,
            latest_end=END,
            department_id=whom,
        )
    return cases


def test_it_ends_at_midnight_after_its_planned_day_however_late_the_sweep(still):
    assert end_pauses(now=MIDNIGHT - DAY / 24) == 0
    assert end_pauses(now=MIDNIGHT + 3 * DAY) == 2
    assert set(Suspension.objects.values_list("ended_on", flat=True)) == {END}
    events = Event.objects.filter(kind="resumed")
    assert {(e.happened_at, e.recorded_at, e.actor_id, e.role) for e in events} == {
        (MIDNIGHT, MIDNIGHT + 3 * DAY, None, "system")
    }
    assert all(e.data["by_itself"] and e.data["ended_on"] == "2026-12-04" for e in events)
    assert {e.share_id for e in events} == set(Suspension.objects.values_list("share_id", flat=True))


def test_twice_is_once(still):
    end_pauses(now=MIDNIGHT)
    assert end_pauses(now=MIDNIGHT + DAY) == 0
    assert Event.objects.filter(kind="resumed").count() == 2


def test_it_moves_no_clock_and_leaves_no_case_behind(still):
    ids = [case.pk for case in still]
    before = rows_of(ids)
    end_pauses(now=MIDNIGHT)
    for case in still:
        case.refresh_from_db()
        assert case.version == case.folded_version
    assert fold_cases(ids).written == 0
    assert rows_of(ids) == before
    assert Clock.objects.filter(case__in=ids).exists()


def test_the_window_and_the_departments_are_told(still):
    end_pauses(now=MIDNIGHT)
    told = Notice.objects.filter(kind="resumed")
    roles = set(told.values_list("case_id", "post__role"))
    assert {(case.pk, role) for case in still for role in ("clerk", "liaison")} <= roles


def test_a_case_that_was_closed_meanwhile_is_not_told_of(still, clerk):
    do(Act.WITHDRAW, still[0].number, clerk, MONDAY + 2 * DAY)
    assert end_pauses(now=MIDNIGHT) == 1


def test_a_share_that_answered_is_not_told_of_and_answers_again_without_a_pause(still, shijian, clerk):
    case = still[1]
    do(Act.ANSWER, case.number, shijian, MONDAY + 2 * DAY)
    do(Act.SEND_BACK, case.number, clerk, MONDAY + 3 * DAY)
    again = Clock.objects.get(case=case, obligation="answer", stopped_at=None)
    assert (again.paused_from, again.paused_until) == (None, None)
    assert end_pauses(now=MIDNIGHT) == 1
    assert not Event.objects.filter(case=case, kind="resumed").exists()


def test_many_cost_no_more_statements_than_two(still, case_in, supervisor):
    for _ in range(4):
        more = case_in(State.HANDLING)
        do(Act.SUSPEND, more.number, supervisor, MONDAY + DAY, planned_end=END, latest_end=END)
    with CaptureQueriesContext(connection) as captured:
        assert end_pauses(now=MIDNIGHT) == 6
    assert len(captured) <= 16


def test_lengths_reviews_and_losses_are_counted_in_working_days(city):
    assert latest_end(MONDAY.date(), MONDAY) == date(2026, 12, 21)
    assert review_due(MONDAY, MONDAY) == date(2026, 11, 30)
    spans = [
        Span(date(2026, 11, 25), END, None),
        Span(date(2026, 11, 25), END, date(2026, 11, 25)),
        Span(date(2026, 11, 20), END, date(2026, 11, 24), cases=3),
    ]
    assert days_lost(spans, date(2026, 11, 30)) == [3, 0, 6]
