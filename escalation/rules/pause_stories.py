"""What a timeline says of each suspension (中止计时): planned end, real end, outside cause. For explanations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from cases.rules.kinds import Happening, Kind
from escalation.rules.explain_words import PauseStory


def pause_stories(
    timeline: Iterable[Happening], causes: Mapping[int, str] | None = None
) -> dict[int, PauseStory]:
    """Return the story of each suspension by the version of the event that began it; `causes` are sentences by cause id.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 25, 2, tzinfo=UTC)
    >>> begun = {"reason": "upstream", "from_on": "2026-11-25", "planned_end": "2026-12-04", "cause": 9}
    >>> told = [
    ...     Happening(3, Kind.SUSPENDED, at, at, None, begun),
    ...     Happening(4, Kind.RENEWED, at, at, None, {"of": 3, "planned_end": "2026-12-11"}),
    ...     Happening(5, Kind.RESUMED, at, at, None, {"of": 3, "ended_on": "2026-12-08", "by_itself": False}),
    ... ]
    >>> story = pause_stories(told, {9: "省里的系统停机"})[3]
    >>> str(story.planned_end), str(story.ended_on), story.cause
    ('2026-12-11', '2026-12-08', '省里的系统停机')
    """
    found: dict[int, PauseStory] = {}
    for event in sorted(timeline, key=lambda event: event.version):
        data, of = event.data, event.data.get("of")
        if event.kind is Kind.SUSPENDED:
            cause = (causes or {}).get(data.get("cause") or 0, "")
            found[event.version] = PauseStory(date.fromisoformat(data["planned_end"]), None, cause)
        elif event.kind is Kind.RENEWED and of in found:
            found[of] = found[of]._replace(planned_end=date.fromisoformat(data["planned_end"]))
        elif event.kind is Kind.RESUMED and of in found:
            found[of] = found[of]._replace(ended_on=date.fromisoformat(data["ended_on"]))
    return found


def cause_ids(timeline: Iterable[Happening]) -> frozenset[int]:
    """Return the outside causes (外部原因) that suspensions of a timeline name."""
    return frozenset(
        event.data["cause"] for event in timeline if event.kind is Kind.SUSPENDED and event.data.get("cause")
    )
