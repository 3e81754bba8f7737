"""Cards on real rows: true instants, the same late or early, once, numbered without holes, and computable again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Department, Event, Share
from cases.rules.classes import Conclusion, ContactWay
from cases.rules.flow import State
from cases.selectors.chain import faults
from cases.services import handling
from escalation.errors import CardNotFoundError
from escalation.models import Card, CardSerial, Clock
from escalation.selectors.cards import card_for, cards_of, cards_of_cases, cards_page, recomputed
from escalation.services.fold import fold_cases
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.conftest import SHANGHAI, actor_named

MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


WEDNESDAY = at("11-18 10:00")  # three working days: due Monday 2026-11-23
BLUE, YELLOW, RED = at("11-20 08:30"), at("11-24 08:30"), at("11-27 08:30")


@pytest.fixture
def in_hand(case_in, shijian):
    """`in_hand(now)` returns a case whose department has signed and called the reporter: only the answer is owed."""

    def bring(now: datetime = WEDNESDAY) -> Case:
        case = case_in(State.HANDLING, now=now)
        asked = {"number": case.number, "actor": shijian}
        handling.sign_share(**asked, now=now + 5 * MINUTE)
        handling.contact_reporter(**asked, way=ContactWay.PHONE, reached=True, now=now + 9 * MINUTE)
        case.refresh_from_db()
        return case

    return bring


def answer(case: Case, now: datetime) -> None:
    handling.answer_share(
        number=case.number, conclusion=Conclusion.DONE, text="已办好。", actor=actor_named("shijian"), now=now
    )


def told(case: Case) -> list[tuple[datetime, str, str]]:
    return [(card.at, card.colour, card.obligation) for card in Card.objects.filter(case=case).order_by("at")]


def rows() -> list[tuple]:
    """Cards without what depends on when and in which order the sweep came."""
    names = ("case_id", "share_id", "obligation", "run", "signal", "colour", "at", "evidence", "points")
    return sorted(map(str, Card.objects.values_list(*names)))


@pytest.mark.parametrize(
    ("started", "blue", "yellow", "red"),
    [
        (WEDNESDAY, BLUE, YELLOW, RED),
        (at("09-29 10:00"), at("10-08 08:30"), at("10-10 08:30"), at("10-14 08:30")),  # due Friday 10-09
        (
            at("09-30 10:00"),
            at("10-09 08:30"),
            at("10-12 08:30"),
            at("10-15 08:30"),
        ),  # due Saturday 10-10, 班
    ],
)
def test_blue_yellow_and_red_fall_on_the_days_of_the_calendar(in_hand, started, blue, yellow, red):
    case = in_hand(started)
    for instant, colours in ((blue, 1), (yellow, 2), (red, 3)):
        sweep(now=instant - MINUTE)
        assert len(told(case)) == colours - 1
        sweep(now=instant)
        assert len(told(case)) == colours
    assert told(case) == [(blue, "blue", "answer"), (yellow, "yellow", "answer"), (red, "red", "answer")]
    last = Card.objects.get(colour="red")
    assert (last.supersedes.colour, last.points, last.counted) == ("yellow", 10, False)


def test_closed_between_the_due_moment_and_the_instant_there_is_no_card(in_hand):
    case = in_hand()
    answer(case, at("11-24 08:30"))
    sweep(now=RED)
    assert [told[:2] for told in told(case)] == [
        (BLUE, "blue"),
        (YELLOW, "yellow"),  # of the case, which the window now holds up; the department's share has none
        (at("11-26 08:30"), "blue"),  # the check
        (RED, "red"),
    ]
    assert set(Card.objects.exclude(colour="blue").values_list("department", "obligation")) == {
        (None, "case")
    }


def test_days_without_a_sweep_end_like_a_sweep_each_minute(in_hand, case_in, shijian):
    in_hand()
    case_in(State.HANDLING, now=WEDNESDAY)
    case_in(State.HANDLING, now=WEDNESDAY + timedelta(hours=3))
    case_in(State.FILED, now=WEDNESDAY)
    case_in(State.CLOSED, now=WEDNESDAY)
    with transaction.atomic():
        point = transaction.savepoint()
        for day in range(18, 31):
            for minute in (-1, 0, 1, 60):
                sweep(now=at(f"11-{day} 08:30") + minute * MINUTE)
        frequent, count = rows(), CardSerial.objects.values_list("colour", "last")
        frequent_serials = sorted(count)
        transaction.savepoint_rollback(point)
    sweep(now=at("11-30 09:30"))
    assert rows() == frequent
    assert len(frequent) > 8
    assert sorted(CardSerial.objects.values_list("colour", "last")) == frequent_serials


def test_an_act_between_instant_and_late_sweep_does_not_save_the_unit(in_hand):
    case = in_hand()
    answer(case, YELLOW + MINUTE)
    sweep(now=YELLOW + timedelta(hours=5))
    card = Card.objects.get(colour="yellow")
    assert (card.at, card.recorded_at) == (YELLOW, YELLOW + timedelta(hours=5))
    assert card.department.code == "S02"
    assert case.pk == card.case_id


def test_sweeping_again_issues_nothing(in_hand):
    in_hand()
    sweep(now=RED)
    before, events = rows(), Event.objects.count()
    Clock.objects.update(judged_until=WEDNESDAY, next_signal_at=BLUE)  # as if nothing had been judged
    assert sweep(now=RED + MINUTE).cards == 0
    assert (rows(), Event.objects.count()) == (before, events)


def test_each_card_leaves_one_event_the_chain_holds_and_folding_again_changes_no_row(in_hand):
    case = in_hand()
    sweep(now=RED)
    issued = Event.objects.filter(case=case, kind="card_issued").order_by("version")
    assert list(issued.values_list("happened_at", "recorded_at", "role", "actor")) == [
        (instant, RED, "system", None) for instant in (BLUE, YELLOW, RED)
    ]
    assert [event.data["colour"] for event in issued] == ["blue", "yellow", "red"]
    case.refresh_from_db()
    assert case.folded_version == case.version == Event.objects.filter(case=case).count()
    assert list(faults()) == []
    assert fold_cases([case.pk])[1:] == (0, 0)
    assert [done[1:] for done in refold_all()] == [(0, 0)]
    answer(case, RED + MINUTE)  # the chain goes on from there
    assert list(faults()) == []


def test_a_case_that_lags_is_folded_before_its_cards_are_issued(in_hand):
    case = in_hand()
    Case.objects.filter(pk=case.pk).update(folded_version=1)
    run = sweep(now=YELLOW)
    assert (run.refolded, run.cards, run.errors) == (1, 2, 0)
    case.refresh_from_db()
    assert case.folded_version == case.version


def test_numbers_have_no_holes_and_follow_the_instants(in_hand, case_in):
    first = in_hand(WEDNESDAY + timedelta(days=1))
    second = in_hand(WEDNESDAY)
    sweep(now=RED + timedelta(days=5))
    yellows = Card.objects.filter(colour="yellow").order_by("number").values_list("case_id", "number", "year")
    assert list(yellows) == [(second.pk, 1, 2026), (first.pk, 2, 2026)]
    assert list(Card.objects.filter(colour="red").order_by("number").values_list("number", flat=True)) == [
        1,
        2,
    ]
    case_in(State.HANDLING, now=WEDNESDAY)
    sweep(now=RED + timedelta(days=6))
    for colour in ("yellow", "red"):
        numbers = list(Card.objects.filter(colour=colour).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    assert not Card.objects.filter(colour="blue", number__isnull=False).exists()
    view = cards_of(second.pk)[1]
    assert (view.label, view.unit) == ("〔2026〕黄第1号", "市市场监督管理局")


def test_the_first_late_signing_in_ninety_days_is_blue_and_the_next_yellow(case_in):
    first, second = (case_in(State.HANDLING, now=WEDNESDAY + n * MINUTE) for n in (0, 1))
    sweep(now=BLUE)
    signs = dict(Card.objects.filter(obligation="sign").values_list("case_id", "colour"))
    assert signs == {first.pk: "blue", second.pk: "yellow"}
    assert all(recomputed(card.pk).same for card in Card.objects.all())


@pytest.mark.parametrize(("days", "colour"), [(90, "yellow"), (91, "blue")])
def test_a_lateness_is_forgotten_after_ninety_days(case_in, days, colour):
    early = case_in(State.HANDLING, now=WEDNESDAY)
    again = case_in(State.HANDLING, now=WEDNESDAY)
    Clock.objects.filter(case=early, obligation="sign").update(overdue_at=BLUE - timedelta(days=days))
    sweep(now=BLUE)
    assert Card.objects.get(case=again, obligation="sign").colour == colour


def test_the_order_of_sweeping_cases_does_not_change_a_colour(case_in):
    cases = [case_in(State.HANDLING, now=WEDNESDAY + n * MINUTE) for n in range(3)]
    with transaction.atomic():
        Clock.objects.filter(case=cases[0]).update(next_signal_at=None)  # as if held by another
        sweep(now=BLUE)
        Clock.objects.filter(case=cases[0]).update(next_signal_at=BLUE)
        sweep(now=BLUE + MINUTE)
    colours = [Card.objects.get(case=case, obligation="sign").colour for case in cases]
    assert colours == ["blue", "yellow", "yellow"]


def test_a_card_can_be_computed_again_until_something_is_entered_later(in_hand):
    case = in_hand()
    sweep(now=RED)
    assert [recomputed(card.id).same for card in cards_of(case.pk)] == [True] * 3
    handling.answer_share(
        number=case.number,
        conclusion=Conclusion.DONE,
        text="已办好。",
        actor=actor_named("shijian"),
        now=RED + MINUTE,
        happened_at=at("11-23 09:00"),
    )
    late = {card.colour: recomputed(card.id) for card in cards_of(case.pk)}
    assert late["blue"].same
    assert list(late["yellow"].differences) == ["stopped_at"]


def test_the_evidence_is_enough_to_compute_it_again(in_hand):
    case = in_hand()
    sweep(now=YELLOW)
    share = Share.objects.get(case=case)
    found = Card.objects.get(colour="yellow").evidence
    assert found == {
        "obligation": "answer",
        "share_id": share.pk,
        "run": 3,
        "signal": "overdue",
        "colour": "yellow",
        "breach": "ladder",
        "first_lateness": None,
        "instant": "2026-11-24T08:30:00+08:00",
        "started_at": "2026-11-18T10:00:00+08:00",
        "counted_from": "2026-11-18",
        "due_at": "2026-11-23T17:30:00+08:00",
        "limit": {"amount": 1, "unit": "as_case"},
        "days_over": 1,
        "deemed": False,
        "provisional": False,
        "rule_version": 1,
        "calendar_version": 1,
        "case_calendar_version": 1,
        "department_id": share.department_id,
        "hall_id": None,
    }


def test_a_card_never_changes_and_never_goes(in_hand):
    in_hand()
    sweep(now=YELLOW)
    for act in (lambda: Card.objects.update(points=0), lambda: Card.objects.all().delete()):
        with pytest.raises(Error, match="Cannot"), transaction.atomic():
            act()


def test_supervision_sees_all_cards_a_unit_its_own_and_nobody_else_any(
    in_hand, case_in, supervisor, viewer, shijian, budongchan, lead, dongqu, admin
):
    in_hand()
    case_in(State.FILED, now=WEDNESDAY)
    sweep(now=YELLOW)
    department = Card.objects.get(colour="yellow")
    hall = Card.objects.get(obligation="acceptance")
    everything = {card.pk for card in Card.objects.all()}
    own = set(Card.objects.filter(department__code="S02").values_list("pk", flat=True))
    seen = {
        name: {row.id for row in cards_page(actor).rows}
        for name, actor in {
            "supervisor": supervisor,
            "viewer": viewer,
            "shijian": shijian,
            "lead": lead,
            "budongchan": budongchan,
            "dongqu": dongqu,
            "admin": admin,
        }.items()
    }
    assert seen["supervisor"] == seen["viewer"] == everything
    assert (seen["shijian"], seen["lead"]) == (own, {hall.pk})
    assert seen["budongchan"] == seen["dongqu"] == seen["admin"] == set()
    assert card_for(shijian, department.pk).steps[0].text.startswith("2026年11月18日（周三）10:00 开始")
    for actor, card in ((budongchan, department), (shijian, hall), (supervisor, Card(pk=0))):
        with pytest.raises(CardNotFoundError):
            card_for(actor, card.pk)


def test_a_department_keeps_seeing_its_cards_after_its_share_has_ended(in_hand, shijian):
    case = in_hand()
    sweep(now=YELLOW)
    Share.objects.filter(case=case).update(ended_at=YELLOW)
    assert len(cards_page(shijian).rows) == 2


def test_lists_of_cards_are_pages_and_cost_one_query(in_hand, supervisor):
    cases = [in_hand(WEDNESDAY + n * MINUTE) for n in range(3)]
    sweep(now=RED)
    page = cards_page(supervisor, colour="red", limit=2)
    rest = cards_page(supervisor, colour="red", before=page.next_before, limit=2)
    assert [len(page.rows), len(rest.rows), rest.next_before] == [2, 1, None]
    other = Department.objects.exclude(code="S02").first()
    assert cards_page(supervisor, department_id=other.pk).rows == []
    for read in (lambda: cards_page(supervisor), lambda: cards_of_cases([case.pk for case in cases])):
        with CaptureQueriesContext(connection) as captured:
            read()
        assert len(captured) == 1
    yellow = next(row for row in cards_page(supervisor, colour="yellow").rows)
    assert yellow.superseded_by in {row.id for row in (*page.rows, *rest.rows)}
