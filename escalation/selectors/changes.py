"""Reading changes of calendar and rules (改动): the list, one with its effect, and the lines that move as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.models import Case, Event, Share
from cases.rules import words
from cases.rules.kinds import Kind
from escalation.models import Change
from escalation.rules.previews import Moved

PAGE = 50
AT_A_TIME = 5_000
EVENTS = 1_000  # read at a time, of one case each
SHOWN = 100  # lines on a page


class Line(NamedTuple):
    """One due moment that moves: of which case, what is owed and by whom, from when to when."""

    number: str
    obligation: str
    department: str
    old_due_at: datetime
    new_due_at: datetime

    @property
    def is_later(self) -> bool:
        """Whether there is more time."""
        return self.new_due_at > self.old_due_at


def changes_before(change_id: int | None) -> list[Change]:
    """Return a page of changes and one more, the newest first. One query."""
    found = Change.objects.order_by("-pk").defer("document", "preview")
    return list((found.filter(pk__lt=change_id) if change_id else found)[: PAGE + 1])


def change_of(change_id: int) -> Change | None:
    """Return one change. One query."""
    return Change.objects.filter(pk=change_id).first()


def lines_kept(change: Change, most: int | None = None) -> Iterator[Line]:
    """Yield the lines that were kept with the effect, or the first of them, the soonest first; two queries for some thousands."""
    kept = (change.preview or {}).get("lines", [])[:most]
    for start in range(0, len(kept), AT_A_TIME):
        yield from _lines(
            [
                (case_id, share_id, obligation, datetime.fromisoformat(old), datetime.fromisoformat(new))
                for case_id, obligation, share_id, _run, old, new in kept[start : start + AT_A_TIME]
            ]
        )


def lines_of(moved: Sequence[Moved]) -> Iterator[Line]:
    """Yield lines for people; two queries for some thousands."""
    for start in range(0, len(moved), AT_A_TIME):
        yield from _lines(
            [
                (one.case_id, one.key.share_id, one.key.obligation.value, one.old_due_at, one.new_due_at)
                for one in moved[start : start + AT_A_TIME]
            ]
        )


def lines_recorded(version: int) -> Iterator[Line]:
    """Yield the lines that a calendar moved when it was applied, from the timelines of the cases, in the order of the batch.

    Some hundred cases at a time, from an index of their own: nothing waits for the last one, and no cursor stays open.
    """
    events = Event.objects.filter(kind=Kind.CALENDAR_APPLIED.value, data__calendar_version=version)
    last = 0
    while rows := list(
        events.filter(pk__gt=last).order_by("pk").values_list("pk", "case_id", "data")[:EVENTS]
    ):
        last = rows[-1][0]
        yield from _lines(
            [
                (case_id, share_id, obligation, datetime.fromisoformat(old), datetime.fromisoformat(new))
                for _, case_id, data in rows
                for obligation, share_id, _run, old, new in data["moved"]
            ]
        )


def _lines(rows: Sequence[tuple[int, int | None, str, datetime, datetime]]) -> list[Line]:
    numbers = dict(Case.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "number"))
    shares = {row[1] for row in rows if row[1] is not None}
    names = dict(Share.objects.filter(pk__in=shares).values_list("pk", "department__name")) if shares else {}
    return [
        Line(numbers[case_id], words.OBLIGATIONS[obligation], names.get(share_id or 0, ""), old, new)
        for case_id, share_id, obligation, old, new in rows
    ]
