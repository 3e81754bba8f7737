"""Cards in question (待定的牌) for supervisors: those that wait, and those that were decided."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from cases.rules import words
from escalation.models import CardDoubt
from escalation.rules.cards import Mark
from escalation.rules.changes import DECISIONS, WHYS
from escalation.rules.clocks import Key
from escalation.rules.ladder import Signal
from escalation.rules.obligations import Obligation

PAGE = 50


class DoubtView(NamedTuple):
    """One card in question, with both reckonings; `choices` are the decisions that there are, with their words."""

    id: int
    case_id: int
    mark: Mark
    number: str
    unit: str
    obligation: str
    colour: str
    signal: str
    why: str
    why_text: str
    card_id: int | None
    old_due_at: datetime
    new_due_at: datetime | None
    old_at: datetime | None
    new_at: datetime | None
    change_id: int
    change_title: str
    found_at: datetime
    decision: str
    reason: str
    decided_name: str
    decided_at: datetime | None
    choices: tuple[tuple[str, str], ...]


class DoubtSlice(NamedTuple):
    """A page, the oldest first while they wait, else the newest; where the next one starts, None at the end."""

    rows: list[DoubtView]
    next_after: int | None


def doubts(*, decided: bool, change_id: int | None = None, after: int | None = None) -> DoubtSlice:
    """Return a page of cards in question, of one change if asked. One query."""
    found = _shown().filter(decided_at__isnull=not decided)
    if change_id is not None:
        found = found.filter(change_id=change_id)
    if after is not None:
        found = found.filter(pk__lt=after) if decided else found.filter(pk__gt=after)
    rows = list(found.order_by("-pk" if decided else "pk")[: PAGE + 1])
    return DoubtSlice([_view(row) for row in rows[:PAGE]], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def doubt_of(doubt_id: int) -> DoubtView | None:
    """Return one. One query."""
    row = _shown().filter(pk=doubt_id).first()
    return _view(row) if row else None


def waiting_doubts(limit: int = 1000) -> int:
    """How many wait for a decision, counted up to `limit`."""
    return CardDoubt.objects.filter(decided_at__isnull=True)[:limit].count()


def _shown() -> QuerySet[CardDoubt]:
    return CardDoubt.objects.select_related("case", "department", "hall", "change").only(
        *("case_id", "share_id", "run", "obligation"),
        *("colour", "signal", "why", "card_id", "found_at", "decision", "reason"),
        *("old_due_at", "new_due_at", "old_at", "new_at", "decided_name", "decided_at"),
        *("case__number", "department__name", "hall__name", "change__title"),
    )


def _view(row: CardDoubt) -> DoubtView:
    unit = row.department or row.hall
    return DoubtView(
        row.pk,
        row.case_id,
        Mark(Key(Obligation(row.obligation), row.share_id, row.run), Signal(row.signal)),
        row.case.number,
        unit.name if unit else "",
        words.OBLIGATIONS[row.obligation],
        row.colour,
        words.SIGNALS[row.signal],
        row.why,
        WHYS[row.why],
        row.card_id,
        row.old_due_at,
        row.new_due_at,
        row.old_at,
        row.new_at,
        row.change_id,
        row.change.title,
        row.found_at,
        DECISIONS[row.why].get(row.decision, ""),
        row.reason,
        row.decided_name,
        row.decided_at,
        tuple(DECISIONS[row.why].items()),
    )
