"""Cards (牌): which of the signals that a case has earned become a card, of what colour, and to which unit.

Source: policy.md F4, users.md 3. Only units are carded, never persons. Within one handling of a case (from acceptance, or
from a reopening) a unit gets at most one yellow and one red, and the red replaces the yellow: one deduction. Everything is
decided by what was true at the signal's own instant, so that late and early sweeps issue the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from cases.rules.classes import ShareRole
from cases.rules.kinds import Happening, Kind
from escalation.rules.amendments import Amendments
from escalation.rules.clocks import Key, hall_of
from escalation.rules.deadlines import Limit
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.ladder import Signal
from escalation.rules.limits import Breach, RulePackage
from escalation.rules.obligations import OBLIGATIONS, Obligation, role_of, step_of


class Colour(StrEnum):
    """The colour of a card."""

    BLUE = "blue"  # 蓝色提示: a reminder, no number, no points
    YELLOW = "yellow"  # 黄牌
    RED = "red"  # 红牌


NUMBERED = frozenset({Colour.YELLOW, Colour.RED})
_GRAVITY = tuple(Colour)


class Unit(NamedTuple):
    """Who is carded: one department or one hall."""

    department_id: int | None = None
    hall_id: int | None = None


class Mark(NamedTuple):
    """What makes a card of a case one: the run of an obligation, and the signal."""

    key: Key
    signal: Signal


class Trigger(NamedTuple):
    """A signal that a clock has earned. `is_first`: the department's first lateness in a while (`rules.obligations`)."""

    at: datetime
    mark: Mark
    breach: Breach
    is_first: bool = False

    @property
    def colour(self) -> Colour:
        """The colour of the signal: reminders before the end, then by what the breach leads to.

        >>> key, at = Key(Obligation.SIGN, 7, 3), datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)
        >>> def colour(signal: Signal, breach: Breach, is_first: bool = False) -> str:
        ...     return Trigger(at, Mark(key, signal), breach, is_first).colour.value
        >>> [colour(signal, Breach.LADDER) for signal in Signal]
        ['blue', 'blue', 'yellow', 'red']
        >>> [colour(Signal.OVERDUE, *how) for how in ((Breach.BLUE,), (Breach.YELLOW,), (Breach.YELLOW, True))]
        ['blue', 'yellow', 'blue']
        """
        if self.mark.signal is Signal.RED:
            return Colour.RED
        is_late = self.mark.signal is Signal.OVERDUE
        return (
            Colour.YELLOW if is_late and self.breach is not Breach.BLUE and not self.is_first else Colour.BLUE
        )


class Given(NamedTuple):
    """A card: one that the case has, or one that it is now given. `supersedes` is the yellow that a red replaces."""

    mark: Mark
    at: datetime
    colour: Colour
    unit: Unit
    reopenings: int
    supersedes: Mark | None = None


class Handling:
    """Who had what in hand at each moment (该谁办), read from one timeline in the order of the fold."""

    def __init__(self, timeline: Iterable[Happening]) -> None:
        self._events = sorted(timeline, key=lambda event: (event.happened_at, event.version))
        self._hall = Unit(hall_id=hall_of(self._events))
        self._parts = {
            event.share_id: (role_of(event), self._answerable(event))
            for event in self._events
            if event.kind is Kind.DISPATCHED
        }

    def _answerable(self, dispatched: Happening) -> Unit:
        """The department; for one without account (代录) the hall that carries its share. Such a unit is never carded."""
        return self._hall if dispatched.data.get("carried") else Unit(dispatched.data.get("department_id"))

    def role(self, share_id: int | None) -> str:
        """Return the role of a share ("" for the case as a whole)."""
        return self._parts[share_id][0] if share_id is not None else ""

    def reopenings(self, at: datetime) -> int:
        """Return how often the case had been taken up again by `at`: each time cards start anew."""
        return sum(event.kind is Kind.REOPENED for event in self._until(at))

    def unit(self, key: Key, at: datetime) -> Unit:
        """Return who is answerable for an obligation at `at`: the share's department, the hall, or who holds the case up."""
        if key.share_id is not None:
            return self._parts[key.share_id][1]
        return self.holder(at) if key.obligation is Obligation.CASE else self._hall

    def holder(self, at: datetime) -> Unit:
        """Return who holds the case up: the lead until it has answered, then a co-handler who has not, else the hall."""
        waiting: dict[int | None, tuple[str, Unit]] = {}
        for event in self._until(at):
            if event.kind in {Kind.DISPATCHED, Kind.SENT_BACK}:
                waiting[event.share_id] = self._parts[event.share_id]
            elif event.kind in {Kind.ANSWERED, Kind.RETURNED}:
                waiting.pop(event.share_id, None)
            elif event.kind is Kind.REOPENED:
                waiting.clear()
        order = sorted(waiting.items(), key=lambda item: (item[1][0] != ShareRole.LEAD, item[0] or 0))
        return order[0][1][1] if order else self._hall

    def _until(self, at: datetime) -> list[Happening]:
        return [event for event in self._events if event.happened_at <= at]


