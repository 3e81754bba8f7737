"""What a change of calendar or rules does to clocks and cards (改动的影响): told alike before it is applied and after. Pure.

Applying issues and revokes no card: what comes into question is listed for a supervisor (policy.md F4, F5). Units: aware
moments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from escalation.rules.cards import Colour, Given, Handling, Mark, Trigger, Unit, decide
from escalation.rules.changes import Why
from escalation.rules.clocks import Key
from escalation.rules.ladder import Earned, Instants, Signal


class Reckoned(NamedTuple):
    """One clock as it stands under one reckoning."""

    started_at: datetime
    due_at: datetime
    rungs: Instants
    stopped_at: datetime | None
    provisional: bool
    judged_until: datetime  # the true instant of the last signal that a sweep has taken

    def instant(self, signal: Signal) -> datetime | None:
        """When the signal is due."""
        return self.rungs[_PLACE[signal]]

    def earns(self, signal: Signal, until: datetime) -> bool:
        """Whether the clock has earned the signal by `until`."""
        at = self.instant(signal)
        return (
            at is not None
            and self.started_at < at <= until
            and (self.stopped_at is None or at < self.stopped_at)
        )


LEAST = timedelta(microseconds=1)
_PLACE = {signal: place for place, signal in enumerate(Signal)}


class Moved(NamedTuple):
    """A running clock whose due moment moves."""

    case_id: int
    key: Key
    old_due_at: datetime
    new_due_at: datetime


class Doubt(NamedTuple):
    """A card in question."""

    case_id: int
    mark: Mark
    why: Why
    colour: Colour
    unit: Unit
    old_due_at: datetime
    new_due_at: datetime | None
    old_at: datetime | None
    new_at: datetime | None


@dataclass
class Tally:
    """The numbers of a change: of what would happen, or of what happened."""

    cases: int = 0  # of which at least one due moment moves
    clocks: int = 0
    later: int = 0
    earlier: int = 0
    provisional: int = 0  # newly so
    settled: int = 0  # no longer provisional
    gone: int = 0
    missing: int = 0
    errors: int = 0  # cases that could not be done and keep what they had
    by_obligation: Counter[str] = field(default_factory=Counter)

    def count_moved(self, moved: Sequence[Moved]) -> None:
        """Count what moves in one case."""
        self.cases += bool(moved)
        for one in moved:
            self.count_clock(one.key.obligation.value, one.new_due_at > one.old_due_at)

    def count_clock(self, obligation: str, is_later: bool) -> None:
        """Count one due moment that moves."""
        self.clocks += 1
        self.later += is_later
        self.earlier += not is_later
        self.by_obligation[obligation] += 1

    def count_provisional(self, before: bool, after: bool) -> None:
        """Count a clock that becomes provisional (暂定), or is so no longer."""
        self.provisional += after and not before
        self.settled += before and not after

    def count_doubts(self, doubts: Iterable[Doubt]) -> None:
        """Count cards in question."""
        for doubt in doubts:
            self.gone += doubt.why is Why.GONE
            self.missing += doubt.why is Why.MISSING

    def add(self, other: Tally) -> None:
        """Take in what another part counted."""
        for name, value in vars(other).items():
            if name == "by_obligation":
                self.by_obligation.update(value)
            else:
                setattr(self, name, getattr(self, name) + value)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it; `tally_of` reads it back.

        >>> tally_of(Tally(cases=2, by_obligation=Counter(sign=3)).as_json()) == Tally(2, by_obligation=Counter(sign=3))
        True
        """
        return {**vars(self), "by_obligation": dict(sorted(self.by_obligation.items()))}


def tally_of(document: Mapping[str, Any]) -> Tally:
    """Read what `Tally.as_json` wrote; of nothing, nothing."""
    names = Tally.__dataclass_fields__.keys()
    kept = {name: value for name, value in document.items() if name in names}
    return Tally(**{**kept, "by_obligation": Counter(kept.get("by_obligation", {}))})


class Reckonings(NamedTuple):
    """One case before and after a change; `after` has no clock that is not in `before`."""

    before: Mapping[Key, Reckoned]
    after: Mapping[Key, Reckoned]


def moved_of(case_id: int, both: Reckonings) -> list[Moved]:
    """Return the due moments that move, in the order of the fold."""
    return [
        Moved(case_id, key, both.before[key].due_at, new.due_at)
        for key, new in both.after.items()
        if key in both.before and both.before[key].due_at != new.due_at
    ]


