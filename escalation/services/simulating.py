"""试算: how many cards the cases of the last 90 days would have had under a proposed rule package, beside the present one.

Both are asked of the same cases under the present calendar, as if the package had governed all of them; nothing is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cases.models import Case
from cases.rules.kinds import Happening
from cases.selectors.timelines import timelines_of
from escalation.rules import clocks as rules
from escalation.rules.cards import Colour, Handling, Mark, Trigger, breach_of, decide
from escalation.rules.ladder import Signal, earned
from escalation.rules.limits import Rulebook, RulePackage
from escalation.rules.obligations import OBLIGATIONS
from escalation.selectors.versions import InForce, in_force

SINCE = timedelta(days=90)
BATCH = 500


class _Life(NamedTuple):
    """What one case earned under one package."""

    triggers: list[Trigger]
    handling: Handling


class _Only(Rulebook):
    """One package for everything, whatever was pinned."""

    def __init__(self, package: RulePackage) -> None:
        super().__init__([package])
        self._package = package

    def version(self, number: int) -> RulePackage:
        """The one package."""
        del number
        return self._package


def simulate(
    proposed: RulePackage, *, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Any]:
    """Return the numbers of cards by colour: `present` and `proposed`, over the `cases` accepted since `since`."""
    versions, since = in_force(), now - SINCE
    ids = list(
        Case.objects.filter(submitted_at__gte=since - SINCE, accepted_at__gte=since, accepted_at__lte=now)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    packages = {"present": versions.rulebook.in_force_at(now), "proposed": proposed}
    lives: dict[str, list[tuple[int, _Life]]] = {name: [] for name in packages}
    for done, timelines in _timelines(ids):
        for case_id, timeline in timelines.items():
            handling = Handling(timeline)
            for name, package in packages.items():
                found = _earned(timeline, handling, package, versions, now)
                if found:
                    lives[name].append((case_id, _Life(found, handling)))
        progress(done, len(ids))
    counted = {name: _cards(lives[name], packages[name]) for name in packages}
    return {"cases": len(ids), "since": since.isoformat(), "against": packages["present"].version, **counted}


def _timelines(ids: Sequence[int]) -> Iterator[tuple[int, dict[int, list[Happening]]]]:
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        yield start + len(batch), timelines_of(batch)


def _earned(
    timeline: Sequence[Happening], handling: Handling, package: RulePackage, versions: InForce, now: datetime
) -> list[Trigger]:
    """The signals that a case earned by `now`, were the package the only one."""
    work_time = versions.work_time(rules.hall_of(timeline))
    return [
        Trigger(
            at,
            Mark(clock.key, signal),
            breach_of(package, clock.key.obligation, handling.role(clock.key.share_id)),
        )
        for clock in rules.fold(timeline, _Only(package), lambda key: work_time)
        for at, signal in earned(clock.rungs, clock.started_at, clock.stopped_at, now)
        if not OBLIGATIONS[clock.key.obligation].is_right
    ]


def _cards(lives: Sequence[tuple[int, _Life]], package: RulePackage) -> dict[str, int]:
    """The cards that the signals lead to, by colour."""
    firsts = _firsts(lives, package.parameters.first_late_days)
    counts = Counter(
        card.colour.value
        for case_id, life in lives
        for card in decide(
            [trigger._replace(is_first=(case_id, trigger.mark) in firsts) for trigger in life.triggers],
            [],
            life.handling,
        )
    )
    return {colour.value: counts[colour.value] for colour in Colour}


def _firsts(lives: Sequence[tuple[int, _Life]], days: int) -> set[tuple[int, Mark]]:
    """The late signings and contacts that were the first of their department in a while, among these cases."""
    late = [
        (unit.department_id, trigger.at, case_id, trigger.mark.key.share_id or 0, trigger.mark)
        for case_id, life in lives
        for trigger in life.triggers
        if trigger.mark.signal is Signal.OVERDUE and OBLIGATIONS[trigger.mark.key.obligation].first_is_blue
        for unit in [life.handling.unit(trigger.mark.key, trigger.at)]
        if unit.department_id is not None
    ]
    found: set[tuple[int, Mark]] = set()
    seen: dict[int, list[tuple[datetime, int]]] = {}
    for department_id, at, case_id, share_id, mark in sorted(late, key=lambda one: one[:4]):
        earlier = seen.setdefault(department_id, [])
        others = [one for one in earlier[-50:] if one[1] != share_id and one[0] >= at - timedelta(days=days)]
        if not others:
            found.add((case_id, mark))
        earlier.append((at, share_id))
    return found
