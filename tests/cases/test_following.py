"""Cases follow what was decided about their outside cause, however late; what refuses says why and stops nobody."""

from __future__ import annotations

from datetime import date

from cases.models import CauseCase, Event, Suspension
from cases.rules.flow import Act, State
from cases.rules.grants import citizen
from cases.selectors.causes import candidates, cause_sentence
from cases.services import causes, waiting
from escalation.services.pauses import end_pauses
from tests.cases.causing import DAY, END, LATEST, RECORD, SENTENCE, end, follow
from tests.cases.every_act import do
from tests.conftest import MONDAY


def test_one_approval_pauses_all_from_the_given_moment_and_one_end_lets_all_run(paused, three, supervisor):
    assert not Suspension.objects.exists()
    assert follow(MONDAY + DAY) == 3
    rows = Suspension.objects.values_list("case_id", "from_on", "planned_end", "cause_id")
    assert set(rows) == {(case.pk, MONDAY.date(), END, paused.pk) for case in three}
    assert {event.actor_id for event in Event.objects.filter(kind="suspended")} == {supervisor.user_id}
    assert cause_sentence(three[0].pk) == SENTENCE
    end(paused, MONDAY + 2 * DAY, supervisor, now=MONDAY + 3 * DAY)
    assert follow(MONDAY + 3 * DAY) == 3
    assert set(Suspension.objects.values_list("ended_on", flat=True)) == {date(2026, 11, 25)}
    assert cause_sentence(three[0].pk) == ""


def test_the_job_may_be_killed_between_two_cases_and_repeated(paused):
    assert waiting.carry_out(clock=lambda: MONDAY + DAY, limit=1) == 1
    assert follow(MONDAY + DAY) == 2
    assert follow(MONDAY + DAY) == 0
    assert Event.objects.filter(kind="suspended").count() == 3


def test_a_case_that_cannot_be_paused_says_why_and_stops_nobody(paused, three, supervisor, clerk):
    closed, standing, fine = three
    do(Act.WITHDRAW, closed.number, clerk, MONDAY + DAY)
    do(Act.SUSPEND, standing.number, supervisor, MONDAY + DAY, planned_end=END)
    assert follow(MONDAY + DAY) == 3
    problems = dict(CauseCase.objects.values_list("case_id", "problem"))
    assert problems[closed.pk] == ""
    assert problems[standing.pk].startswith("已经在中止计时，到 2026年12月10日")
    assert problems[fine.pk] == ""
    assert set(Suspension.objects.filter(cause=paused).values_list("case_id", flat=True)) == {fine.pk}


def test_a_case_that_was_refused_follows_once_what_kept_it_is_over(paused, three, supervisor):
    standing = three[0]
    do(Act.SUSPEND, standing.number, supervisor, MONDAY + DAY, planned_end=END)
    follow(MONDAY + DAY)
    assert waiting.try_refused(clock=lambda: MONDAY + 2 * DAY) == 0
    do(Act.RESUME, standing.number, supervisor, MONDAY + 3 * DAY)
    assert waiting.try_refused(clock=lambda: MONDAY + 4 * DAY) == 1
    assert Suspension.objects.get(case=standing, cause=paused).from_on == date(2026, 11, 26)
    assert waiting.try_refused(clock=lambda: MONDAY + 4 * DAY) == 0
    assert not CauseCase.objects.exclude(problem="").exists()


def test_a_case_of_two_causes_stands_still_until_the_second_is_over(paused, three, supervisor):
    second = causes.record_cause(RECORD._replace(title="省社保系统"), actor=supervisor, now=MONDAY)
    causes.join_cases(second.pk, [three[0].pk], actor=supervisor, now=MONDAY + DAY)
    asked = {"actor": supervisor, "now": MONDAY + DAY}
    follow(MONDAY + DAY)
    causes.approve_cause(second.pk, paused_from=MONDAY + DAY, latest_end=LATEST, seen=0, **asked)
    follow(MONDAY + DAY)
    end(paused, MONDAY + 2 * DAY, supervisor)
    follow(MONDAY + 3 * DAY)
    waiting.try_refused(clock=lambda: MONDAY + 3 * DAY)
    spans = Suspension.objects.filter(case=three[0]).order_by("pk").values_list("from_on", "ended_on")
    assert list(spans) == [(date(2026, 11, 23), date(2026, 11, 25)), (date(2026, 11, 25), None)]


def test_a_case_that_waits_for_its_acceptance_follows_once_it_is_accepted(paused, case_in, supervisor, clerk):
    filed = case_in(State.FILED)
    causes.join_cases(paused.pk, [filed.pk], actor=supervisor, now=MONDAY + DAY)
    follow(MONDAY + DAY)
    assert CauseCase.objects.get(case=filed).problem == "这件事现在是“待受理”，不能中止计时。"
    assert waiting.try_refused(clock=lambda: MONDAY + DAY) == 0
    do(Act.ACCEPT, filed.number, clerk, MONDAY + 2 * DAY)
    assert waiting.try_refused(clock=lambda: MONDAY + 3 * DAY) == 1
    assert Suspension.objects.get(case=filed).from_on == date(2026, 11, 25)


