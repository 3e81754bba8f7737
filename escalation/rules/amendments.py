"""Amendments (中止、延期、改定难度): the events that move the end of a limit which already runs.

Each counts from when it was recorded: it moves no moment that had passed by then, so that what was approved after a breach
removes no card (policy.md F1, F4). Read in the order of recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cases.rules.classes import Difficulty, Nature
from cases.rules.kinds import Happening, Kind
from escalation.rules.hours import CHINA
from escalation.rules.obligations import ENDINGS
from escalation.rules.pauses import Pause

_PAUSING = frozenset({Kind.SUSPENDED, Kind.RENEWED, Kind.RESUMED})
AMENDING = _PAUSING | {Kind.EXTENDED, Kind.RECLASSIFIED}


class Pauses(NamedTuple):
    """What stands still at a moment: the suspensions of the whole case, and those of one share alone."""

    of_case: tuple[Pause, ...] = ()
    own: tuple[Pause, ...] = ()


class Amendments:
    """The amending events of one timeline."""

    __slots__ = ("_pausing", "events")

    def __init__(self, timeline: Iterable[Happening]) -> None:
        ordered = sorted(timeline, key=lambda event: event.version)
        self.events: Sequence[Happening] = [event for event in ordered if event.kind in AMENDING]
        pauses = any(event.kind in _PAUSING for event in self.events)
        read = _PAUSING | ENDINGS | {Kind.ANSWERED}
        self._pausing = [event for event in ordered if event.kind in read] if pauses else []

    def after(self, version: int, share_id: int | None, until: datetime | None) -> list[Happening]:
        """Return what was recorded after `version` and before `until` about the whole case or about this share."""
        return [
            event
            for event in self.events
            if event.version > version
            and event.share_id in (None, share_id)
            and (until is None or event.recorded_at < until)
        ]

    def pauses(self, version: int, share_id: int | None) -> Pauses:
        """Return the suspensions as they were known when the event `version` was recorded.

        One ends at the earliest of its planned end (which a renewal in time moves), of being resumed, and of the case's end;
        that of a share alone also when the share answers.
        """
        if not self._pausing:
            return Pauses()
        found: dict[int, Pause] = {}
        own: set[int] = set()
        for event in self._pausing:
            if event.version > version:
                break
            self._read(event, share_id, found, own)
        return Pauses(
            tuple(pause for of, pause in found.items() if of not in own),
            tuple(pause for of, pause in found.items() if of in own),
        )

    @staticmethod
    def _read(event: Happening, share_id: int | None, found: dict[int, Pause], own: set[int]) -> None:
        if event.kind is Kind.SUSPENDED and event.share_id in (None, share_id):
            found[event.version] = _pause(event)
            if event.share_id is not None:
                own.add(event.version)
        elif event.kind in ENDINGS or (event.kind is Kind.ANSWERED and event.share_id == share_id):
            day = event.happened_at.astimezone(CHINA).date()
            ending = found if event.kind in ENDINGS else own
            found.update({of: _ended(found[of], day) for of in ending})
        elif (of := event.data.get("of")) in found:
            pause = found[of]
            if event.kind is Kind.RESUMED:
                found[of] = _ended(pause, date.fromisoformat(event.data["ended_on"]))
            elif event.recorded_at.astimezone(CHINA).date() <= pause.until_on:
                found[of] = pause._replace(until_on=date.fromisoformat(event.data["planned_end"]))


def _pause(event: Happening) -> Pause:
    begins, ends = (date.fromisoformat(event.data[name]) for name in ("from_on", "planned_end"))
    return Pause(begins, ends, str(event.data["reason"]), event.version)


def _ended(pause: Pause, day: date) -> Pause:
    return pause._replace(until_on=min(pause.until_on, day))


def class_of(event: Happening) -> tuple[Difficulty, Nature | None]:
    """Return the two axes that an event (受理、重新办理、改定难度) sets."""
    nature = event.data.get("nature")
    return Difficulty(event.data["difficulty"]), Nature(nature) if nature else None
