"""What pages read: the clock of a case and of a share, overdue work, explanations, health; at a fixed price."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Share
from cases.rules.classes import Conclusion, ContactWay
from cases.rules.flow import State
from cases.services import handling
from escalation.rules.explain import StepKind
from escalation.rules.obligations import Obligation
from escalation.rules.standing import Tone
from escalation.selectors import (
    case_clocks,
    due_of,
    dues_of,
    explain_due,
    health,
    overdue_clocks,
    share_dues,
    years_missing,
)
from escalation.services.sweep import sweep
from tests.conftest import MONDAY, SHANGHAI

DUE = datetime(2026, 11, 26, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("state", "label", "due_at"),
    [
        (State.FILED, "受理时限", datetime(2026, 11, 24, 17, 30, tzinfo=SHANGHAI)),
        (State.HANDLING, "办结时限", DUE),
        (State.CLOSED, "办结时限", DUE),
    ],
)
def test_one_clock_stands_for_the_case(case_in, state, label, due_at):
    clock = due_of(case_in(state).pk, MONDAY)
    assert (clock.label, clock.due_at) == (label, due_at)


def test_a_case_without_clocks_has_none(city):
    assert due_of(1, MONDAY) is None
    assert case_clocks([1], MONDAY) == {1: []}


@pytest.mark.parametrize(
    ("now", "tone", "text"),
    [
        (MONDAY, Tone.CALM, "剩 3 个工作日"),
        (DUE - timedelta(days=1), Tone.SOON, "剩 1 个工作日"),
        (DUE - timedelta(hours=1), Tone.TODAY, "今日到期，剩 1 小时"),
        (DUE, Tone.TODAY, "今日到期，剩不到 1 分钟"),
        (DUE + timedelta(minutes=1), Tone.OVERDUE, "今日已到期"),
        (DUE + timedelta(days=1), Tone.OVERDUE, "超期 1 个工作日"),
    ],
)
def test_how_a_clock_stands_is_said_in_working_time(case_in, now, tone, text):
    standing = due_of(case_in(State.HANDLING).pk, now).standing
    assert (standing.tone, standing.text) == (tone, text)


def test_a_department_sees_the_clock_of_its_share(case_in):
    share = Share.objects.get(case=case_in(State.HANDLING))
    (clock,) = share_dues([share.pk], MONDAY).values()
    sign_by = datetime(2026, 11, 23, 16, tzinfo=SHANGHAI)  # four office hours after 09:30
    assert (clock.obligation, clock.due_at, clock.is_running) == (Obligation.SIGN, sign_by, True)


def test_a_share_that_is_signed_shows_its_next_clock_and_one_answered_its_last(case_in, shijian):
    share = Share.objects.get(case=case_in(State.HANDLING))
    asked = {"number": share.case.number, "actor": shijian}
    handling.sign_share(**asked, now=MONDAY + timedelta(minutes=5))
    assert share_dues([share.pk], MONDAY)[share.pk].obligation is Obligation.CONTACT
    handling.contact_reporter(**asked, way=ContactWay.PHONE, reached=True, now=MONDAY + timedelta(minutes=9))
    assert share_dues([share.pk], MONDAY)[share.pk].due_at == DUE
    handling.answer_share(
        **asked, conclusion=Conclusion.DONE, text="执照已打印。", now=MONDAY + timedelta(minutes=20)
    )
    shown = share_dues([share.pk], MONDAY)[share.pk]
    assert (shown.obligation, shown.is_running) == (Obligation.ANSWER, False)


def test_overdue_work_is_listed_longest_first_as_far_as_the_actor_sees(case_in, supervisor, dongqu, shijian):
    late, later = case_in(State.HANDLING), case_in(State.ACCEPTED, now=MONDAY + timedelta(hours=7))
    now = DUE + timedelta(days=10)
    found = overdue_clocks(supervisor, now)
    assert [(c.case_id, c.obligation.value) for _, c in found] == [
        (late.pk, "sign"),
        (later.pk, "dispatch"),
        (late.pk, "case"),
        (late.pk, "answer"),
        (later.pk, "case"),
    ]
    assert {c.case_id for _, c in overdue_clocks(shijian, now)} == {late.pk}
    assert overdue_clocks(dongqu, now) == []
    assert overdue_clocks(supervisor, DUE, obligations=[Obligation.CASE]) == []
    (first, second), rest = found[:2], found[2:]  # a page of two and the next
    assert overdue_clocks(supervisor, now, after=(second[1].due_at, second[0])) == rest
    assert first


def test_the_explanation_is_that_of_the_stored_clock(case_in):
    case = case_in(State.HANDLING)
    clock = due_of(case.pk, MONDAY)
    steps = explain_due(case.pk, clock)
    assert [step.kind for step in steps] == [
        StepKind.RECEIVED,
        StepKind.DAY_ZERO,
        *[StepKind.COUNTED] * 3,
        StepKind.DUE,
        StepKind.VERSIONS,
    ]
    assert steps[-2].text == "2026年11月26日（周四）17:30 到期，以当日下班时间为止（民法典第二百零三条）。"
    assert steps[-1].text == "按工作日历第 1 版（2026年：国办发明电〔2025〕7号）、规则第 1 版计算。"


def test_lists_cost_two_queries_whatever_their_length(case_in, supervisor):
    now = DUE + timedelta(days=10)
    for count in (1, 5):
        ids = [case_in(State.HANDLING).pk for _ in range(count)]
        shares = list(Share.objects.values_list("pk", flat=True))
        dues_of(ids, now)
        for read in (
            lambda ids=ids: case_clocks(ids, now),
            lambda ids=ids: dues_of(ids, now),
            lambda shares=shares: share_dues(shares, now),
            lambda: overdue_clocks(supervisor, now),
        ):
            with CaptureQueriesContext(connection) as captured:
                read()
            assert len(captured) == 2


def test_health_tells_what_lags_and_when_the_last_sweep_was(case_in):
    case = case_in(State.HANDLING)
    assert health(MONDAY) == {
        "lagging_folds": 0,
        "owed_notices": 0,
        "last_sweep": None,
        "beat": None,
        "calendar_years_missing": [2027],
        "changes_halted": 0,
    }
    sweep(now=MONDAY)
    Case.objects.filter(pk=case.pk).update(folded_version=0)
    told = health(MONDAY + timedelta(seconds=40))
    assert (told["lagging_folds"], told["last_sweep"], told["beat"]) == (1, MONDAY, 40.0)


@pytest.mark.parametrize(
    ("day", "missing"),
    [("2026-10-31", []), ("2026-11-01", [2027]), ("2027-01-01", [2027]), ("2027-11-01", [2027, 2028])],
)
def test_next_years_notice_is_missed_from_the_first_of_november(city, day, missing):
    assert years_missing(datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=SHANGHAI)) == missing