def test_what_is_over_before_anybody_could_carry_it_out_still_stood_still(paused, three, supervisor):
    waiting.carry_out(clock=lambda: MONDAY + DAY, limit=1)
    end(paused, MONDAY + 2 * DAY, supervisor, now=MONDAY + 3 * DAY)
    assert follow(MONDAY + 3 * DAY) == 3
    end_pauses(now=MONDAY + 3 * DAY)
    spans = Suspension.objects.values_list("case_id", "from_on", "ended_on")
    assert set(spans) == {(case.pk, date(2026, 11, 23), date(2026, 11, 25)) for case in three}
    assert follow(MONDAY + 4 * DAY) == 0


def test_one_that_is_carried_out_after_its_planned_end_stands_still_until_that_day(paused, three):
    late = MONDAY.replace(month=12, day=14)
    assert follow(late) == 3
    end_pauses(now=late)
    spans = set(Suspension.objects.values_list("from_on", "planned_end", "ended_on"))
    assert spans == {(date(2026, 11, 23), END, END)}
    assert not CauseCase.objects.exclude(problem="").exists()


def test_a_case_that_leaves_before_the_worker_comes_stood_still_until_it_left(paused, three, supervisor):
    causes.leave_cause(paused.pk, three[0].pk, actor=supervisor, now=MONDAY + 2 * DAY)
    follow(MONDAY + 2 * DAY)
    found = Suspension.objects.get(case=three[0])
    assert (found.from_on, found.ended_on) == (date(2026, 11, 23), date(2026, 11, 25))


def test_renewed_on_its_last_day_time_stands_still_without_a_gap(paused, three, supervisor):
    follow(MONDAY + DAY)
    last = MONDAY.replace(month=12, day=10)
    asked = {"actor": supervisor, "now": last, "latest_end": date(2026, 12, 25)}
    causes.review_cause(paused.pk, learnt="还要等。", planned_end=date(2026, 12, 18), seen=1, **asked)
    end_pauses(now=last + DAY)
    assert follow(last + DAY) == 3
    spans = set(Suspension.objects.filter(case=three[0]).values_list("from_on", "planned_end", "ended_on"))
    assert spans == {(date(2026, 11, 23), END, END), (END, date(2026, 12, 18), None)}


def test_whose_pause_somebody_ended_alone_is_not_paused_again_by_a_renewal(paused, three, supervisor):
    follow(MONDAY + DAY)
    do(Act.RESUME, three[0].number, supervisor, MONDAY + 3 * DAY)
    asked = {"actor": supervisor, "now": MONDAY + 4 * DAY, "latest_end": date(2026, 12, 25)}
    causes.review_cause(paused.pk, learnt="还要等。", planned_end=date(2026, 12, 18), seen=1, **asked)
    assert follow(MONDAY + 4 * DAY) == 3
    assert Suspension.objects.get(case=three[0]).ended_on == date(2026, 11, 26)
    assert not CauseCase.objects.exclude(problem="").exists()


def test_a_case_closed_meanwhile_may_join_again_when_it_is_taken_up_again(cause, case_in, clerk, supervisor):
    case = case_in(State.REPLIED)
    join = {"actor": supervisor}
    causes.join_cases(cause.pk, [case.pk], now=MONDAY, **join)
    causes.approve_cause(cause.pk, paused_from=MONDAY, latest_end=LATEST, now=MONDAY, seen=0, **join)
    follow(MONDAY)
    cause.refresh_from_db()
    assert candidates(supervisor, cause, numbers=[case.number]).rows == []
    do(Act.CLOSE, case.number, clerk, MONDAY + DAY)
    do(Act.REOPEN, case.number, citizen(opened=frozenset({case.pk})), MONDAY + 2 * DAY)
    (offered,) = candidates(supervisor, cause, numbers=[case.number]).rows
    assert causes.join_cases(cause.pk, [offered.id], now=MONDAY + 3 * DAY, **join) == 1
    follow(MONDAY + 3 * DAY)
    assert Suspension.objects.get(case=case, ended_on=None).from_on == date(2026, 11, 26)


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


def test_leaving_and_joining_before_the_approval_loses_nothing(cause, three, supervisor):
    asked = {"actor": supervisor}
    causes.join_cases(cause.pk, [three[0].pk], now=MONDAY, **asked)
    causes.leave_cause(cause.pk, three[0].pk, now=MONDAY + DAY, **asked)
    causes.join_cases(cause.pk, [three[0].pk], now=MONDAY + 2 * DAY, **asked)
    approve = {"paused_from": MONDAY, "latest_end": LATEST, "seen": 0}
    causes.approve_cause(cause.pk, now=MONDAY + 2 * DAY, **approve, **asked)
    follow(MONDAY + 2 * DAY)
    assert Suspension.objects.get().from_on == MONDAY.date()
