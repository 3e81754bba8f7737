"""Lists of cases for the rooms: keyset pages, no counts over joins, personal data masked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from cases.models import Case, Share
from cases.rules.classes import ShareRole
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.content import people_and_summaries

# Closed, badly rated and not yet mended (差评待整改), as the partial index has it.
TO_RECTIFY = Q(
    Q(rectified_at__isnull=True) | Q(rectified_at__lt=F("badly_rated_at")),
    state=State.CLOSED.value,
    badly_rated_at__isnull=False,
    erased_at__isnull=True,
)
Waiting = Collection[State] | Q  # what the cases of a queue have in common: their states, or more than that


class Row(NamedTuple):
    """One case in a list."""

    id: int
    number: str
    place: str
    state: State
    channel: str
    hall: str
    matter: str
    summary: str
    reporter: str
    difficulty: str
    lead: str
    submitted_at: datetime
    erased: bool


ROW_FIELDS = (
    "id",
    "number",
    "place",
    "state",
    "channel",
    "hall__name",
    "matter__name",
    "difficulty",
    "submitted_at",
    "erased_at",
    "key__wrapped",
    "lead_name",
)


class Slice(NamedTuple):
    """A page of a list: rows, and the id after which the next page starts (None at the end)."""

    rows: list[Row]
    next_before: int | None


def queue(
    actor: Actor,
    states: Collection[State],
    *,
    before: int | None = None,
    limit: int = 50,
    oldest_first: bool = False,
) -> Slice:
    """Cases that the actor sees in any of `states`, newest first (or oldest), by keyset on the id."""
    found = cases_seen_by(actor).filter(state__in=[state.value for state in states])
    if before is not None:
        found = found.filter(pk__gt=before) if oldest_first else found.filter(pk__lt=before)
    found = found.order_by("pk" if oldest_first else "-pk")
    return page_of(found, limit)


def to_call_back(actor: Actor, *, before: int | None = None, limit: int = 50) -> Slice:
    """Closed cases that the window has yet to call back (待回访), newest first, by keyset on the id (partial index)."""
    found = _to_call_back(actor).order_by("-pk")
    return page_of(found.filter(pk__lt=before) if before is not None else found, limit)


def _to_call_back(actor: Actor) -> QuerySet[Case]:
    return cases_seen_by(actor).filter(owing({State.CLOSED}))


def owing(waiting: Waiting) -> Q:
    """In one of the states and not done with: what is closed and called back, closed on paper, or erased, owes nothing any more."""
    if isinstance(waiting, Q):
        return waiting
    states = waiting
    going_on = Q(state__in=[state.value for state in states if state is not State.CLOSED])
    to_call_back = Q(
        state=State.CLOSED.value,
        called_back_at__isnull=True,
        closed_on_paper=False,
        erased_at__isnull=True,
    )
    return going_on | to_call_back if State.CLOSED in states else going_on


def page_of(found: QuerySet[Case], limit: int) -> Slice:
    """Turn an ordered query into rows: three queries whatever the number of rows."""
    values = list(row_values(found)[: limit + 1])
    more = len(values) > limit
    values = values[:limit]
    return Slice(rows_of(values), values[-1]["id"] if more else None)


def row_values(found: QuerySet[Case], *more: str) -> QuerySet[Case, dict[str, Any]]:
    """What a row is made of, with the lead department and the wrapped key of what is sealed; `more` names further fields."""
    leads = Share.objects.filter(case_id=OuterRef("pk"), role=ShareRole.LEAD.value, ended_at__isnull=True)
    lead = Subquery(leads.values("department__name")[:1])
    return found.annotate(lead_name=lead).values(*ROW_FIELDS, *more)


def rows_of(values: Sequence[dict[str, Any]]) -> list[Row]:
    """Open what is sealed and mask it; an erased case has no key and nobody. Two queries."""
    people, summaries = people_and_summaries(
        {v["id"]: v["key__wrapped"] for v in values if v["key__wrapped"]}
    )
    return [
        Row(
            v["id"],
            v["number"],
            v["place"],
            State(v["state"]),
            v["channel"],
            v["hall__name"],
            v["matter__name"] or "",
            summaries.get(v["id"], ""),
            next((p.name for p in people.get(v["id"], ()) if p.part == "reporter"), ""),
            v["difficulty"],
            v["lead_name"] or "",
            v["submitted_at"],
            v["erased_at"] is not None,
        )
        for v in values
    ]


def rows_by_id(actor: Actor, case_ids: Sequence[int]) -> dict[int, Row]:
    """Rows of named cases, as far as the actor sees them (for lists that start from clocks)."""
    found = cases_seen_by(actor).filter(pk__in=case_ids)
    return {row.id: row for row in page_of(found.order_by("-pk"), max(len(case_ids), 1)).rows}


class ShareLine(NamedTuple):
    """One department's part as a case page shows it."""

    id: int
    department_id: int
    department: str
    role: str
    dispatched_at: datetime
    signed_at: datetime | None
    contacted_at: datetime | None
    answered_at: datetime | None
    conclusion: str
    handler: str
    has_account: bool


def shares_of(case_id: int) -> list[ShareLine]:
    """The live shares of a case, lead first."""
    shares = Share.objects.filter(case_id=case_id, ended_at__isnull=True).select_related(
        "department", "handler"
    )
    return [
        ShareLine(
            s.pk,
            s.department_id,
            s.department.name,
            s.role,
            s.dispatched_at,
            s.signed_at,
            s.contacted_at,
            s.answered_at,
            s.conclusion,
            s.handler.name if s.handler_id else "",
            s.department.has_account,
        )
        for s in sorted(shares, key=lambda s: (s.role != "lead", s.pk))
    ]
