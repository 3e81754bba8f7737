"""为什么是这一天, for clocks of a case: what the fold says of one, told in the voice of who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cases.models.causes import Cause
from cases.rules.kinds import Happening
from escalation.rules import clocks as rules
from escalation.rules.clocks import Clock, Key
from escalation.rules.deadlines import Unit
from escalation.rules.explain import ExplainStep, Tongue, Voice, Whole, explain_clock
from escalation.rules.hours import WorkTime
from escalation.rules.obligations import Obligation
from escalation.rules.pause_stories import cause_ids, pause_stories
from escalation.selectors.versions import InForce


class Asked(NamedTuple):
    """A timeline with the calendar version that each of its clocks was computed with."""

    timeline: Sequence[Happening]
    numbers: Mapping[Key, int]
    versions: InForce

    def work_time(self, key: Key) -> WorkTime:
        """The working time of one clock: that of its own version, in the hall of the case."""
        return self.versions.work_time(rules.hall_of(self.timeline), self.numbers.get(key))

    def folded(self, timeline: Sequence[Happening]) -> list[Clock]:
        """The clocks of the timeline, or of its beginning."""
        return rules.fold(timeline, self.versions.rulebook, self.work_time)


def explained(asked: Asked, key: Key, voice: Voice = Voice.STAFF) -> list[ExplainStep]:
    """Return the reckoning of one clock day by day; empty when the timeline has no such clock.

    No query, except one where outside causes (外部原因) are named; what a version contains is kept per process.
    """
    clock = next((one for one in asked.folded(asked.timeline) if one.key == key), None)
    if clock is None:
        return []
    tongue = Tongue(
        voice,
        pause_stories(asked.timeline, _sentences(asked.timeline)),
        asked.versions.source(rules.hall_of(asked.timeline), clock.calendar_version),
    )
    return explain_clock(clock, asked.work_time(key), tongue, _whole(asked, clock))


def _whole(asked: Asked, clock: Clock) -> Whole | None:
    """The whole case as it was known: for a co-handler's half at the dispatch, for a lead until the answer."""
    if clock.limit.unit is Unit.HALF_OF_CASE:
        known = [event for event in asked.timeline if event.version <= clock.key.run]
    elif clock.limit.unit is Unit.AS_CASE:
        end = clock.stopped_at
        known = [event for event in asked.timeline if end is None or event.recorded_at < end]
    else:
        return None
    cases = [one for one in asked.folded(known) if one.key.obligation is Obligation.CASE]
    before = [one for one in cases if one.started_at <= clock.started_at] or cases
    return Whole(before[-1], asked.work_time(before[-1].key)) if before else None


def _sentences(timeline: Sequence[Happening]) -> dict[int, str]:
    """What citizens read of the outside causes that a timeline names; no query when it names none."""
    ids = cause_ids(timeline)
    return dict(Cause.objects.filter(pk__in=ids).values_list("pk", "sentence")) if ids else {}
