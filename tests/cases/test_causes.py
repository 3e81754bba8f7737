"""Decisions about outside causes: who takes them, what is refused, what the list says."""

from __future__ import annotations

from datetime import date

import pytest

from cases.errors import BadInputError, IllegalMoveError, NotAllowedError, StaleScreenError
from cases.models import Suspension
from cases.rules.flow import State
from cases.selectors.causes import causes_page
from cases.services import causes
from tests.cases.causing import DAY, LATEST, RECORD, end, follow
from tests.conftest import MONDAY


def test_a_review_notes_what_was_learnt_and_may_renew_all(paused, supervisor):
    follow(MONDAY + DAY)
    asked = {"actor": supervisor, "now": MONDAY + 4 * DAY, "latest_end": date(2026, 12, 25)}
    causes.review_cause(paused.pk, learnt="省局说下周恢复。", planned_end=None, seen=1, **asked)
    assert follow(MONDAY + 4 * DAY) == 0
    with pytest.raises(BadInputError, match="最晚到 2026年12月25日"):
        causes.review_cause(paused.pk, learnt="还要等。", planned_end=date(2026, 12, 28), seen=1, **asked)
    causes.review_cause(paused.pk, learnt="还要等。", planned_end=date(2026, 12, 18), seen=1, **asked)
    assert follow(MONDAY + 4 * DAY) == 3
    assert set(Suspension.objects.values_list("planned_end", flat=True)) == {date(2026, 12, 18)}
    assert paused.reviews.count() == 2


def test_a_decision_taken_from_an_old_screen_is_refused(paused, supervisor):
    with pytest.raises(StaleScreenError):
        causes.end_cause(
            paused.pk, ended_at=MONDAY + DAY, ending="好了。", actor=supervisor, now=MONDAY + DAY, seen=0
        )


DECISIONS = {
    "join": lambda cause, case, **asked: causes.join_cases(cause.pk, [case.pk], **asked),
    "approve": lambda cause, case, **asked: causes.approve_cause(
        cause.pk, paused_from=MONDAY, latest_end=LATEST, seen=0, **asked
    ),
    "review": lambda cause, case, **asked: causes.review_cause(
        cause.pk, learnt="还要等。", planned_end=None, latest_end=LATEST, seen=0, **asked
    ),
    "end": lambda cause, case, **asked: causes.end_cause(
        cause.pk, ended_at=MONDAY, ending="好了。", seen=0, **asked
    ),
    "leave": lambda cause, case, **asked: causes.leave_cause(cause.pk, case.pk, **asked),
    "again": lambda cause, case, **asked: causes.try_again(cause.pk, **asked),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_only_the_supervisor_decides(cause, three, leader, clerk, viewer, decision):
    for actor in (leader, clerk, viewer):
        with pytest.raises(NotAllowedError):
            DECISIONS[decision](cause, three[0], actor=actor, now=MONDAY)


def test_only_the_supervisor_writes_a_cause_down(leader, clerk):
    for actor in (leader, clerk):
        with pytest.raises(NotAllowedError):
            causes.record_cause(RECORD, actor=actor, now=MONDAY)


REFUSED = {
    "已经批准过了": lambda cause, **asked: causes.approve_cause(
        cause.pk, paused_from=MONDAY, latest_end=LATEST, seen=1, **asked
    ),
    "续到的日期要晚于": lambda cause, **asked: causes.review_cause(
        cause.pk, learnt="早了。", planned_end=date(2026, 12, 1), latest_end=LATEST, seen=1, **asked
    ),
    "结束时间不能早于开始中止的时间": lambda cause, **asked: causes.end_cause(
        cause.pk, ended_at=MONDAY, ending="好了。", seen=1, **asked
    ),
    "结束时间不能晚于现在": lambda cause, **asked: causes.end_cause(
        cause.pk, ended_at=MONDAY + 9 * DAY, ending="好了。", seen=1, **asked
    ),
    "一次最多加入 500 件": lambda cause, **asked: causes.join_cases(cause.pk, range(501), **asked),
    "最多写 200 个字，现在多了 1 个": lambda cause, **asked: causes.end_cause(
        cause.pk, ended_at=MONDAY + DAY, ending="好" * 201, seen=1, **asked
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_is_refused_in_words(paused, supervisor, message):
    with pytest.raises((BadInputError, IllegalMoveError), match=message):
        REFUSED[message](paused, actor=supervisor, now=MONDAY + 2 * DAY)


@pytest.mark.parametrize(
    ("paused_from", "message"),
    [(MONDAY + DAY, "不能晚于现在"), (MONDAY - 9 * DAY, "不能早于这个原因开始的日期")],
    ids=["future", "before"],
)
def test_a_pause_begins_neither_in_the_future_nor_before_its_cause(cause, supervisor, paused_from, message):
    asked = {"paused_from": paused_from, "latest_end": LATEST, "actor": supervisor, "now": MONDAY}
    with pytest.raises(BadInputError, match=message):
        causes.approve_cause(cause.pk, seen=0, **asked)


def test_what_has_ended_or_run_out_is_not_joined(paused, case_in, supervisor):
    late, asked = case_in(State.HANDLING), {"actor": supervisor}
    with pytest.raises(IllegalMoveError, match="请先复核、续到新的日期"):
        causes.join_cases(paused.pk, [late.pk], now=MONDAY.replace(month=12, day=14), **asked)
    end(paused, MONDAY + 2 * DAY, supervisor)
    with pytest.raises(IllegalMoveError, match="已经结束，不能再加入"):
        causes.join_cases(paused.pk, [late.pk], now=MONDAY + 3 * DAY, **asked)


def test_what_is_not_approved_is_neither_reviewed_nor_ended(cause, supervisor):
    with pytest.raises(IllegalMoveError, match="还没有批准"):
        causes.end_cause(cause.pk, ended_at=MONDAY, ending="好了。", actor=supervisor, now=MONDAY, seen=0)


def test_the_list_counts_cases_people_and_what_stood_still(paused, case_in, supervisor):
    from cases.services.content import Person

    other = case_in(State.HANDLING, people=(Person(name="程女士", phone="13000000040", notify_by="sms"),))
    causes.join_cases(paused.pk, [other.pk], actor=supervisor, now=MONDAY + DAY)
    follow(MONDAY + DAY)
    (line,), more = causes_page(ended=False)
    assert (line.cases, line.people, line.problems, sum(span.cases for span in line.spans), more) == (
        4,
        2,
        0,
        4,
        None,
    )
