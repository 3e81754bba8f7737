"""The living sample city: the same every time, in all states, every chain sound. It is loaded once for all tests here."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from cases.models import Attachment, Case, Event, Hall, Rating, RegisterEntry, Share, Suspension
from cases.rules.flow import Act, State
from cases.rules.grants import Role
from cases.rules.kinds import Kind
from cases.selectors.chain import faults
from cases.selectors.queues import TO_RECTIFY
from escalation.models import Card, Clock, Notice
from escalation.rules.cards import Colour
from escalation.selectors.notices import unread_count
from escalation.services.refold import refold_all
from portal.demo.acting import ACTS
from portal.demo.cases import load_cases
from portal.demo.cast import Cast
from tests.conftest import MONDAY, actor_named, seed_city

EVENING = MONDAY.replace(hour=17)


def _picture() -> list[tuple]:
    """What the city looks like, without what is random (query codes, keys) and without keys of rows."""
    live = Case.objects.filter(register_entry__isnull=True)
    cases = live.order_by("number").values_list("number", "state", "outcome", "hall__code", "reopenings")
    clocks = Clock.objects.filter(case__in=live).order_by(
        "case__number", "obligation", "started_at", "due_at"
    )
    entered = RegisterEntry.objects.order_by("case__number").values_list("row", "case__number", "case__state")
    return [*cases, *clocks.values_list("case__number", "obligation", "started_at", "due_at"), *entered]


@pytest.fixture(scope="module")
def pictures(django_db_setup, django_db_blocker) -> Iterator[tuple[list, list]]:
    """The city of a morning, and of the evening of the same day, which stays for the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Hall.objects.exists():
            seed_city()
        with transaction.atomic():
            load_cases(MONDAY)
            morning = _picture()
            transaction.set_rollback(True)
        load_cases(EVENING)
        yield morning, _picture()
        transaction.set_rollback(True)


@pytest.fixture
def living(pictures, db) -> None:
    """The loaded city."""


def test_a_day_has_one_city(pictures):
    morning, evening = pictures
    assert morning == evening
    assert len(morning) > 300


def test_cases_stand_in_all_states(living):
    found = Counter(Case.objects.values_list("state", flat=True))
    assert set(found) == {state.value for state in State}
    assert found[State.HANDLING.value] >= 20
    assert Case.objects.count() >= 90


def test_every_act_that_a_story_can_tell_was_played(living):
    told = set(Event.objects.values_list("kind", flat=True))
    untold = {
        Kind.RULES_APPLIED,
        Kind.CALENDAR_APPLIED,
        Kind.APPEALED,
    }  # by no act of a person, or of none yet
    assert told >= set(Kind) - untold
    assert {act.value for act in Act} - set(ACTS) == {"submit", "register"}


def test_departments_are_early_late_and_joint(living):
    shares = Share.objects.filter(ended_at__isnull=True, answered_at__isnull=True)
    assert shares.filter(signed_at__isnull=True).exists()
    assert shares.filter(signed_at__isnull=False, contacted_at__isnull=True, role="lead").exists()
    assert shares.filter(contacted_at__isnull=False).exists()
    assert shares.filter(department__has_account=False).exists()
    due = {at.date() for at in Clock.objects.filter(stopped_at__isnull=True).values_list("due_at", flat=True)}
    assert {EVENING.date(), EVENING.date() + timedelta(1)} <= due
    assert min(due) < EVENING.date()


def test_cards_of_all_colours_stand_at_their_true_instants(living):
    live = Card.objects.filter(case__register_entry__isnull=True)
    assert set(live.values_list("colour", flat=True)) == {colour.value for colour in Colour}
    issued = Event.objects.filter(kind=Kind.CARD_ISSUED.value, case__register_entry__isnull=True)
    assert all(event.recorded_at - event.happened_at < timedelta(days=1) for event in issued)


def test_reporters_were_content_and_were_not(living):
    grades = set(Rating.objects.values_list("grade", flat=True))
    assert {1, 5} <= grades
    assert set(Case.objects.values_list("reopenings", flat=True)) == {0, 1}


def test_people_have_something_new_and_old_things_are_read(living):
    assert Notice.objects.filter(read_at__isnull=False).exists()
    for username in ("clerk", "lead", "shijian", "budongchan", "renshe", "supervisor"):
        assert 0 < unread_count(actor_named(username)) < 60, username


def test_time_stands_still_and_runs_again_and_limits_were_moved(living):
    assert Suspension.objects.filter(ended_on__isnull=True, planned_end__gt=EVENING.date()).exists()
    moved = Clock.objects.filter(stopped_at__isnull=True, obligation="case", changes__gt=0)
    assert moved.count() >= 4
    assert {"special", "hard"} & set(Case.objects.values_list("difficulty", flat=True))
    assert Share.objects.filter(ended_at__isnull=False, case__state="handling").exists()


def test_bad_ratings_wait_were_mended_and_were_given_again(living):
    owed = Case.objects.filter(TO_RECTIFY, hall__code="H01")
    assert owed.filter(rater_contacted_at__isnull=True).exists()
    assert owed.filter(rater_contacted_at__isnull=False).exists()
    assert list(Rating.objects.filter(mended=1).values_list("grade", flat=True)) == [4]
    assert not Card.objects.filter(obligation__in=("rating_contact", "rectify")).exists()


def test_the_paper_register_was_entered(living):
    assert RegisterEntry.objects.count() == 32
    assert Attachment.objects.count() >= 15


def test_chains_hold_and_a_refold_changes_no_row(living):
    assert list(faults()) == []
    assert [(done.written, done.removed) for done in refold_all()] == [(0, 0)]
    assert not Case.objects.exclude(version=F("folded_version")).exists()


def test_a_city_with_cases_is_left_alone(living):
    before = Event.objects.count()
    assert load_cases(EVENING) == []
    assert Event.objects.count() == before


def test_whoever_a_story_needs_is_there(living):
    cast = Cast(EVENING.date())
    for hall in cast.halls:
        assert cast.of(hall, Role.CLERK_LEAD).posts
        assert cast.of(hall, Role.CLERK).posts
    assert cast.of("S09", Role.LIAISON).user_id == cast.of("S09", Role.LIAISON, 1).user_id  # A is on leave
