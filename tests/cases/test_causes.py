"""Outside causes: one decision for many cases, each in its own transaction; what refuses says why and stops nobody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.errors import BadInputError, IllegalMoveError, NotAllowedError, StaleScreenError
from cases.models import Case, CauseCase, Event, Suspension
from cases.rules.causes import CauseKind
from cases.rules.flow import Act, State
from cases.selectors.causes import cause_sentence, causes_page
from cases.services import causes, waiting
from tests.cases.every_act import do
from tests.conftest import MONDAY

DAY = timedelta(days=1)
END, LATEST = date(2026, 12, 10), date(2026, 12, 21)
SENTENCE = "省级系统正在升级，恢复后我们马上接着办。"
RECORD = causes.Record(
    kind=CauseKind.SYSTEM,
    title="省市场监管业务平台",
    since=date(2026, 11, 20),
    evidence="省平台通知〔2026〕31号",
    asked="市市场监督管理局向省局信息中心报修",
    sentence=SENTENCE,
    planned_end=END,
)


@pytest.fixture
def cause(supervisor):
    return causes.record_cause(RECORD, actor=supervisor, now=MONDAY)


@pytest.fixture
def three(case_in) -> list[Case]:
    return [case_in(State.HANDLING) for _ in range(3)]


def follow(now, cause=None) -> int:
    return waiting.carry_out(now=now, cause_id=cause and cause.pk)


@pytest.fixture
def paused(cause, three, supervisor):
    """A cause approved on Tuesday for three cases, from Monday noon on."""
    causes.join_cases(cause.pk, [case.pk for case in three], actor=supervisor, now=MONDAY)
    noon = MONDAY.replace(hour=12)
    causes.approve_cause(
        cause.pk, paused_from=noon, latest_end=LATEST, actor=supervisor, now=MONDAY + DAY, seen=0
    )
    return cause


def test_one_approval_pauses_all_from_the_given_moment_and_one_end_lets_all_run(paused, three, supervisor):
    assert not Suspension.objects.exists()
    assert follow(MONDAY + DAY) == 3
    rows = Suspension.objects.values_list("case_id", "from_on", "planned_end", "cause_id")
    assert set(rows) == {(case.pk, MONDAY.date(), END, paused.pk) for case in three}
    assert {event.actor_id for event in Event.objects.filter(kind="suspended")} == {supervisor.user_id}
    assert cause_sentence(three[0].pk) == SENTENCE
    causes.end_cause(
        paused.pk,
        ended_at=MONDAY + 2 * DAY,
        ending="系统恢复。",
        actor=supervisor,
        now=MONDAY + 3 * DAY,
        seen=1,
    )
    assert follow(MONDAY + 3 * DAY) == 3
    assert set(Suspension.objects.values_list("ended_on", flat=True)) == {date(2026, 11, 25)}
    assert cause_sentence(three[0].pk) == ""


def test_the_job_may_be_killed_between_two_cases_and_repeated(paused):
    assert waiting.carry_out(now=MONDAY + DAY, limit=1) == 1
    assert follow(MONDAY + DAY) == 2
    assert follow(MONDAY + DAY) == 0
    assert Event.objects.filter(kind="suspended").count() == 3


def test_a_case_that_cannot_be_paused_says_why_and_stops_nobody(paused, three, supervisor, clerk):
    closed, standing, fine = three
    do(Act.WITHDRAW, closed.number, clerk, MONDAY + DAY)
    do(Act.SUSPEND, standing.number, supervisor, MONDAY + DAY, planned_end=END)
    assert follow(MONDAY + DAY) == 3
    problems = dict(CauseCase.objects.values_list("case_id", "problem"))
    assert problems[closed.pk] == "这件事现在是“已撤回”，不能中止计时。"
    assert problems[standing.pk].startswith("已经在中止计时，到 2026年12月10日")
    assert problems[fine.pk] == ""
    do(Act.RESUME, standing.number, supervisor, MONDAY + 2 * DAY)
    assert causes.try_again(paused.pk, actor=supervisor, now=MONDAY + 2 * DAY) == 2
    follow(MONDAY + 2 * DAY)
    assert list(CauseCase.objects.exclude(problem="").values_list("case_id", flat=True)) == [closed.pk]


def test_who_joins_after_the_approval_stands_still_from_then_on(paused, case_in, supervisor):
    follow(MONDAY + DAY)
    late = case_in(State.HANDLING)
    assert causes.join_cases(paused.pk, [late.pk], actor=supervisor, now=MONDAY + 3 * DAY) == 1
    follow(MONDAY + 4 * DAY)
    assert causes.join_cases(paused.pk, [late.pk], actor=supervisor, now=MONDAY + 4 * DAY) == 0
    assert Suspension.objects.get(case=late).from_on == date(2026, 11, 26)


def test_a_case_accepted_later_stands_still_from_its_acceptance(cause, case_in, supervisor):
    young = case_in(State.HANDLING, now=MONDAY + 2 * DAY)
    causes.join_cases(cause.pk, [young.pk], actor=supervisor, now=MONDAY + 2 * DAY)
    causes.approve_cause(
        cause.pk, paused_from=MONDAY, latest_end=LATEST, actor=supervisor, now=MONDAY + 2 * DAY, seen=0
    )
    follow(MONDAY + 2 * DAY)
    assert Suspension.objects.get(case=young).from_on == date(2026, 11, 25)


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


def test_one_case_may_wait_no_longer_and_join_again(paused, three, supervisor):
    follow(MONDAY + DAY)
    case = three[0]
    causes.leave_cause(paused.pk, case.pk, actor=supervisor, now=MONDAY + 2 * DAY)
    follow(MONDAY + 2 * DAY)
    assert Suspension.objects.get(case=case).ended_on == date(2026, 11, 25)
    assert causes.join_cases(paused.pk, [case.pk], actor=supervisor, now=MONDAY + 3 * DAY) == 1
    follow(MONDAY + 3 * DAY)
    assert Suspension.objects.get(case=case, ended_on=None).from_on == date(2026, 11, 26)
    assert Suspension.objects.filter(ended_on=None).count() == 3


def test_a_decision_taken_from_an_old_screen_is_refused(paused, supervisor):
    with pytest.raises(StaleScreenError):
        causes.end_cause(
            paused.pk, ended_at=MONDAY + DAY, ending="好了。", actor=supervisor, now=MONDAY + DAY, seen=0
        )


def test_only_the_supervisor_decides(cause, leader, clerk):
    for actor in (leader, clerk):
        with pytest.raises(NotAllowedError):
            causes.record_cause(RECORD, actor=actor, now=MONDAY)
        with pytest.raises(NotAllowedError):
            causes.end_cause(cause.pk, ended_at=MONDAY, ending="好了。", actor=actor, now=MONDAY, seen=0)


def test_what_is_not_approved_is_neither_reviewed_nor_ended(cause, supervisor):
    with pytest.raises(IllegalMoveError, match="还没有批准"):
        causes.end_cause(cause.pk, ended_at=MONDAY, ending="好了。", actor=supervisor, now=MONDAY, seen=0)


def test_the_list_counts_cases_people_and_what_stood_still(paused, case_in, supervisor):
    from cases.services.content import Person

    other = case_in(State.HANDLING, people=(Person(name="程女士", phone="13000000040", notify_by="sms"),))
    causes.join_cases(paused.pk, [other.pk], actor=supervisor, now=MONDAY + DAY)
    follow(MONDAY + DAY)
    (line,), more = causes_page(ended=False)
    assert (line.cases, line.people, line.problems, len(line.spans), more) == (4, 2, 0, 4, None)
