"""Whether a card in question stands by the calendar and the rules of now: later changes may have answered the question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.kinds import Happening
from cases.selectors.timelines import timelines_of
from escalation.rules import clocks as rules
from escalation.rules.changes import Why
from escalation.rules.clocks import Clock
from escalation.rules.ladder import earned
from escalation.selectors.doubts import DoubtView
from escalation.selectors.versions import InForce, in_force

WORDS = {
    (Why.GONE, True): "仍然成立",
    (Why.GONE, False): "仍不成立",
    (Why.MISSING, True): "仍然该亮",
    (Why.MISSING, False): "已经不该亮",
}


class Standing(NamedTuple):
    """The present reckoning: whether the signal is earned, in words; when it ends and when it is signalled, None when never."""

    holds: bool
    text: str
    due_at: datetime | None
    at: datetime | None


def standings(doubts: Iterable[DoubtView], now: datetime) -> dict[int, Standing]:
    """Return how each stands at `now`, by its id: its case folded under the present calendar and rules. Few queries for all."""
    asked = list(doubts)
    if not asked:
        return {}
    versions, timelines = in_force(), timelines_of(sorted({doubt.case_id for doubt in asked}))
    clocks = {case_id: _clocks(timeline, versions) for case_id, timeline in timelines.items()}
    return {doubt.id: _standing(doubt, clocks[doubt.case_id], now) for doubt in asked}


def _clocks(timeline: Sequence[Happening], versions: InForce) -> list[Clock]:
    """Every clock of a case by the present calendar, those that have stopped too: what was carded is judged by hindsight."""
    work_time = versions.work_time(rules.hall_of(timeline))
    return rules.fold(timeline, versions.rulebook, lambda key: work_time)


def _standing(doubt: DoubtView, clocks: Sequence[Clock], now: datetime) -> Standing:
    key, signal = doubt.mark
    clock = next((one for one in clocks if one.key == key), None)
    if clock is None:
        return Standing(False, WORDS[Why(doubt.why), False], None, None)
    signals = earned(clock.rungs, clock.started_at, clock.stopped_at, now)
    at = next((one.at for one in signals if one.signal is signal), None)
    holds = at is not None
    return Standing(holds, WORDS[Why(doubt.why), holds], clock.due.due_at, at)
