"""How far a running limit may be changed, and what its clocks and cards are after it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.models import Share
from cases.rules.classes import Difficulty, Resolution
from cases.rules.flow import Act, State
from cases.rules.grants import citizen
from cases.services import coordinating
from escalation.models import Card, Clock
from escalation.rules.obligations import Obligation
from escalation.selectors.changing import changing
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.cases.every_act import do, registry
from tests.conftest import MONDAY, SHANGHAI

DAY = timedelta(days=1)


def at(day: int, hour: int = 17, minute: int = 30) -> datetime:
    """A moment of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def due(obligation: Obligation, share_id: int | None = None) -> datetime:
    rows = Clock.objects.filter(obligation=obligation.value, share_id=share_id, stopped_at__isnull=True)
    return rows.get().due_at


def test_the_bounds_of_an_ordinary_case(case_in):
    found = changing(case_in(State.HANDLING).pk)  # three days from Monday the 23rd
    assert (found.due_at, found.extend_until, found.half_at) == (at(26), at(25), at(24))
    assert (found.most_days, found.times) == (3, 1)


def test_a_share_has_bounds_of_its_own_and_an_ended_limit_none(case_in, shijian):
    case = case_in(State.HANDLING)
    assert changing(case.pk, Share.objects.get().pk).due_at == at(26)
    do(Act.ANSWER, case.number, shijian, MONDAY)
    assert changing(case.pk, Share.objects.get().pk) is None
    assert changing(case_in(State.FILED).pk) is None
    assert changing(case_in(State.CLOSED).pk) is None


@pytest.mark.parametrize(("difficulty", "most", "half"), [("instant", 1, at(23)), ("complex", 5, at(25))])
def test_the_bounds_follow_the_class(case_in, clerk, difficulty, most, half):
    case = case_in(State.FILED)
    do(Act.ACCEPT, case.number, clerk, MONDAY, difficulty=Difficulty(difficulty))
    found = changing(case.pk)
    assert (found.most_days, found.half_at) == (most, half)


def test_a_long_limit_is_extended_by_ten_days_at_most(case_in, supervisor):
    case = case_in(State.HANDLING)
    do(Act.RECLASSIFY, case.number, supervisor, MONDAY, difficulty=Difficulty.HARD)
    found = changing(case.pk)
    assert (found.most_days, found.half_at) == (10, datetime(2026, 12, 7, 17, 30, tzinfo=SHANGHAI))


def test_an_extension_moves_the_due_moment_once(case_in, supervisor):
    case = case_in(State.HANDLING)
    found = changing(case.pk)
    coordinating.extend_case(
        number=case.number,
        days=2,
        reason="要等测绘结果。",
        most_days=found.most_days,
        until=found.extend_until,
        due_at=found.due_at,
        times=found.times,
        actor=supervisor,
        now=MONDAY + DAY,
    )
    assert due(Obligation.CASE) == at(30)
    assert changing(case.pk).most_days == 3  # the original limit, not the extended one
    assert [(done.written, done.removed) for done in refold_all()] == [(0, 0)]


def test_a_reclassification_counts_from_the_original_start(case_in, supervisor):
    case = case_in(State.HANDLING)
    found = changing(case.pk)
    do(
        Act.RECLASSIFY,
        case.number,
        supervisor,
        MONDAY + DAY,
        difficulty=Difficulty.SPECIAL,
        until=found.half_at,
    )
    assert due(Obligation.CASE) == datetime(2026, 12, 7, 17, 30, tzinfo=SHANGHAI)  # ten days from the 23rd


def test_a_redispatched_share_starts_clocks_of_its_own(case_in, supervisor):
    case = case_in(State.HANDLING)
    old = Share.objects.get()
    do(Act.REDISPATCH, case.number, supervisor, MONDAY + DAY)
    new = Share.objects.get(department_id=registry())
    running = Clock.objects.filter(stopped_at__isnull=True, share_id__isnull=False)
    assert set(running.values_list("share_id", flat=True)) == {new.pk}
    assert due(Obligation.SIGN, new.pk) == at(24, 16, 0)  # four hours from half past nine, across lunch
    assert Clock.objects.filter(share_id=old.pk, stopped_at=MONDAY + DAY, obligation="answer").exists()
    sweep(now=at(25, 9))
    assert not Card.objects.filter(share_id=old.pk).exists()


def test_a_meeting_is_due_in_two_days_and_its_minutes_in_one(case_in, supervisor):
    case = case_in(State.HANDLING)
    do(Act.CALL_MEETING, case.number, supervisor, MONDAY)
    assert due(Obligation.MEETING) == at(25)
    coordinating.hold_meeting(number=case.number, actor=supervisor, now=MONDAY + DAY)
    assert due(Obligation.MINUTES) == at(25)


def test_a_bad_rating_that_nobody_mends_earns_the_hall_its_cards(case_in, clerk):
    case = case_in(State.CLOSED)
    do(Act.CALL_BACK, case.number, clerk, MONDAY)
    me = citizen(opened=frozenset({case.pk}))
    do(Act.RATE, case.number, me, MONDAY, resolution=Resolution.UNSOLVED, grade=1)
    assert due(Obligation.RATING_CONTACT) == at(24)
    assert due(Obligation.RECTIFY) == at(30)
    sweep(now=at(30, 18))
    sweep(now=datetime(2026, 12, 1, 9, tzinfo=SHANGHAI))
    found = Card.objects.order_by("at", "pk").values_list("obligation", "colour", "hall_id")
    late = [card for card in found if card[1] == "yellow"]
    assert late == [("rectify", "yellow", case.hall_id)]
    assert ("rating_contact", "blue", case.hall_id) in list(found)
    assert [(done.written, done.removed) for done in refold_all()] == [(0, 0)]


def test_a_second_bad_rating_is_mended_anew(case_in, clerk):
    case = case_in(State.CLOSED)
    me, bad = citizen(opened=frozenset({case.pk})), {"resolution": Resolution.UNSOLVED, "grade": 2}
    do(Act.RATE, case.number, me, MONDAY, **bad)
    do(Act.RECTIFY, case.number, clerk, MONDAY + DAY)
    assert not Clock.objects.filter(obligation="rectify", stopped_at__isnull=True).exists()
    do(Act.RATE, case.number, me, MONDAY + 2 * DAY, **bad)
    assert Clock.objects.filter(obligation="rectify").count() == 2
    assert due(Obligation.RECTIFY) == datetime(2026, 12, 2, 17, 30, tzinfo=SHANGHAI)
