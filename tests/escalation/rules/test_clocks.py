"""The fold: timelines to clocks under the default rules and the national calendar."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.kinds import Happening, Kind
from escalation.rules.clocks import Clock, fold
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.explain import StepKind, explain_clock
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime
from escalation.rules.limits import Rulebook, parse_package
from escalation.rules.obligations import OBLIGATIONS, Obligation
from escalation.services.national import default_rules, national_calendar

SESSIONS = (Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30)))
WORK_TIME = WorkTime(national_calendar(), [HoursPeriod(None, None, SESSIONS)])
RULES = Rulebook([parse_package(default_rules())])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CHINA)


def story(*lines: str, difficulty: str = "ordinary", nature: str | None = None) -> list[Happening]:
    """Build a timeline from lines like "11-23 09:30 dispatched 7 co"; the last answer of all shares is the ready one."""
    timeline: list[Happening] = []
    roles: dict[int | None, str] = {}
    waiting: set[int | None] = set()
    for version, line in enumerate(lines, 1):
        day, hour, kind, *share = line.split()
        at, share_id = moment(f"{day} {hour}"), int(share[0]) if share else None
        data: dict[str, object] = {}
        if kind in {"accepted", "reopened"}:
            data = {"difficulty": difficulty, "nature": nature, "rule_version": 1}
        if share:
            roles.setdefault(share_id, share[1] if len(share) > 1 else "lead")
            data = {"role": roles[share_id]}
        if kind == "dispatched":
            data["department_id"] = 100 + (share_id or 0)
        if kind in {"dispatched", "sent_back"}:
            waiting.add(share_id)
        if kind == "answered":
            waiting.discard(share_id)
            data["ready"] = not waiting
        if kind in {"submitted", "registered"}:
            data = {"hall_id": 1}
        timeline.append(Happening(version, Kind(kind), at, at, share_id, data))
    return timeline


def folded(*lines: str, **changes) -> dict[tuple[Obligation, int | None], Clock]:
    """The clocks by obligation and share, the last run of each."""
    clocks = fold(story(*lines, **changes), RULES, lambda _: WORK_TIME)
    return {(clock.key.obligation, clock.key.share_id): clock for clock in clocks}


def due(clock: Clock) -> str:
    return f"{clock.due.due_at:%m-%d %H:%M}"


def rungs(clock: Clock) -> list[str | None]:
    return [at and f"{at:%m-%d %H:%M}" for at in clock.rungs]


MONDAY = ("11-23 09:30 submitted", "11-23 10:00 accepted")
ACCEPTANCE, DISPATCH, CASE = ((obligation, None) for obligation in list(Obligation)[:3])


def test_a_filed_case_owes_a_decision_within_one_working_day():
    (clock,) = folded("11-23 09:30 submitted").values()
    assert (clock.key.obligation, due(clock), clock.stopped_at) == (
        Obligation.ACCEPTANCE,
        "11-24 17:30",
        None,
    )
    assert rungs(clock) == [None, None, "11-25 08:30", None]  # a soft limit: one blue, once overdue


@pytest.mark.parametrize(
    ("difficulty", "nature", "expected"),
    [
        ("instant", None, "11-23 17:30"),
        ("ordinary", None, "11-26 17:30"),
        ("complex", None, "11-30 17:30"),
        ("complex", "cannot", "11-26 17:30"),
        ("complex", "difficult", "11-30 17:30"),
        ("special", "refused", "11-25 17:30"),
        ("instant", "refused", "11-23 17:30"),
        ("special", None, "12-07 17:30"),
        ("hard", None, "12-21 17:30"),
    ],
)
def test_the_smaller_of_difficulty_and_nature_limits_the_case(difficulty, nature, expected):
    assert due(folded(*MONDAY, difficulty=difficulty, nature=nature)[CASE]) == expected


def test_the_ladder_of_an_ordinary_case():
    clock = folded(*MONDAY)[CASE]
    assert rungs(clock) == [None, "11-25 08:30", "11-27 08:30", "12-02 08:30"]


def test_the_ladder_of_a_long_case_has_a_blue_when_half_is_used():
    clock = folded(*MONDAY, difficulty="special")[CASE]
    assert rungs(clock) == ["12-01 08:30", "12-04 08:30", "12-08 08:30", "12-11 08:30"]


@pytest.mark.parametrize(
    ("hour", "expected"), [("16:30", "11-23 17:30"), ("16:31", "11-24 10:00"), ("09:00", "11-23 17:30")]
)
def test_dispatch_is_owed_the_same_day_or_the_next_morning(hour, expected):
    assert due(folded("11-23 08:30 submitted", f"11-23 {hour} accepted")[DISPATCH]) == expected


def test_accepted_too_late_a_case_counts_from_registration():
    on_time = folded("11-23 09:30 submitted", "11-24 17:30 accepted")[CASE]
    late = folded("11-23 09:30 submitted", "11-25 08:30 accepted")[CASE]
    assert (due(on_time), on_time.deemed) == ("11-27 17:30", False)
    assert (due(late), late.deemed, late.started_at) == ("11-26 17:30", True, moment("11-23 09:30"))
    assert explain_clock(late, WORK_TIME)[0].kind is StepKind.DEEMED


def test_a_share_ends_with_the_case_and_a_co_handler_at_half_of_what_remains():
    clocks = folded(*MONDAY, "11-23 11:00 dispatched 7", "11-24 11:00 dispatched 8 co", difficulty="special")
    assert due(clocks[CASE]) == due(clocks[Obligation.ANSWER, 7]) == "12-07 17:30"
    assert due(clocks[Obligation.ANSWER, 8]) == "11-30 17:30"  # nine working days remain: four
    assert clocks[Obligation.ANSWER, 8].rungs.red_at is None


def test_a_share_dispatched_after_the_case_ran_out_still_gets_a_working_day():
    clock = folded(*MONDAY, "11-26 18:00 dispatched 7")[Obligation.ANSWER, 7]
    assert (due(clock), clock.limit) == ("11-27 17:30", Limit(Unit.DAYS, 1))


def test_each_act_stops_what_it_settles():
    clocks = folded(*MONDAY, "11-23 11:00 dispatched 7", "11-24 09:00 answered 7", "11-24 15:00 closed")
    stopped = {
        place: f"{clock.stopped_at:%m-%d %H:%M}" for place, clock in clocks.items() if clock.stopped_at
    }
    assert stopped == {
        ACCEPTANCE: "11-23 10:00",
        DISPATCH: "11-23 11:00",
        CASE: "11-24 15:00",
        (Obligation.SIGN, 7): "11-24 09:00",
        (Obligation.RETURN, 7): "11-24 09:00",
        (Obligation.ANSWER, 7): "11-24 09:00",
        (Obligation.CHECK, None): "11-24 15:00",
    }


def test_an_answer_stops_its_own_share_only():
    clocks = folded(
        *MONDAY, "11-23 11:00 dispatched 7", "11-23 11:00 dispatched 8 co", "11-24 09:00 answered 8"
    )
    assert clocks[Obligation.ANSWER, 7].stopped_at is None
    assert clocks[Obligation.ANSWER, 8].stopped_at == moment("11-24 09:00")


SIGN, CONTACT, RETURN, ANSWER = ((Obligation(name), 7) for name in ("sign", "contact", "return", "answer"))
CHECK, CALL_BACK = ((obligation, None) for obligation in (Obligation.CHECK, Obligation.CALL_BACK))
DISPATCHED = (*MONDAY, "11-23 11:00 dispatched 7")
ANSWERED = (*DISPATCHED, "11-24 09:00 answered 7")


@pytest.mark.parametrize(
    ("hour", "by", "late_at"),
    [
        ("08:30", "11-23 15:00", "11-25 08:30"),
        ("15:00", "11-24 10:00", "11-26 08:30"),
        ("17:30", "11-24 15:00", "11-26 08:30"),
    ],
)
def test_a_department_signs_within_four_office_hours_and_is_late_a_working_day_after(hour, by, late_at):
    clock = folded("11-23 08:00 submitted", "11-23 08:10 accepted", f"11-23 {hour} dispatched 7")[SIGN]
    assert (due(clock), rungs(clock)) == (by, [None, None, late_at, None])
    assert clock.limit == Limit(Unit.HOURS, 4)


def test_signing_starts_the_first_contact_of_the_lead_alone():
    clocks = folded(
        *DISPATCHED,
        "11-23 11:00 dispatched 8 co",
        "11-23 15:00 signed 7",
        "11-23 15:30 signed 8",
        "11-23 16:00 contact_tried 7",
        "11-24 17:30 contacted 7",
    )
    assert (due(clocks[CONTACT]), rungs(clocks[CONTACT])) == (
        "11-24 17:30",
        [None, None, "11-25 08:30", None],
    )
    assert clocks[CONTACT].stopped_at == moment("11-24 17:30")
    assert clocks[SIGN].stopped_at == moment("11-23 15:00")
    assert (Obligation.CONTACT, 8) not in clocks


def test_an_answer_counts_as_signing_and_ends_the_first_contact():
    clocks = folded(*DISPATCHED, "11-23 15:00 signed 7", "11-24 09:00 answered 7")
    assert clocks[CONTACT].stopped_at == moment("11-24 09:00")
    assert folded(*ANSWERED)[SIGN].stopped_at == moment("11-24 09:00")


def test_the_window_checks_from_the_answer_that_made_the_case_ready():
    first = (*DISPATCHED, "11-23 11:00 dispatched 8 co", "11-24 09:00 answered 8")
    assert CHECK not in folded(*first)
    clock = folded(*first, "11-24 15:00 answered 7")[CHECK]
    assert (due(clock), rungs(clock)) == ("11-25 17:30", [None, None, "11-26 08:30", None])


@pytest.mark.parametrize("end", ["published", "sent_back 7"])
def test_the_check_ends_with_the_reply_or_when_the_department_is_asked_again(end):
    assert folded(*ANSWERED, f"11-24 10:00 {end}")[CHECK].stopped_at == moment("11-24 10:00")


def test_asked_again_a_department_gets_its_step_anew_and_the_case_does_not():
    clocks = folded(*ANSWERED, "11-25 09:00 sent_back 7")
    assert (due(clocks[CASE]), due(clocks[ANSWER])) == ("11-26 17:30", "11-26 17:30")
    assert (clocks[ANSWER].started_at, clocks[ANSWER].key.run) == (moment("11-25 09:00"), 5)
    assert clocks[CASE].stopped_at is None
    late = folded(*ANSWERED, "11-26 17:30 sent_back 7")[ANSWER]  # the case has just run out: a day of its own
    assert (due(late), late.limit) == ("11-27 17:30", Limit(Unit.DAYS, 1))


def test_asked_again_a_co_handler_gets_half_of_what_is_left():
    asked = ("11-23 11:00 dispatched 8 co", "11-24 09:00 answered 7", "11-24 09:30 answered 8")
    clock = folded(*DISPATCHED, *asked, "11-25 10:00 sent_back 8", difficulty="special")[Obligation.ANSWER, 8]
    assert due(clock) == "12-01 17:30"  # eight working days to 12-07: four


@pytest.mark.parametrize("end", ["closed", "resolved"])
def test_what_ends_a_case_starts_the_call_back(end):
    clocks = folded(*MONDAY, f"11-24 15:00 {end}")
    assert clocks[CASE].stopped_at == moment("11-24 15:00")
    assert (due(clocks[CALL_BACK]), rungs(clocks[CALL_BACK])[2]) == ("11-26 17:30", "11-27 08:30")
    called = folded(*MONDAY, f"11-24 15:00 {end}", "11-25 09:00 call_tried", "11-26 10:00 called_back")
    assert called[CALL_BACK].stopped_at == moment("11-26 10:00")


def test_a_withdrawn_case_owes_nothing_not_even_a_call_back():
    clocks = folded(*DISPATCHED, "11-24 09:00 withdrawn")
    assert all(clock.stopped_at for clock in clocks.values())
    assert CALL_BACK not in clocks


@pytest.mark.parametrize(
    ("difficulty", "limit", "expected"),
    [
        ("instant", 3, "12-03 17:30"),
        ("ordinary", 3, "12-03 17:30"),
        ("complex", 5, "12-07 17:30"),
        ("special", 10, "12-14 17:30"),
        ("hard", 10, "12-14 17:30"),
    ],
)
def test_taken_up_again_a_case_has_the_limit_of_its_class_within_ten_days(difficulty, limit, expected):
    again = ("11-24 15:00 closed", "11-30 10:00 reopened")
    clocks = folded(*MONDAY, *again, difficulty=difficulty)
    assert (due(clocks[CASE]), clocks[CASE].limit) == (expected, Limit(Unit.DAYS, limit))
    assert clocks[CALL_BACK].stopped_at == moment("11-30 10:00")
    assert due(clocks[DISPATCH]) == "11-30 17:30"


def test_taken_up_again_a_case_counts_from_the_reopening_however_late_it_was_once_accepted():
    late = ("11-23 09:30 submitted", "11-25 08:30 accepted", "11-25 09:00 closed", "11-30 10:00 reopened")
    clock = folded(*late)[CASE]
    assert (clock.deemed, clock.started_at) == (False, moment("11-30 10:00"))


@pytest.mark.parametrize("place", [SIGN, CONTACT, ANSWER, CHECK, CALL_BACK])
def test_each_obligation_explains_itself(place):
    clocks = folded(*DISPATCHED, "11-23 15:00 signed 7", "11-24 09:00 answered 7", "11-24 15:00 closed")
    steps = explain_clock(clocks[place], WORK_TIME)
    assert [steps[0].kind, steps[-2].kind] == [StepKind.RECEIVED, StepKind.DUE]
    assert clocks[place].limit.text in steps[0].text
    assert [step.number for step in steps if step.number] == list(
        range(1, clocks[place].limit.amount + 1)
    ) or (clocks[place].limit.unit not in {Unit.DAYS})


def test_a_redirected_case_owes_nothing():
    clocks = folded("11-23 09:30 registered", "11-23 09:40 redirected")
    assert [clock.stopped_at for clock in clocks.values()] == [moment("11-23 09:40")]


def test_new_year_is_provisional_and_says_so():
    clock = folded("12-30 09:30 submitted", "12-30 10:00 accepted")[CASE]
    assert f"{clock.due.due_at:%Y-%m-%d}" == "2027-01-05"
    assert clock.due.provisional
    assert any(step.kind is StepKind.PROVISIONAL for step in explain_clock(clock, WORK_TIME))


def test_the_order_of_recording_does_not_matter_when_the_moments_differ():
    timeline = story(*MONDAY, "11-23 11:00 dispatched 7", "11-24 09:00 answered 7", "11-24 15:00 closed")
    expected = fold(timeline, RULES, lambda _: WORK_TIME)
    for shuffled in permutations(timeline):
        assert fold(shuffled, RULES, lambda _: WORK_TIME) == expected


def test_a_new_rule_version_governs_cases_accepted_from_its_day_and_others_by_batch():
    stricter = default_rules() | {"version": 2, "effective_from": "2026-11-24", "name": "二版"}
    stricter["difficulty_limits"] = stricter["difficulty_limits"] | {"ordinary": {"days": 2}}
    rules = Rulebook([parse_package(default_rules()), parse_package(stricter)])
    timeline = story(*MONDAY, "11-23 11:00 dispatched 7")
    at = moment("11-24 09:00")
    batch = Happening(4, Kind.RULES_APPLIED, at, at, None, {"rule_version": 2})
    before = {c.key: c for c in fold(timeline, rules, lambda _: WORK_TIME)}
    after = {c.key: c for c in fold([*timeline, batch], rules, lambda _: WORK_TIME)}
    versions = {key: (before[key].rule_version, after[key].rule_version) for key in before}
    assert {key.obligation: pair for key, pair in versions.items()} == {
        Obligation.ACCEPTANCE: (1, 1),  # stopped before the batch
        Obligation.DISPATCH: (1, 1),
        Obligation.CASE: (1, 2),
        Obligation.SIGN: (1, 2),
        Obligation.RETURN: (1, 1),  # what a unit may do is settled when it begins
        Obligation.ANSWER: (1, 2),
    }


def test_the_default_rules_know_every_obligation():
    steps = parse_package(default_rules()).steps
    assert {step for row in OBLIGATIONS.values() for step in row.steps.values()} <= steps.keys()


KINDS = st.sampled_from(
    [
        *(
            "submitted",
            "accepted",
            "dispatched 7",
            "dispatched 8 co",
            "signed 7",
            "contacted 7",
            "answered 7",
        ),
        *("answered 8", "sent_back 7", "sent_back 8", "published", "closed", "called_back", "reopened"),
    ]
)


@given(st.lists(st.tuples(KINDS, st.integers(0, 20_000)), max_size=12))
def test_any_timeline_folds_to_sound_clocks(acts):
    start = moment("09-14 08:00")
    lines = [
        f"{start + timedelta(minutes=minutes):%m-%d %H:%M} {kind}"
        for kind, minutes in sorted(acts, key=lambda a: a[1])
    ]
    clocks = fold(story(*lines), RULES, lambda _: WORK_TIME)
    assert len({clock.key for clock in clocks}) == len(clocks)
    for clock in clocks:
        assert clock.stopped_at is None or clock.stopped_at >= clock.started_at
        assert clock.due.due_at > clock.started_at
        assert clock.due.due_at < clock.rungs.overdue_at
        assert WORK_TIME.calendar.is_working_day(clock.due.due_at.date())
        assert WORK_TIME.calendar.is_working_day(clock.rungs.overdue_at.date())
