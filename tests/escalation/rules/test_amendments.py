"""Suspensions, extensions, reclassifications, returns: how they move the end of a limit, and what they leave alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.kinds import Happening, Kind
from escalation.rules.clocks import Clock, Key, fold
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.obligations import OBLIGATIONS, Obligation
from escalation.rules.pauses import Pause, add_around, count_around
from tests.escalation.rules.test_clocks import RULES, WORK_TIME, due, moment, rungs

CALENDAR = WORK_TIME.calendar


class Story:
    """A timeline told line by line, with data of its own where an event needs it."""

    def __init__(self, difficulty: str = "complex") -> None:
        self.timeline: list[Happening] = []
        self.tell("11-23 09:30", "submitted", hall_id=1)
        self.tell("11-23 10:00", "accepted", difficulty=difficulty, nature=None, rule_version=1)

    def tell(self, at: str, kind: str, share: int | None = None, recorded: str = "", **data: Any) -> int:
        """Add an event; returns its version."""
        version = len(self.timeline) + 1
        when, written = moment(at), moment(recorded or at)
        self.timeline.append(Happening(version, Kind(kind), when, written, share, data))
        return version

    def suspend(self, at: str, until: str, share: int | None = None, recorded: str = "") -> int:
        """Suspend from the day of `at` until a day of 2026 (month-day)."""
        data = {"reason": "publicity", "from_on": f"2026-{at[:5]}", "planned_end": f"2026-{until}"}
        return self.tell(at, "suspended", share, recorded, **data)

    def dispatch(self, at: str, share: int, role: str = "lead") -> int:
        return self.tell(at, "dispatched", share, role=role, department_id=100 + share)

    def clock(self, obligation: Obligation = Obligation.CASE, share: int | None = None) -> Clock:
        """The last run of an obligation."""
        return [c for c in self.clocks if (c.key.obligation, c.key.share_id) == (obligation, share)][-1]

    @property
    def clocks(self) -> list[Clock]:
        return fold(self.timeline, RULES, lambda _: WORK_TIME)


def test_the_example_of_the_policy():
    story = Story()
    story.suspend("11-25 10:00", "12-04")
    clock = story.clock()
    assert due(clock) == "12-09 17:30"
    assert clock.pauses == (Pause(date(2026, 11, 25), date(2026, 12, 4), "publicity", 3),)
    assert rungs(clock) == [None, "12-08 08:30", "12-10 08:30", "12-15 08:30"]


def test_a_department_whose_answer_is_due_with_the_case_gets_the_same_days_and_a_co_handler_its_half():
    story = Story("special")
    story.dispatch("11-23 11:00", 7)
    story.dispatch("11-23 11:00", 8, "co")
    assert [due(story.clock(Obligation.ANSWER, share)) for share in (7, 8)] == ["12-07 17:30", "11-30 17:30"]
    story.suspend("11-25 10:00", "12-04")
    assert due(story.clock()) == "12-16 17:30"
    assert [due(story.clock(Obligation.ANSWER, share)) for share in (7, 8)] == ["12-16 17:30", "12-09 17:30"]


def test_a_share_may_stand_still_alone():
    story = Story()
    story.dispatch("11-23 11:00", 7)
    story.dispatch("11-23 11:00", 8, "co")
    story.suspend("11-25 10:00", "12-04", share=7)
    assert due(story.clock()) == "11-30 17:30"
    assert [due(story.clock(Obligation.ANSWER, share)) for share in (7, 8)] == ["12-09 17:30", "11-25 17:30"]


def test_an_answer_ends_what_stands_still_for_its_share_alone():
    story = Story()
    for share in (7, 8):
        story.dispatch("11-23 11:00", share, "lead" if share == 7 else "co")
        story.suspend("11-25 10:00", "12-04", share=share)
    story.suspend("11-25 10:00", "12-04")
    story.tell("11-26 10:00", "answered", 7, role="lead", ready=False)
    story.tell("11-27 10:00", "sent_back", 7, role="lead")
    answer = story.clock(Obligation.ANSWER, 7)
    assert [pause.of for pause in answer.pauses] == [7]  # the case's own
    assert [pause.of for pause in story.clock(Obligation.ANSWER, 8).pauses] == [6, 7]


def test_sent_back_a_share_has_its_whole_step_although_it_stood_still_when_it_answered():
    plain, paused = Story(), Story()
    for story in (plain, paused):
        story.dispatch("11-23 11:00", 7)
        if story is paused:
            story.suspend("11-25 10:00", "12-04", share=7)
        story.tell("11-26 10:00", "answered", 7, role="lead", ready=True)
        story.tell("11-27 10:00", "sent_back", 7, role="lead")
    again, anew = (story.clock(Obligation.ANSWER, 7) for story in (plain, paused))
    assert (due(anew), anew.pauses) == (due(again), ())


def test_days_that_stand_still_for_the_case_and_for_a_share_are_lost_once():
    story = Story()
    story.dispatch("11-23 11:00", 7)
    story.suspend("11-25 10:00", "12-04")
    story.suspend("11-25 11:00", "12-04", share=7)
    assert due(story.clock()) == due(story.clock(Obligation.ANSWER, 7)) == "12-09 17:30"
    story.suspend("12-07 11:00", "12-11", share=7)
    assert (due(story.clock()), due(story.clock(Obligation.ANSWER, 7))) == ("12-09 17:30", "12-15 17:30")


def test_a_share_dispatched_while_the_case_stands_still_has_the_case_s_days():
    story = Story()
    story.suspend("11-25 10:00", "12-04")
    story.dispatch("11-26 11:00", 7)
    clock = story.clock(Obligation.ANSWER, 7)
    assert (due(clock), len(clock.pauses)) == ("12-09 17:30", 1)
    story.dispatch("11-26 11:00", 8, "co")
    assert due(story.clock(Obligation.ANSWER, 8)) == "12-07 17:30"  # three days are left, one of them is half


def test_ended_early_the_remaining_days_run_from_the_next_working_day():
    story = Story()
    of = story.suspend("11-25 10:00", "12-20")
    assert due(story.clock()) == "12-23 17:30"
    story.tell("12-04 16:00", "resumed", of=of, ended_on="2026-12-04", by_itself=False)
    assert due(story.clock()) == "12-09 17:30"


def test_it_ends_by_itself_and_saying_so_changes_nothing():
    story = Story()
    of = story.suspend("11-25 10:00", "12-04")
    before = story.clocks
    story.tell("12-05 00:00", "resumed", of=of, ended_on="2026-12-04", by_itself=True)
    assert story.clocks == before


def test_a_renewal_in_time_moves_the_end_and_one_too_late_does_not():
    story = Story()
    of = story.suspend("11-25 10:00", "12-04")
    story.tell("12-04 17:00", "renewed", of=of, planned_end="2026-12-11")
    assert due(story.clock()) == "12-16 17:30"
    late = Story()
    of = late.suspend("11-25 10:00", "12-04")
    late.tell("12-07 09:00", "renewed", of=of, planned_end="2026-12-11")
    assert due(late.clock()) == "12-09 17:30"


def test_suspended_on_the_last_day_the_first_working_day_after_it_is_left():
    story = Story()
    story.suspend("11-30 16:00", "12-04")
    assert due(story.clock()) == "12-07 17:30"


@pytest.mark.parametrize(("start", "red"), [("11-25 10:00", "12-15 08:30"), ("12-01 09:00", "12-14 08:30")])
def test_approved_after_the_breach_a_suspension_moves_neither_due_moment_nor_yellow_but_the_red(start, red):
    story = Story()
    plain = story.clock()
    story.suspend(start, "12-09", recorded="12-01 09:00")  # due Monday 11-30, yellow Tuesday 08:30
    clock = story.clock()
    assert (clock.due, clock.rungs.overdue_at) == (plain.due, plain.rungs.overdue_at)
    assert (rungs(plain)[3], rungs(clock)[3]) == ("12-04 08:30", red)


def test_between_the_due_moment_and_the_morning_after_it_is_too_late_too():
    story = Story()
    plain = story.clock()
    story.suspend("11-30 17:31", "12-09")
    assert story.clock().rungs.overdue_at == plain.rungs.overdue_at


def test_backdated_but_recorded_in_time_the_days_since_its_start_come_back():
    story = Story()
    story.suspend("11-24 10:00", "12-04", recorded="11-30 17:00")
    assert due(story.clock()) == "12-10 17:30"


def test_what_was_signalled_is_not_signalled_again_and_nothing_is_signalled_for_the_past():
    story = Story("special")  # due 12-07: half 12-01, soon 12-04
    story.suspend("12-02 10:00", "12-09")
    assert rungs(story.clock()) == ["12-01 08:30", "12-11 08:30", "12-15 08:30", "12-18 08:30"]
    early = Story("special")
    early.suspend("11-25 10:00", "12-04", recorded="12-07 16:00")  # recorded after half and soon had passed
    assert rungs(early.clock())[:2] == ["12-01 08:30", "12-04 08:30"]


def test_an_extension_adds_days_to_the_case_and_to_the_department_that_ends_with_it():
    story = Story()
    story.dispatch("11-23 11:00", 7)
    story.dispatch("11-23 11:00", 8, "co")
    story.tell("11-27 10:00", "extended", days=5)
    clock = story.clock()
    assert (due(clock), [e.days for e in clock.extensions]) == ("12-07 17:30", [5])
    assert [due(story.clock(Obligation.ANSWER, share)) for share in (7, 8)] == ["12-07 17:30", "11-25 17:30"]
    story.tell("11-27 11:00", "extended", 7, days=1)
    assert (due(story.clock()), due(story.clock(Obligation.ANSWER, 7))) == ("12-07 17:30", "12-08 17:30")


def test_an_extension_after_the_end_is_without_effect():
    story = Story()
    before = story.clock()
    story.tell("11-30 17:31", "extended", days=5)
    assert (story.clock().due, story.clock().extensions) == (before.due, ())


def test_reclassified_a_case_has_its_new_limit_from_the_original_start():
    story = Story("ordinary")
    story.dispatch("11-23 11:00", 7)
    story.tell("11-24 10:00", "reclassified", difficulty="hard", nature=None, previous="ordinary")
    clock = story.clock()
    assert (due(clock), clock.limit) == ("12-21 17:30", Limit(Unit.DAYS, 20))
    assert due(story.clock(Obligation.ANSWER, 7)) == "12-21 17:30"
    assert clock.reclassifications[0].before == Limit(Unit.DAYS, 3)


def test_a_shorter_class_leaves_at_least_the_next_working_day():
    story = Story("special")
    story.tell("12-01 10:00", "reclassified", difficulty="ordinary", nature=None, previous="special")
    assert due(story.clock()) == "12-02 17:30"


def test_closing_ends_what_stands_still_and_a_reopening_starts_anew():
    story = Story()
    story.suspend("11-25 10:00", "12-31")
    story.tell("11-26 10:00", "closed")
    story.tell("11-30 10:00", "reopened", difficulty="complex", nature=None, rule_version=1)
    clock = story.clock()
    assert (due(clock), clock.changes) == ("12-07 17:30", 0)


def test_a_returned_share_owes_nothing_and_the_next_department_counts_anew_while_the_case_goes_on():
    story = Story()
    story.dispatch("11-23 11:00", 7)
    story.tell("11-24 09:00", "returned", 7, role="lead", department_id=107)
    story.dispatch("11-24 09:00", 9)
    assert {c.stopped_at for c in story.clocks if c.key.share_id == 7} == {moment("11-24 09:00")}
    assert due(story.clock(Obligation.SIGN, 9)) == "11-24 15:30"
    assert due(story.clock()) == due(story.clock(Obligation.ANSWER, 9)) == "11-30 17:30"


def test_a_return_is_possible_for_one_working_day_and_nobody_is_late_with_it():
    story = Story()
    story.dispatch("11-23 11:00", 7)
    clock = story.clock(Obligation.RETURN, 7)
    assert (due(clock), clock.stopped_at) == ("11-24 17:30", clock.due.due_at)
    assert all(at is None or at > clock.due.due_at for at in clock.rungs)


def test_each_card_may_be_appealed_for_three_working_days_from_when_it_was_known_even_after_the_closing():
    story = Story()
    told = {"obligation": "answer", "signal": "overdue", "department_id": 107}
    first = story.tell("12-01 08:30", "card_issued", 7, "12-02 09:00", colour="yellow", **told)
    second = story.tell("12-04 08:30", "card_issued", 7, colour="red", **told)
    story.tell("12-04 10:00", "closed")
    story.tell("12-07 10:00", "appealed", 7, of=second)
    ends = {c.key.run: (due(c), c.stopped_at) for c in story.clocks if c.key.obligation is Obligation.APPEAL}
    assert ends == {
        first: ("12-07 17:30", moment("12-07 17:30")),
        second: ("12-09 17:30", moment("12-07 10:00")),
    }


def test_a_blue_and_a_card_to_the_window_are_not_appealed_by_a_department():
    story = Story()
    story.tell("12-01 08:30", "card_issued", 7, colour="blue", department_id=107)
    story.tell("12-01 08:30", "card_issued", colour="yellow", department_id=None, hall_id=1)
    assert Obligation.APPEAL not in {c.key.obligation for c in story.clocks}


def test_a_bad_rating_owes_a_contact_and_a_mending():
    story = Story()
    story.tell("11-24 10:00", "closed")
    story.tell("11-25 10:00", "rated", grade=2, resolution="unsolved")
    assert due(story.clock(Obligation.RATING_CONTACT)) == "11-26 17:30"
    assert due(story.clock(Obligation.RECTIFY)) == "12-02 17:30"
    story.tell("11-26 10:00", "rater_contacted")
    assert story.clock(Obligation.RATING_CONTACT).stopped_at == moment("11-26 10:00")
    assert story.clock(Obligation.RECTIFY).stopped_at is None
    story.tell("11-27 10:00", "rectified")
    assert story.clock(Obligation.RECTIFY).stopped_at == moment("11-27 10:00")


@pytest.mark.parametrize(("grade", "paper"), [(3, False), (1, True)])
def test_a_fair_rating_and_one_on_paper_owe_nothing(grade, paper):
    story = Story()
    story.tell("11-24 10:00", "closed")
    story.tell("11-25 10:00", "rated", grade=grade, **({"paper": True} if paper else {}))
    assert Obligation.RECTIFY not in {c.key.obligation for c in story.clocks}


def test_said_at_the_call_back_a_bad_grade_owes_the_mending_alone():
    story = Story()
    story.tell("11-24 10:00", "closed")
    story.tell("11-25 10:00", "called_back", grade=1, reached=True)
    owed = {c.key.obligation for c in story.clocks if c.stopped_at is None}
    assert owed == {Obligation.RECTIFY}


def test_a_meeting_is_held_within_two_days_and_its_minutes_follow_in_one():
    story = Story()
    story.tell("11-24 10:00", "meeting_called")
    assert due(story.clock(Obligation.MEETING)) == "11-26 17:30"
    story.tell("11-25 10:00", "meeting_held")
    assert (story.clock(Obligation.MEETING).stopped_at, due(story.clock(Obligation.MINUTES))) == (
        moment("11-25 10:00"),
        "11-26 17:30",
    )


DAYS = st.dates(date(2026, 1, 1), date(2026, 11, 30))
PAUSES = st.lists(
    st.tuples(DAYS, st.integers(0, 40)).map(lambda p: Pause(p[0], p[0] + timedelta(p[1]))), max_size=4
)


def _walked(day: date, days: int, pauses: list[Pause]) -> date:
    """The same, day by day, for pauses none of which begins on the last day."""
    while days:
        day += timedelta(1)
        if CALENDAR.is_working_day(day) and not any(p.from_on < day <= p.until_on for p in pauses):
            days -= 1
    return day


@given(DAYS, st.integers(1, 30), PAUSES)
def test_counting_around_pauses_is_a_walk(day, days, pauses):
    last, walked = add_around(CALENDAR, day, days, pauses), _walked(day, days, pauses)
    if not any(p.from_on <= walked < p.until_on for p in pauses):
        assert last == walked
        assert count_around(CALENDAR, day, last, pauses) == days
    assert last >= walked
    assert CALENDAR.is_working_day(last)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["suspended", "renewed", "resumed", "extended", "reclassified"]),
        st.integers(0, 36 * 24 * 60),
        st.integers(1, 20),
    ),
    max_size=6,
)


@given(EVENTS)
def test_no_amendment_moves_a_moment_that_had_passed_when_it_was_recorded(events):
    story, open_of = Story("special"), 0
    story.dispatch("11-23 11:00", 7)
    for kind, minutes, days in sorted(events, key=lambda event: event[1]):
        at = moment("11-23 12:00") + timedelta(minutes=minutes)
        when, on = f"{at:%m-%d %H:%M}", at.date()
        before = {c.key: c for c in story.clocks}
        if kind == "suspended":
            open_of = story.tell(
                when, kind, reason="publicity", from_on=str(on), planned_end=str(on + timedelta(days))
            )
        elif kind == "renewed" and open_of:
            story.tell(when, kind, of=open_of, planned_end=str(on + timedelta(days)))
        elif kind == "resumed" and open_of:
            story.tell(when, kind, of=open_of, ended_on=str(on), by_itself=False)
        elif kind == "extended":
            story.tell(when, kind, days=days)
        elif kind == "reclassified":
            story.tell(when, kind, difficulty="hard", nature=None, previous="special")
        _unmoved(before, {c.key: c for c in story.clocks}, at)


def _unmoved(before: dict[Key, Clock], after: dict[Key, Clock], at: datetime) -> None:
    assert before.keys() == after.keys()
    for key, old in before.items():
        new = after[key]
        assert new.due.due_at >= WORK_TIME.closing(new.due.due_at.date())
        if not OBLIGATIONS[key.obligation].pauses:
            assert new == old
            continue
        assert new.due == old.due if old.due.due_at <= at else new.due.due_at > at
        for name, moved in new.rungs._asdict().items():
            was = getattr(old.rungs, name)
            if was is not None and was <= at:
                assert moved == was, name
            elif moved is not None:
                assert moved > at, name
