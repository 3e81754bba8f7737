"""Which signals become cards, for whom: on timelines as the fold reads them, at the boundaries."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.kinds import Kind
from escalation.rules.cards import (
    Colour,
    Given,
    Handling,
    Mark,
    Reckoning,
    Trigger,
    Unit,
    breach_of,
    decide,
    evidence,
)
from escalation.rules.clocks import Clock, Key, fold
from escalation.rules.ladder import Signal, earned
from escalation.rules.limits import Breach, parse_package
from escalation.services.national import default_rules
from tests.escalation.rules.test_clocks import RULES, WORK_TIME, moment, story

PACKAGE = parse_package(default_rules())
HALL, LEAD, CO = Unit(hall_id=1), Unit(department_id=107), Unit(department_id=108)
DONE_SIGNING = ("11-18 10:20 signed 7", "11-18 10:30 contacted 7")
DISPATCHED = ("11-18 09:30 submitted", "11-18 10:00 accepted", "11-18 10:10 dispatched 7", *DONE_SIGNING)
JOINT = (*DISPATCHED, "11-18 10:40 dispatched 8 co", "11-18 10:50 signed 8")


def clocks_of(lines: tuple[str, ...], **changes) -> list[Clock]:
    return fold(story(*lines, **changes), RULES, lambda _: WORK_TIME)


def issued(*lines: str, until: str = "12-31 17:30", firsts: bool = False, given=(), **changes) -> list[Given]:
    """The cards of a story, swept once at `until`."""
    now, handling = moment(until), Handling(story(*lines, **changes))
    triggers = [
        Trigger(
            signal.at,
            Mark(clock.key, signal.signal),
            breach_of(PACKAGE, clock.key.obligation, handling.role(clock.key.share_id)),
            firsts and clock.key.obligation in {"sign", "contact"} and signal.signal is Signal.OVERDUE,
        )
        for clock in clocks_of(lines, **changes)
        for signal in earned(clock.rungs, clock.started_at, clock.stopped_at, now)
    ]
    return decide(triggers, given, handling)


def told(cards: list[Given]) -> list[tuple[str, str, str, Unit]]:
    return [(f"{c.at:%m-%d %H:%M}", c.colour.value, c.mark.key.obligation.value, c.unit) for c in cards]


@pytest.mark.parametrize(
    ("until", "colours"),
    [
        ("11-20 08:29", []),
        ("11-20 08:30", ["blue"]),
        ("11-24 08:29", ["blue"]),
        ("11-24 08:30", ["blue", "yellow"]),
        ("11-27 08:29", ["blue", "yellow"]),
        ("11-27 08:30", ["blue", "yellow", "red"]),
    ],
)
def test_due_on_monday_blue_on_friday_yellow_on_tuesday_red_on_friday(until, colours):
    cards = issued(*DISPATCHED, until=until)
    assert [card.colour.value for card in cards] == colours
    assert {card.unit for card in cards} <= {LEAD}
    assert {card.mark.key.obligation.value for card in cards} <= {"answer"}  # once, for the share


def test_a_red_replaces_the_yellow_of_its_unit():
    blue, yellow, red = issued(*DISPATCHED)
    assert (blue.supersedes, yellow.supersedes, red.supersedes) == (None, None, yellow.mark)


@pytest.mark.parametrize(
    ("answered", "late"), [("11-24 08:29", False), ("11-24 08:30", False), ("11-24 08:31", True)]
)
def test_who_answers_before_the_instant_gets_no_yellow(answered, late):
    cards = issued(*DISPATCHED, f"{answered} answered 7")
    assert ("11-24 08:30", "yellow", "answer", LEAD) in told(cards) or not late
    assert (LEAD in {card.unit for card in cards if card.colour is Colour.YELLOW}) is late


def test_a_late_co_handler_is_carded_itself_and_never_the_lead():
    cards = told(issued(*JOINT, "11-19 09:00 answered 7"))
    assert ("11-20 08:30", "yellow", "co_answer", CO) not in cards
    assert ("11-20 08:30", "yellow", "answer", CO) in cards  # half of three days: one
    assert ("11-27 08:30", "red", "case", CO) in cards  # it holds the whole case up
    assert LEAD not in {unit for _, _, _, unit in cards}


def test_the_whole_case_is_on_whoever_holds_it_up_at_that_instant():
    lines = story(*JOINT, "11-19 09:00 answered 7", "11-20 09:00 answered 8", "11-20 10:00 sent_back 7")
    handling = Handling(lines)
    holders = [
        handling.holder(moment(at)) for at in ("11-18 10:00", "11-18 10:10", "11-19 09:00", "11-20 09:00")
    ]
    assert holders == [HALL, LEAD, CO, HALL]
    assert handling.holder(moment("11-20 10:00")) == LEAD


def test_what_was_entered_later_counts_when_it_was_true_before():
    timeline = story(*DISPATCHED)
    late = timeline[2]._replace(version=99, kind=Kind.ANSWERED, happened_at=moment("11-23 09:00"))
    assert Handling([*timeline, late]).holder(moment("11-23 09:00")) == HALL
    assert Handling([*timeline, late]).holder(moment("11-23 08:59")) == LEAD


def test_soft_limits_of_the_hall_are_blue_and_to_the_hall():
    cards = told(
        issued(
            "11-18 09:30 submitted", "11-20 10:00 accepted", "11-20 10:05 dispatched 7", until="11-20 12:00"
        )
    )
    assert cards == [("11-20 08:30", "blue", "acceptance", HALL)]
    cards = told(issued(*DISPATCHED, "11-18 11:00 answered 7", "11-18 11:30 published", "11-18 12:00 closed"))
    assert cards == [("11-23 08:30", "blue", "call_back", HALL)]


def test_a_unit_has_one_yellow_within_one_handling_whatever_it_is_late_with():
    slow = ("11-18 09:30 submitted", "11-18 10:00 accepted", "11-18 10:10 dispatched 7")
    cards = told(issued(*slow, until="11-26 09:00"))
    assert cards == [
        ("11-20 08:30", "yellow", "sign", LEAD),  # and no second one for the answer on 11-24
        ("11-20 08:30", "blue", "answer", LEAD),
    ]


def test_a_first_late_signing_is_a_reminder():
    slow = ("11-18 09:30 submitted", "11-18 10:00 accepted", "11-18 10:10 dispatched 7")
    cards = told(issued(*slow, firsts=True, until="11-24 09:00"))
    assert cards == [("11-20 08:30", "blue", "sign", LEAD), ("11-24 08:30", "yellow", "answer", LEAD)]


def test_no_yellow_after_a_red_and_one_red_for_one_unit():
    again = ("11-27 09:00 answered 7", "11-27 10:00 sent_back 7")
    cards = told(issued(*DISPATCHED, *again))
    assert [(at, colour) for at, colour, _, unit in cards if unit == LEAD] == [
        ("11-20 08:30", "blue"),
        ("11-24 08:30", "yellow"),
        ("11-27 08:30", "red"),
    ]


def test_a_reopening_starts_anew():
    cards = issued(
        *DISPATCHED,
        "11-24 09:00 answered 7",
        "11-24 09:10 published",
        "11-24 09:20 closed",
        "11-25 09:00 called_back",
        "11-30 10:00 reopened",
        "11-30 10:10 dispatched 9",
        "11-30 10:20 signed 9",
        "11-30 10:30 contacted 9",
        until="12-04 09:00",
    )
    yellows = [(f"{c.at:%m-%d}", c.reopenings) for c in cards if c.colour is Colour.YELLOW]
    assert yellows == [("11-24", 0), ("12-04", 1)]


def test_sweeping_twice_or_bit_by_bit_issues_the_same():
    lines = (*JOINT, "11-25 09:00 answered 7")
    once = issued(*lines)
    assert issued(*lines, given=once) == []
    found: list[Given] = []
    for day in range(45):
        at = moment("11-18 09:00") + timedelta(days=day)
        found += issued(*lines, until=f"{at:%m-%d %H:%M}", given=found)
    assert found == once


def test_a_long_limit_has_a_blue_at_half_and_one_before_the_end():
    cards = told(issued(*DISPATCHED, difficulty="special", until="12-02 09:00"))
    assert [(at, colour) for at, colour, *_ in cards] == [("11-26 08:30", "blue"), ("12-01 08:30", "blue")]


STEPS = {
    "submitted": ["accepted"],
    "accepted": ["dispatched 7 + 8"],
    "dispatched": ["signed 7", "signed 8", "contacted 7", "answered 7", "answered 8"],
    "ready": ["published", "sent_back 7", "sent_back 8"],
    "published": ["closed"],
    "closed": ["called_back", "reopened"],
}


def walk(choices: list[tuple[int, int]]) -> list[str]:
    """A life that the state machine allows: each choice takes one of the next steps after so many minutes."""
    at, stage, waiting, round_of = moment("09-14 08:00"), "submitted", {7, 8}, 0
    lines = [f"{at:%m-%d %H:%M} submitted"]
    for pick, minutes in choices:
        at += timedelta(minutes=minutes)
        options = STEPS[stage]
        kind, *share = options[pick % len(options)].split()
        shares = [int(s) for s in share if s != "+"]
        if stage == "dispatched" and not set(shares) <= waiting:
            continue
        for number in shares:
            role = " co" if number == 8 and kind == "dispatched" else ""
            lines.append(f"{at:%m-%d %H:%M} {kind} {number + 10 * round_of}{role}")
        if not shares:
            lines.append(f"{at:%m-%d %H:%M} {kind}")
        waiting = waiting - set(shares) if kind == "answered" else waiting | set(shares)
        round_of += kind == "reopened"
        stage = {"answered": "dispatched" if waiting else "ready", "sent_back": "dispatched"}.get(kind, stage)
        stage = {"signed": stage, "contacted": stage, "called_back": stage, "reopened": "accepted"}.get(
            kind, kind if kind in STEPS else stage
        )
    return lines


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 2500)), max_size=25),
    st.lists(st.integers(0, 100), max_size=8),
)
def test_whenever_the_sweeps_come_the_cards_are_the_same(choices, sweeps):
    lines = walk(choices)
    timeline = story(*lines)
    end = timeline[-1].happened_at + timedelta(days=60)
    found: list[Given] = []
    judged: dict[Key, datetime] = {}
    for share_of_time in [*sorted(sweeps), 100]:
        now = timeline[0].happened_at + (end - timeline[0].happened_at) * share_of_time / 100
        known = [event for event in timeline if event.recorded_at <= now]
        handling, triggers = Handling(known), []
        for clock in fold(known, RULES, lambda _: WORK_TIME):
            signals = earned(clock.rungs, judged.get(clock.key, clock.started_at), clock.stopped_at, now)
            breach = breach_of(PACKAGE, clock.key.obligation, handling.role(clock.key.share_id))
            triggers += [Trigger(s.at, Mark(clock.key, s.signal), breach) for s in signals]
            judged[clock.key] = max([judged.get(clock.key, clock.started_at), *(s.at for s in signals)])
        found += decide(triggers, found, handling)
    assert sorted(found) == sorted(issued(*lines, until=f"{end:%m-%d %H:%M}"))
    graver = [(c.unit, c.reopenings, c.colour) for c in found if c.colour is not Colour.BLUE]
    assert len(set(graver)) == len(graver)
    replaced = [card.supersedes for card in found if card.supersedes]
    assert len(set(replaced)) == len(replaced)


def test_the_evidence_of_a_card_is_the_same_to_the_letter():
    clock = next(c for c in clocks_of(DISPATCHED) if c.key.obligation == "answer")
    reckoned = Reckoning(
        clock.key, clock.started_at, clock.due.due_at, clock.limit, False, clock.due.provisional, 1, 1
    )
    trigger = Trigger(moment("11-24 08:30"), Mark(clock.key, Signal.OVERDUE), Breach.LADDER)
    found = evidence(reckoned, trigger, LEAD, WORK_TIME, PACKAGE, 1, {"extended_days": 2})
    assert json.dumps(dict(found)) == (
        '{"obligation": "answer", "share_id": 7, "run": 3, "signal": "overdue", "colour": "yellow", '
        '"breach": "ladder", "first_lateness": null, "instant": "2026-11-24T08:30:00+08:00", '
        '"started_at": "2026-11-18T10:10:00+08:00", "counted_from": "2026-11-18", '
        '"due_at": "2026-11-23T17:30:00+08:00", "limit": {"amount": 1, "unit": "as_case"}, "days_over": 1, '
        '"deemed": false, "provisional": false, "rule_version": 1, "calendar_version": 1, '
        '"case_calendar_version": 1, "department_id": 107, "hall_id": null, "extended_days": 2}'
    )
