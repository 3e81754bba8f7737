"""Runs (一次计时): the events that start an obligation paired with those that stop it. The first pass of the fold.

Events are read in the order of (happened_at, version). Source: policy.md F1–F3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from cases.rules.kinds import Happening, Kind
from escalation.rules.obligations import ENDINGS, OBLIGATIONS, Obligation, starts


class Key(NamedTuple):
    """What makes a clock of a case one: obligation, share, and the version of the event that started the run."""

    obligation: Obligation
    share_id: int | None
    run: int


@dataclass
class Run:
    """A started obligation, before its due moment is known."""

    key: Key
    start: Happening
    stopped_at: datetime | None = None


_STARTED_BY: Mapping[Kind, tuple[Obligation, ...]] = MappingProxyType(
    {kind: tuple(one for one, row in OBLIGATIONS.items() if kind in row.starts) for kind in Kind}
)
_STOPPED_BY: Mapping[Kind, frozenset[Obligation]] = MappingProxyType(
    {
        kind: frozenset(
            one
            for one, row in OBLIGATIONS.items()
            if kind in row.stops or (kind in ENDINGS and not row.of_each)
        )
        for kind in Kind
    }
)
Place = tuple[
    Obligation, int | None, int
]  # what runs once at a time: obligation, share, and the event where each counts


def runs(timeline: Iterable[Happening]) -> list[Run]:
    """Pair starts and stops; a start while the same obligation runs changes nothing, a stop without a start neither.

    >>> from datetime import timedelta
    >>> from escalation.rules.hours import CHINA
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=CHINA)
    >>> def event(version: int, kind: Kind, share: int | None = None) -> Happening:
    ...     return Happening(version, kind, noon + timedelta(hours=version), noon, share, {})
    >>> story = [event(1, Kind.SUBMITTED), event(2, Kind.ACCEPTED), event(3, Kind.DISPATCHED, 7), event(4, Kind.CLOSED)]
    >>> for run in runs(story):
    ...     print(run.key.obligation, run.key.share_id, run.key.run, run.stopped_at and f"{run.stopped_at:%H}")
    acceptance None 1 14
    dispatch None 2 15
    case None 2 16
    sign 7 3 16
    return 7 3 16
    answer 7 3 16
    call_back None 4 None
    """
    found: list[Run] = []
    running: dict[Place, Run] = {}
    for event in sorted(timeline, key=lambda event: (event.happened_at, event.version)):
        stopped = _STOPPED_BY[event.kind]
        if stopped:
            for place in [place for place in running if place[0] in stopped and _is_meant(event, place)]:
                running.pop(place).stopped_at = event.happened_at
        for obligation in _STARTED_BY[event.kind]:
            row = OBLIGATIONS[obligation]
            share_id = event.share_id if row.on_share else None
            place = (obligation, share_id, event.version if row.of_each else 0)
            if place not in running and starts(event, obligation):
                running[place] = Run(Key(obligation, share_id, event.version), event)
                found.append(running[place])
    return [run for run in found if not _was_done_on_paper(run)]


def _is_meant(event: Happening, place: Place) -> bool:
    """Whether a stopping event means the run at this place: that of its share, or the one that it names."""
    if event.kind in ENDINGS:
        return True
    _, share_id, each = place
    return event.data.get("of") == each if each else share_id in (None, event.share_id)


def _was_done_on_paper(run: Run) -> bool:
    """A step that began and ended before its register came into the portal has no moment of its own, and so no clock."""
    begins = starts_at(run.start, run.key.obligation)
    return begins > run.start.happened_at and run.stopped_at is not None and run.stopped_at <= begins


def starts_at(event: Happening, obligation: Obligation) -> datetime:
    """Return when an obligation begins that `event` starts.

    What a paper register tells of counts for the whole case from its own moment, for the steps from when it was entered:
    nobody could act in the portal before. A card can be appealed from when it was known (policy.md F5: of receipt).
    """
    if obligation is Obligation.APPEAL or (event.data.get("paper") and obligation is not Obligation.CASE):
        return event.recorded_at
    return event.happened_at
