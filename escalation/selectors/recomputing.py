"""A card computed again: its case folded from the timeline as it was at the card's instant, under the versions it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from cases.rules.kinds import Happening
from cases.selectors.timelines import timelines_of
from escalation.models import Card
from escalation.rules import clocks as rules
from escalation.rules.cards import Handling, Mark, Reckoning, Trigger, amendments_until, breach_of, evidence
from escalation.rules.clocks import Clock, Key
from escalation.rules.explain import ExplainStep
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.ladder import Signal
from escalation.rules.obligations import OBLIGATIONS, Obligation
from escalation.selectors.explaining import Asked, explained
from escalation.selectors.lateness import Lateness, first_lateness
from escalation.selectors.versions import InForce, in_force


class Again(NamedTuple):
    """The evidence as it comes out now (empty when the clock is no longer there), and its reckoning day by day."""

    evidence: dict[str, Any]
    steps: list[ExplainStep]


def folded_again(card: Card) -> Again:
    """Fold the case of a card again; three queries at most."""
    whole = timelines_of([card.case_id])[card.case_id]
    timeline = [event for event in whole if event.happened_at <= card.at]
    versions, hall_id = in_force(), rules.hall_of(whole)
    own, of_case = card.evidence["calendar_version"], card.evidence["case_calendar_version"]

    def work_time_of(key: Key) -> WorkTime:
        is_case = key.obligation is Obligation.CASE and of_case is not None
        return versions.work_time(hall_id, of_case if is_case else own)

    key = Key(Obligation(card.obligation), card.share_id, card.run)
    clocks = rules.fold(timeline, versions.rulebook, work_time_of)
    clock = next((one for one in clocks if one.key == key), None)
    if clock is None:
        return Again({}, [])
    found = _evidence(card, clock, timeline, versions, work_time_of(key))
    if key.share_id is not None:
        found["case_calendar_version"] = of_case
    numbers = {one.key: work_time_of(one.key).calendar.number for one in clocks}
    return Again(found, explained(Asked(timeline, numbers, versions), key))


def _evidence(
    card: Card, clock: Clock, timeline: Sequence[Happening], versions: InForce, work_time: WorkTime
) -> dict[str, Any]:
    """What `rules.cards.evidence` says now; a stop at or before the instant, and another instant, show as differences."""
    package, handling = versions.rulebook.version(clock.rule_version), Handling(timeline)
    unit, signal = handling.unit(clock.key, card.at), Signal(card.signal)
    is_first = False
    if OBLIGATIONS[clock.key.obligation].first_is_blue and signal is Signal.OVERDUE and unit.department_id:
        days = package.parameters.first_late_days
        (is_first,) = first_lateness(
            [Lateness(unit.department_id, card.at, card.case_id, clock.key.share_id or 0, days)]
        )
    breach = breach_of(package, clock.key.obligation, handling.role(clock.key.share_id))
    trigger = Trigger(card.at, Mark(clock.key, signal), breach, is_first)
    reckoning = Reckoning(
        clock.key,
        clock.started_at,
        clock.due.due_at,
        clock.limit,
        clock.deemed,
        clock.due.provisional,
        clock.calendar_version,
        clock.rule_version,
    )
    amended = amendments_until(timeline, clock.key, card.at)
    found = dict(evidence(reckoning, trigger, unit, work_time, package, None, amended))
    instant = dict(zip(Signal, clock.rungs, strict=True))[signal]
    found["instant"] = instant and instant.astimezone(CHINA).isoformat()
    if clock.stopped_at is not None and clock.stopped_at <= card.at:
        found["stopped_at"] = clock.stopped_at.astimezone(CHINA).isoformat()
    return found
