"""Lists of cases for the rooms: keyset pages, no counts over joins, personal data masked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from cases.models import Case, Share
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.content import people_and_summaries


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


def page_of(found: QuerySet[Case], limit: int) -> Slice:
    """Turn an ordered query into rows: five queries whatever the number of rows."""
    values = list(
        found.values(
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
        )[: limit + 1]
    )
    more = len(values) > limit
    values = values[:limit]
    rows = rows_of(values)
    return Slice(rows, values[-1]["id"] if more else None)


def rows_of(values: Sequence[dict]) -> list[Row]:
    """Add masked reporter, first words and lead department to case values."""
    ids = [value["id"] for value in values]
    (people, summaries), leads = people_and_summaries(ids), leads_of(ids)
    return [
        Row(
            v["id"],
            v["number"],
            v["place"],
            State(v["state"]),
            v["channel"],
            v["hall__name"],
            v["matter__name"] or "",
            summaries[v["id"]],
            next((p.name for p in people[v["id"]] if p.part == "reporter"), ""),
            v["difficulty"],
            leads.get(v["id"], ""),
            v["submitted_at"],
            v["erased_at"] is not None,
        )
        for v in values
    ]


def leads_of(case_ids: Sequence[int]) -> dict[int, str]:
    """Name of the lead department of each case that has one."""
    shares = Share.objects.filter(case_id__in=case_ids, role="lead", ended_at__isnull=True)
    return dict(shares.values_list("case_id", "department__name"))


def rows_by_id(actor: Actor, case_ids: Sequence[int]) -> dict[int, Row]:
    """Rows of named cases, as far as the actor sees them (for lists that start from clocks)."""
    found = cases_seen_by(actor).filter(pk__in=case_ids)
    return {row.id: row for row in page_of(found.order_by("-pk"), max(len(case_ids), 1)).rows}


def count_up_to(actor: Actor, states: Collection[State], *, limit: int = 99) -> int:
    """How many cases the actor sees in `states`, counted no further than `limit`."""
    found = cases_seen_by(actor).filter(state__in=[state.value for state in states])
    return found.order_by("pk").values("pk")[: limit + 1].count()


class ShareLine(NamedTuple):
    """One department's part as a case page shows it."""

    id: int
    department_id: int
    department: str
    role: str
    dispatched_at: datetime
    answered_at: datetime | None
    conclusion: str
    handler: str


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
            s.answered_at,
            s.conclusion,
            s.handler.name if s.handler_id else "",
        )
        for s in sorted(shares, key=lambda s: (s.role != "lead", s.pk))
    ]
