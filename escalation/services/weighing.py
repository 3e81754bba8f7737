"""What a change does to some cases, told by the fold itself: which due moments move, and which cards come into question.

The preview asks it for the cases that cannot be told from their rows; applying asks it for locked cases, and does what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.kinds import Happening, Kind
from cases.selectors.timelines import timelines_of
from escalation.models import Card
from escalation.rules import clocks as rules
from escalation.rules.cards import Given, Handling, Mark, Trigger, breach_of
from escalation.rules.clocks import Key
from escalation.rules.ladder import Earned, Instants, Signal
from escalation.rules.obligations import OBLIGATIONS
from escalation.rules.previews import (
    Doubt,
    Moved,
    Reckoned,
    Reckonings,
    Tally,
    doubts_of,
    held_until,
    moved_of,
)
from escalation.selectors.versions import InForce
from escalation.services.cards import given_to
from escalation.services.fold import Row, Stored, is_open, rows_of, rows_wanted


class Shift(NamedTuple):
    """From what to what: the versions in force after the change, and the moment from which it holds for open clocks.

    `rule_version` is that of a rule package that open cases are to follow; None for a calendar.
    """

    versions: InForce
    began_at: datetime
    rule_version: int | None = None


class Weighed(NamedTuple):
    """One case before and after: only clocks that it has already."""

    case_id: int
    running: Reckonings
    moved: list[Moved]
    doubts: list[Doubt]
    held: dict[
        Key, datetime
    ]  # until when a clock counts as judged, so that no sweep issues what is in question
    is_pinned: bool  # it has a running clock of older rules


def count(weighed: Sequence[Weighed], tally: Tally) -> None:
    """Count what was weighed, cards left out."""
    for one in weighed:
        tally.count_moved(one.moved)
        for key, after in one.running.after.items():
            tally.count_provisional(one.running.before[key].provisional, after.provisional)


def weigh(case_ids: Sequence[int], shift: Shift, *, now: datetime) -> list[Weighed]:
    """Weigh some cases; three queries, four when some have cards."""
    timelines, stored = timelines_of(case_ids), rows_of(case_ids)
    held = given_to(sorted(set(Card.objects.filter(case_id__in=case_ids).values_list("case_id", flat=True))))
    return [
        _weigh_one(case_id, timeline, stored.get(case_id, {}), held.get(case_id, []), shift, now)
        for case_id, timeline in timelines.items()
    ]


def _weigh_one(
    case_id: int,
    timeline: Sequence[Happening],
    stored: Mapping[Key, Stored],
    given: Sequence[Given],
    shift: Shift,
    now: datetime,
) -> Weighed:
    rows = {key: found.row for key, found in stored.items()}
    timeline, is_pinned = _pinned(timeline, rows, shift)
    wanted = rows_wanted(timeline, stored, shift.versions, open_at=shift.began_at)
    before = {key: reckoned(row) for key, row in rows.items()}
    after = {key: reckoned(row) for key, row in wanted.items() if key in rows}
    stopped = {card.mark.key for card in given if _is_stopped(card.mark.key, rows, shift)}
    if stopped and shift.rule_version is None:
        number = shift.versions.calendar_number  # judged by the calendar before and after, not by older ones
        before |= _hindsight(timeline, stopped, shift.versions, number - 1)
        after |= _hindsight(timeline, stopped, shift.versions, number)
    moving = {key: one for key, one in after.items() if is_open(key, rows[key], shift.began_at)}
    both, running = Reckonings(before, after), Reckonings(before, moving)
    held = _held(running, shift.began_at)
    doubts: list[Doubt] = []
    if given or held:
        package_of = {key: row.rule_version for key, row in wanted.items()}
        handling = Handling(timeline)
        triggers = _Triggers(package_of, handling, shift.versions)
        doubts = doubts_of(case_id, both, given, handling, triggers.trigger, began_at=shift.began_at, now=now)
    return Weighed(case_id, running, moved_of(case_id, running), doubts, held, is_pinned)


def reckoned(row: Row) -> Reckoned:
    """Return what a row says of its clock."""
    rungs = Instants(row.half_at, row.soon_at, row.overdue_at, row.red_at)
    return Reckoned(row.started_at, row.due_at, rungs, row.stopped_at, row.provisional, row.judged_until)


def _pinned(
    timeline: Sequence[Happening], rows: Mapping[Key, Row], shift: Shift
) -> tuple[Sequence[Happening], bool]:
    """The timeline as it will be with 适用新规则, and whether the case has anything that follows it."""
    version, at = shift.rule_version, shift.began_at
    if version is None or not any(
        row.stopped_at is None and row.rule_version < version for row in rows.values()
    ):
        return timeline, False
    pin = Happening(timeline[-1].version + 1, Kind.RULES_APPLIED, at, at, None, {"rule_version": version})
    return [*timeline, pin], True


def _is_stopped(key: Key, rows: Mapping[Key, Row], shift: Shift) -> bool:
    return key in rows and not is_open(key, rows[key], shift.began_at)


def _hindsight(
    timeline: Sequence[Happening], stopped: set[Key], versions: InForce, number: int
) -> dict[Key, Reckoned]:
    """Stopped clocks with cards, as a calendar would have had them; they keep their own all the same."""
    work_time = versions.work_time(rules.hall_of(timeline), number)
    folded = rules.fold(timeline, versions.rulebook, lambda key: work_time)
    return {
        clock.key: Reckoned(
            clock.started_at,
            clock.due.due_at,
            clock.rungs,
            clock.stopped_at,
            clock.due.provisional,
            clock.started_at,
        )
        for clock in folded
        if clock.key in stopped
    }


def _held(running: Reckonings, began_at: datetime) -> dict[Key, datetime]:
    """Until when clocks count as judged after the change; those that stay as they are left out."""
    found = {
        key: held_until(running.before[key], after, began_at)
        for key, after in running.after.items()
        if after.stopped_at is None and after.rungs != running.before[key].rungs
    }
    return {key: until for key, until in found.items() if until is not None}


class _Triggers:
    """How an earned signal becomes a trigger: by the rules of its clock."""

    def __init__(self, package_of: Mapping[Key, int], handling: Handling, versions: InForce) -> None:
        self._package_of, self._handling, self._versions = package_of, handling, versions

    def trigger(self, key: Key, earned: Earned) -> Trigger:
        """Return the trigger. A late signing or contact counts as the first: whether it was is asked when it is issued."""
        package = self._versions.rulebook.version(self._package_of[key])
        breach = breach_of(package, key.obligation, self._handling.role(key.share_id))
        is_first = OBLIGATIONS[key.obligation].first_is_blue and earned.signal is Signal.OVERDUE
        return Trigger(earned.at, Mark(key, earned.signal), breach, is_first)
