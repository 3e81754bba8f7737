"""亮牌: earned signals of locked, freshly folded cases become cards, their events and their notices; set-based.

Called by `sweep.judge` alone. Order of locks: the cases are locked by the caller, then the serials, then rows of the cases.
Issuing is idempotent twice over: `rules.cards.decide` looks at the cards that a case has, and the table's constraints refuse
the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from cases.rules.kinds import Happening, Kind
from cases.selectors.timelines import timelines_of
from cases.services.system_events import Entry, record_system_events
from escalation.models import Card, CardDoubt, Clock
from escalation.rules import cards as rules
from escalation.rules.cards import NUMBERED, Colour, Given, Handling, Mark, Reckoning, Trigger, Unit
from escalation.rules.clocks import Key, hall_of
from escalation.rules.hours import CHINA
from escalation.rules.ladder import Earned, Signal
from escalation.rules.notices import Scene
from escalation.rules.obligations import OBLIGATIONS, Obligation
from escalation.selectors.lateness import Lateness, first_lateness
from escalation.selectors.reckonings import case_calendars, reckoning_of
from escalation.selectors.versions import InForce, in_force
from escalation.services.notices import Owed, owe_notices


class Signalled(NamedTuple):
    """A clock with one signal that it has earned."""

    clock: Clock
    earned: Earned


class _Decided(NamedTuple):
    """A card decided on, with the clock behind it."""

    case_id: int
    given: Given
    trigger: Trigger
    reckoning: Reckoning


def issue_cards(signalled: Sequence[Signalled], *, now: datetime) -> list[Card]:
    """Issue what the signals lead to, judged by their true instants and recorded at `now`; returns the cards.

    At most a dozen statements, whatever the number of signals.
    """
    if not signalled:
        return []
    case_ids = sorted({one.clock.case_id for one in signalled})
    timelines, versions = timelines_of(case_ids), in_force()
    handlings = {case_id: Handling(timeline) for case_id, timeline in timelines.items()}
    decided = _decide(signalled, handlings, given_to(case_ids), versions)
    cards = _save(_drawn_up(decided, timelines, versions, now))
    _tell(cards, now)
    return cards


def given_to(case_ids: Sequence[int]) -> dict[int, list[Given]]:
    """The cards that the cases have; one query."""
    found: dict[int, list[Given]] = {case_id: [] for case_id in case_ids}
    for card in Card.objects.filter(case_id__in=case_ids).order_by("at", "pk").defer("evidence"):
        unit = Unit(card.department_id, card.hall_id)
        found[card.case_id].append(Given(mark_of(card), card.at, Colour(card.colour), unit, card.reopenings))
    return found


def mark_of(card: Card | CardDoubt) -> Mark:
    """Return what makes a card of its case one, also one in question."""
    return Mark(Key(Obligation(card.obligation), card.share_id, card.run), Signal(card.signal))


def _decide(
    signalled: Sequence[Signalled],
    handlings: Mapping[int, Handling],
    given: Mapping[int, Sequence[Given]],
    versions: InForce,
) -> list[_Decided]:
    """Case by case, in the order of instants: that is also the order of numbers."""
    firsts = _first_lateness(signalled, handlings, versions)
    triggers: dict[int, dict[Mark, tuple[Trigger, Reckoning]]] = {}
    for clock, (at, signal) in signalled:
        reckoning = reckoning_of(clock)
        mark = Mark(reckoning.key, signal)
        package = versions.rulebook.version(clock.rule_version)
        breach = rules.breach_of(
            package, mark.key.obligation, handlings[clock.case_id].role(mark.key.share_id)
        )
        trigger = Trigger(at, mark, breach, (clock.case_id, mark) in firsts)
        triggers.setdefault(clock.case_id, {})[mark] = (trigger, reckoning)
    found = [
        _Decided(case_id, card, *by_mark[card.mark])
        for case_id, by_mark in triggers.items()
        for card in rules.decide((t for t, _ in by_mark.values()), given[case_id], handlings[case_id])
    ]
    return sorted(found, key=lambda one: (one.given.at, one.case_id))


def _first_lateness(
    signalled: Sequence[Signalled], handlings: Mapping[int, Handling], versions: InForce
) -> set[tuple[int, Mark]]:
    """Which late signings and contacts are the first of their department in a while; one query, none without any."""
    asked = {}
    for clock, (at, signal) in signalled:
        obligation, share_id = Obligation(clock.obligation), clock.share_id
        if signal is not Signal.OVERDUE or not OBLIGATIONS[obligation].first_is_blue or share_id is None:
            continue
        key = Key(obligation, share_id, clock.run)
        department_id = handlings[clock.case_id].unit(key, at).department_id
        if department_id is not None:
            days = versions.rulebook.version(clock.rule_version).parameters.first_late_days
            asked[clock.case_id, Mark(key, signal)] = Lateness(
                department_id, at, clock.case_id, share_id, days
            )
    return {
        one for one, is_first in zip(asked, first_lateness(list(asked.values())), strict=True) if is_first
    }


def _drawn_up(
    decided: Sequence[_Decided],
    timelines: Mapping[int, Sequence[Happening]],
    versions: InForce,
    now: datetime,
) -> list[tuple[Card, Mark | None]]:
    """Cards ready to be saved, numbered in order, each with the mark of the yellow that it replaces."""
    numbers = _take_numbers(decided)
    calendars = case_calendars({one.case_id for one in decided})
    found = []
    for case_id, given, trigger, reckoning in decided:
        package = versions.rulebook.version(reckoning.rule_version)
        timeline = timelines[case_id]
        work_time = versions.work_time(hall_of(timeline), reckoning.calendar_version)
        amended = rules.amendments_until(timeline, given.mark.key, given.at)
        case_calendar = calendars.of_share(case_id, reckoning) if given.mark.key.share_id else None
        year = given.at.astimezone(CHINA).year if given.colour in NUMBERED else None
        card = Card(
            case_id=case_id,
            **given.mark.key._asdict(),
            signal=given.mark.signal.value,
            colour=given.colour.value,
            **given.unit._asdict(),
            reopenings=given.reopenings,
            at=given.at,
            recorded_at=now,
            year=year,
            number=next(numbers[year, given.colour.value]) if year else None,
            points=getattr(package.parameters.points, given.colour.value),
            counted=bool(package.parameters.points_basis),
            evidence=dict(
                rules.evidence(reckoning, trigger, given.unit, work_time, package, case_calendar, amended)
            ),
        )
        found.append((card, given.supersedes))
    return found


def _take_numbers(decided: Sequence[_Decided]) -> dict[tuple[int, str], Iterator[int]]:
    """Take the numbers of a whole batch in one statement; what is rolled back is given out again, so there are no holes."""
    wanted = Counter(
        (one.given.at.astimezone(CHINA).year, one.given.colour.value)
        for one in decided
        if one.given.colour in NUMBERED
    )
    if not wanted:
        return {}
    rows = sorted((year, colour, count) for (year, colour), count in wanted.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO escalation_cardserial AS serial (year, colour, last)"
            " SELECT * FROM unnest(%s::smallint[], %s::varchar[], %s::int[])"
            " ON CONFLICT (year, colour) DO UPDATE SET last = serial.last + excluded.last"
            " RETURNING year, colour, last",
            [list(column) for column in zip(*rows, strict=True)],
        )
        taken = cursor.fetchall()
    return {
        (year, colour): iter(range(last - wanted[year, colour] + 1, last + 1)) for year, colour, last in taken
    }


def _save(drawn_up: Sequence[tuple[Card, Mark | None]]) -> list[Card]:
    """Insert blues and yellows, then the reds, which point at yellows of this batch or of an earlier one."""
    reds = [(card, mark) for card, mark in drawn_up if card.colour == Colour.RED.value]
    others = [card for card, _ in drawn_up if card.colour != Colour.RED.value]
    Card.objects.bulk_create(others, batch_size=1000)
    if replaced := {(card.case_id, mark): card for card, mark in reds if mark}:
        yellows = Card.objects.filter(
            case_id__in={case_id for case_id, _ in replaced}, colour=Colour.YELLOW.value
        )
        for yellow in yellows:
            if red := replaced.get((yellow.case_id, mark_of(yellow))):
                red.supersedes = yellow
    Card.objects.bulk_create([card for card, _ in reds], batch_size=1000)
    return [card for card, _ in drawn_up]


def _tell(cards: Sequence[Card], now: datetime) -> None:
    """One event for each card, at its true instant, and the notices of it."""
    entries = [
        Entry(
            card.case_id,
            Kind.CARD_ISSUED,
            card.at,
            card.share_id,
            {
                "obligation": card.obligation,
                "run": card.run,
                "signal": card.signal,
                "colour": card.colour,
                "department_id": card.department_id,
                "hall_id": card.hall_id,
            },
        )
        for card in cards
    ]
    written = record_system_events(entries, now=now)
    owe_notices(
        [
            Owed(entry.case_id, Scene(_happening(entry, version, now), None, ()), card.pk)
            for card, entry, (_, version) in zip(cards, entries, written, strict=True)
        ]
    )


def _happening(entry: Entry, version: int, now: datetime) -> Happening:
    return Happening(version, entry.kind, entry.happened_at, now, entry.share_id, entry.data)