def decide(triggers: Iterable[Trigger], given: Sequence[Given], handling: Handling) -> list[Given]:
    """Return the cards that the triggers of one case lead to, beside those it has, in the order of issuing.

    In the order of instants; at one instant the graver first (what is late before what will be), then a share's before the
    case's, so that a lead whose own limit ends with the case's is carded once, for its share.
    """
    found: list[Given] = []
    for trigger in sorted(triggers, key=_order):
        at, mark, colour = trigger.at, trigger.mark, trigger.colour
        unit, reopenings = handling.unit(mark.key, at), handling.reopenings(at)
        present = [*given, *found]
        peers = [card for card in present if (card.unit, card.reopenings) == (unit, reopenings)]
        if any(card.mark == mark for card in present) or _is_enough(colour, at, peers):
            continue
        yellow = next((card.mark for card in peers if card.colour is Colour.YELLOW), None)
        supersedes = yellow if colour is Colour.RED else None
        found.append(Given(mark, at, colour, unit, reopenings, supersedes))
    return found


def _order(trigger: Trigger) -> tuple[Any, ...]:
    key = trigger.mark.key
    gravity = -_GRAVITY.index(trigger.colour), trigger.mark.signal not in {Signal.OVERDUE, Signal.RED}
    return (trigger.at, *gravity, key.share_id is None, key.share_id or 0, key.obligation, key.run)


def _is_enough(colour: Colour, at: datetime, peers: Iterable[Given]) -> bool:
    """Say whether the unit has what a card of this colour would tell it: one blue an instant, no yellow after a yellow or red."""
    if colour is Colour.BLUE:
        return any(card.colour is Colour.BLUE and card.at == at for card in peers)
    return any(_GRAVITY.index(card.colour) >= _GRAVITY.index(colour) for card in peers)


def breach_of(package: RulePackage, obligation: Obligation, role: str) -> Breach:
    """Return what a missed obligation leads to under a rule package."""
    if obligation is Obligation.CASE:
        return package.case_breach
    step = step_of(obligation, role)
    if step is None:
        raise NotImplementedError(obligation, role)
    return package.steps[step].breach


class Reckoning(NamedTuple):
    """A clock as its row or its fold says it: what a card's evidence is drawn from."""

    key: Key
    started_at: datetime
    due_at: datetime
    limit: Limit
    deemed: bool
    provisional: bool
    calendar_version: int
    rule_version: int


def evidence(
    clock: Reckoning,
    trigger: Trigger,
    unit: Unit,
    work_time: WorkTime,
    package: RulePackage,
    case_calendar_version: int | None,
    amended: Mapping[str, Any] = MappingProxyType({}),
) -> Mapping[str, Any]:
    """Return what a card rests on, enough to compute it again: only what was true at its instant, in plain values.

    `case_calendar_version` is that of the whole case's clock, from which a department's limit is derived. Moments are in
    China Standard Time; `days_over` counts full working days between the due day and the instant. `amended` is what
    `amendments_until` says.
    """
    return MappingProxyType(
        {
            **_signalled(clock.key, trigger),
            **_reckoned(clock, trigger.at, work_time, package),
            "rule_version": clock.rule_version,
            "calendar_version": clock.calendar_version,
            "case_calendar_version": case_calendar_version,
            "department_id": unit.department_id,
            "hall_id": unit.hall_id,
            **amended,
        }
    )


def _signalled(key: Key, trigger: Trigger) -> dict[str, Any]:
    """What was signalled, of which obligation, at which instant."""
    forgiven = OBLIGATIONS[key.obligation].first_is_blue and trigger.mark.signal is Signal.OVERDUE
    return {
        "obligation": key.obligation.value,
        "share_id": key.share_id,
        "run": key.run,
        "signal": trigger.mark.signal.value,
        "colour": trigger.colour.value,
        "breach": trigger.breach.value,
        "first_lateness": trigger.is_first if forgiven else None,
        "instant": _text(trigger.at),
    }


def _reckoned(clock: Reckoning, at: datetime, work_time: WorkTime, package: RulePackage) -> dict[str, Any]:
    """From when to when the limit ran, and by how much it was over at the instant."""
    calendar = work_time.calendar
    started_on, due_on, day = (
        moment.astimezone(CHINA).date() for moment in (clock.started_at, clock.due_at, at)
    )
    return {
        "started_at": _text(clock.started_at),
        "counted_from": calendar.received_on(started_on, package.rest_day).isoformat(),
        "due_at": _text(clock.due_at),
        "limit": {"amount": clock.limit.amount, "unit": clock.limit.unit.value},
        "days_over": calendar.count(due_on, day) if day > due_on else 0,
        "deemed": clock.deemed,
        "provisional": clock.provisional,
    }


def amendments_until(timeline: Iterable[Happening], key: Key, at: datetime) -> Mapping[str, Any]:
    """Return the suspensions and added days that counted for a clock by what was recorded until `at`; empty without any."""
    amendments = Amendments([event for event in timeline if event.recorded_at <= at])
    if not amendments.events or not OBLIGATIONS[key.obligation].pauses:
        return {}
    latest = amendments.events[-1].version
    pauses = sorted(pause for part in amendments.pauses(latest, key.share_id) for pause in part)
    days = [
        int(event.data["days"])
        for event in amendments.after(key.run, key.share_id, None)
        if event.kind is Kind.EXTENDED
    ]
    found: dict[str, Any] = {}
    if pauses:
        found["pauses"] = [[p.from_on.isoformat(), p.until_on.isoformat(), p.reason] for p in pauses]
    if days:
        found["extended_days"] = sum(days)
    return found


def _text(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat()