# How a signal of a clock becomes the trigger of a card: what its breach leads to stands in a rule package.
TriggerOf = Callable[[Key, Earned], Trigger]


def doubts_of(
    case_id: int,
    both: Reckonings,
    given: Sequence[Given],
    handling: Handling,
    trigger_of: TriggerOf,
    *,
    began_at: datetime,
    now: datetime,
) -> list[Doubt]:
    """Return the cards of one case that a change puts in question.

    Issued ones that the old reckoning had earned and the new one has not, also on clocks that have stopped; and, on running
    clocks, those that the new reckoning had earned before the change began and the old one had not.
    """
    gone = [card for card in given if _is_gone(card.mark, both, now)]
    late = [
        trigger_of(key, earned)
        for key, new in both.after.items()
        if new.stopped_at is None and key in both.before
        for earned in newly_earned(both.before[key], new, began_at)
    ]
    missing = decide(late, [card for card in given if card not in gone], handling)
    return [_doubt(case_id, Why.GONE, card, both) for card in gone] + [
        _doubt(case_id, Why.MISSING, card, both) for card in missing
    ]


def newly_earned(before: Reckoned, after: Reckoned, began_at: datetime) -> list[Earned]:
    """Return the signals that only the new reckoning has earned by the moment when the change began.

    With them those that both have earned before the last of these and no sweep has taken yet: a clock stands at one moment.

    >>> from datetime import timedelta
    >>> from escalation.rules.hours import CHINA
    >>> day, zero = timedelta(days=1), datetime(2026, 11, 23, 8, 30, tzinfo=CHINA)
    >>> old = Reckoned(zero, zero + 5 * day, Instants(None, zero + 4 * day, zero + 6 * day, None), None, False, zero)
    >>> new = old._replace(rungs=Instants(None, zero + 2 * day, zero + 4 * day, None))
    >>> [earned.signal.value for earned in newly_earned(old, new, zero + 3 * day)]
    ['soon']
    """
    earned = _earned(after, began_at)
    new = [one for one in earned if not before.earns(one.signal, began_at)]
    last = held_until(before, after, began_at) if new else None
    if last is None:
        return []
    return [one for one in earned if one.at <= last and not _is_judged(before, one.signal, began_at)]


def held_until(before: Reckoned, after: Reckoned, began_at: datetime) -> datetime | None:
    """Return until when a clock counts as judged after the change; None when it stays as it is.

    Behind what only the new reckoning has earned, for that is put to a person; and behind what was judged already and comes to
    lie later, for nothing is judged twice.
    """
    earned = _earned(after, began_at)
    new = [one.at for one in earned if not before.earns(one.signal, began_at)]
    judged = [one.at for one in earned if _is_judged(before, one.signal, began_at)]
    if not new:  # then what a sweep has yet to take is left to it
        waiting = [one.at for one in earned if not _is_judged(before, one.signal, began_at)]
        judged = [at for at in judged if at < min(waiting, default=began_at + LEAST)]
    last = max([*new, *judged], default=before.judged_until)
    return last if new or last > before.judged_until else None


def _earned(clock: Reckoned, until: datetime) -> list[Earned]:
    return [
        Earned(at, signal)
        for signal in Signal
        if clock.earns(signal, until) and (at := clock.instant(signal)) is not None
    ]


def _is_judged(clock: Reckoned, signal: Signal, until: datetime) -> bool:
    """Whether a sweep has taken the signal, to a card or to none."""
    at = clock.instant(signal)
    return clock.earns(signal, until) and at is not None and at <= clock.judged_until


def _is_gone(mark: Mark, both: Reckonings, now: datetime) -> bool:
    before, after = both.before.get(mark.key), both.after.get(mark.key)
    if before is None or not before.earns(mark.signal, now):
        return False  # something else has taken its reason away
    return after is None or not after.earns(mark.signal, now)


def _doubt(case_id: int, why: Why, card: Given, both: Reckonings) -> Doubt:
    before, after = both.before[card.mark.key], both.after.get(card.mark.key)
    return Doubt(
        case_id,
        card.mark,
        why,
        card.colour,
        card.unit,
        before.due_at,
        after and after.due_at,
        before.instant(card.mark.signal),
        after and after.instant(card.mark.signal),
    )
