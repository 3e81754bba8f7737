"""试算: how many cards the cases of the last 90 days would have had under a proposed rule package, beside the present one.

Both are asked of the same cases under the present calendar, as if the package had governed all of them; nothing is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

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


class _Late(NamedTuple):
    """A late signing or contact of a department: whether it is its first in a while depends on other cases."""

    department_id: int
    at: datetime
    case_id: int
    share_id: int
    mark: Mark


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
    """Return the numbers of cards by colour: `present` and `proposed`, over the `cases` accepted since `since`.

    Batch by batch: kept between batches are only ids and the late signings and contacts.
    """
    versions = in_force()
    ids = list(cases_simulated(now).order_by("pk").values_list("pk", flat=True))
    packages = {"present": versions.rulebook.in_force_at(now), "proposed": proposed}
    trials = {name: _Trial(package, versions, now) for name, package in packages.items()}
    for done, timelines in _timelines(ids):
        for trial in trials.values():
            trial.try_cases(timelines)
        progress(done, len(ids))
    for trial in trials.values():
        trial.settle_firsts()
        for _, timelines in _timelines(trial.unsettled):
            trial.settle(timelines)
            progress(len(ids), len(ids))
    counted = {name: trial.by_colour() for name, trial in trials.items()}
    since = (now - SINCE).isoformat()
    return {"cases": len(ids), "since": since, "against": packages["present"].version, **counted}


def cases_simulated(now: datetime) -> QuerySet[Case]:
    """Return the cases of the last 90 days, closed ones included: each is folded under both packages."""
    since = now - SINCE
    return Case.objects.filter(submitted_at__gte=since - SINCE, accepted_at__gte=since, accepted_at__lte=now)


def _timelines(ids: Sequence[int]) -> Iterator[tuple[int, dict[int, list[Happening]]]]:
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        yield start + len(batch), timelines_of(batch)


class _Trial:
    """One package tried on cases.

    Cases with a late signing or contact are counted in a second round: which of these were the first is known after the first.
    """

    def __init__(self, package: RulePackage, versions: InForce, now: datetime) -> None:
        self._package, self._rulebook = package, _Only(package)
        self._versions, self._now = versions, now
        self._counts: Counter[str] = Counter()
        self._late: list[_Late] = []
        self._firsts: set[tuple[int, Mark]] = set()
        self.unsettled: list[int] = []

    def try_cases(self, timelines: Mapping[int, Sequence[Happening]]) -> None:
        """Count the cards of cases that can be told by themselves; keep in mind what others hang on."""
        for case_id, timeline in timelines.items():
            handling = Handling(timeline)
            triggers = self._earned(timeline, handling)
            late = _late_of(case_id, triggers, handling)
            if late:
                self._late += late
                self.unsettled.append(case_id)
            else:
                self._count(triggers, handling)

    def settle_firsts(self) -> None:
        """Find out which late signings and contacts were the first of their department."""
        self._firsts = _firsts(self._late, self._package.parameters.first_late_days)
        self._late = []

    def settle(self, timelines: Mapping[int, Sequence[Happening]]) -> None:
        """Count the cards of cases with late signings or contacts."""
        for case_id, timeline in timelines.items():
            handling = Handling(timeline)
            self._count(
                [
                    trigger._replace(is_first=(case_id, trigger.mark) in self._firsts)
                    for trigger in self._earned(timeline, handling)
                ],
                handling,
            )

    def by_colour(self) -> dict[str, int]:
        """The cards counted so far."""
        return {colour.value: self._counts[colour.value] for colour in Colour}

    def _count(self, triggers: Sequence[Trigger], handling: Handling) -> None:
        self._counts.update(card.colour.value for card in decide(triggers, [], handling))

    def _earned(self, timeline: Sequence[Happening], handling: Handling) -> list[Trigger]:
        """The signals that a case earned by now, were the package the only one."""
        work_time, package = self._versions.work_time(rules.hall_of(timeline)), self._package
        return [
            Trigger(
                at,
                Mark(clock.key, signal),
                breach_of(package, clock.key.obligation, handling.role(clock.key.share_id)),
            )
            for clock in rules.fold(timeline, self._rulebook, lambda key: work_time)
            for at, signal in earned(clock.rungs, clock.started_at, clock.stopped_at, self._now)
            if not OBLIGATIONS[clock.key.obligation].is_right
        ]


def _late_of(case_id: int, triggers: Sequence[Trigger], handling: Handling) -> list[_Late]:
    return [
        _Late(unit.department_id, trigger.at, case_id, trigger.mark.key.share_id or 0, trigger.mark)
        for trigger in triggers
        if trigger.mark.signal is Signal.OVERDUE and OBLIGATIONS[trigger.mark.key.obligation].first_is_blue
        for unit in [handling.unit(trigger.mark.key, trigger.at)]
        if unit.department_id is not None
    ]


def _firsts(late: Sequence[_Late], days: int) -> set[tuple[int, Mark]]:
    """The late signings and contacts that were the first of their department in a while, among these cases."""
    found: set[tuple[int, Mark]] = set()
    seen: dict[int, list[tuple[datetime, int]]] = {}
    for department_id, at, case_id, share_id, mark in sorted(late, key=lambda one: one[:4]):
        earlier = seen.setdefault(department_id, [])
        others = [one for one in earlier[-50:] if one[1] != share_id and one[0] >= at - timedelta(days=days)]
        if not others:
            found.add((case_id, mark))
        earlier.append((at, share_id))
    return found
