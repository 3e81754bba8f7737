"""Timelines: as escalation folds them, and as pages show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from cases.models import Case, Department, Event
from cases.rules.grants import Actor, Role, audience_of
from cases.rules.kinds import KINDS, Audience, Happening, Kind, may_read

_TEXT = Cast("data", TextField())
_KINDS = {kind.value: kind for kind in Kind}


def timelines_of(case_ids: Sequence[int]) -> dict[int, list[Happening]]:
    """All events of the cases, oldest version first, in one query."""
    found: dict[int, list[Happening]] = {case_id: [] for case_id in case_ids}
    rows = (
        Event.objects.filter(case_id__in=case_ids)
        .order_by("case_id", "version")
        .values_list("case_id", "version", "kind", "happened_at", "recorded_at", "share_id", _TEXT)
    )
    read: dict[str, Mapping[str, Any]] = {}  # most events say one of a few things: each is read once
    for case_id, version, kind, happened_at, recorded_at, share_id, text in rows:
        if (data := read.get(text)) is None:
            data = read[text] = json.loads(text)
        found[case_id].append(Happening(version, _KINDS[kind], happened_at, recorded_at, share_id, data))
    return found


_LAGGING = ~Q(version=F("folded_version"))


def lagging_case_ids(limit: int) -> list[int]:
    """Ids of cases whose timeline has moved past what escalation has read (partial index)."""
    return list(Case.objects.filter(_LAGGING).order_by("id").values_list("id", flat=True)[:limit])


def lagging_count(limit: int = 1000) -> int:
    """How many cases lag, counted up to `limit`."""
    return len(lagging_case_ids(limit))


class LockedCase(NamedTuple):
    """A case row held under FOR NO KEY UPDATE until the transaction ends."""

    id: int
    version: int
    folded_version: int
    hall_id: int


def lock_cases(case_ids: Sequence[int], *, skip_locked: bool = False) -> list[LockedCase]:
    """Lock cases in one statement, ascending id; with `skip_locked` those held by others are left out."""
    rows = (
        Case.objects.select_for_update(no_key=True, skip_locked=skip_locked)
        .filter(pk__in=case_ids)
        .order_by("pk")
        .values_list("id", "version", "folded_version", "hall_id")
    )
    return [LockedCase(*row) for row in rows]


class Line(NamedTuple):
    """One line of a timeline as a page shows it."""

    version: int
    kind: Kind
    happened_at: datetime
    recorded_at: datetime
    department: str
    actor_name: str
    role: str
    data: dict[str, Any]
    actor_id: int | None = None
    is_share_over: bool = False  # taken back from the department, or of a handling before the last reopening

    @property
    def is_late_entry(self) -> bool:
        """Entered by a person later than it happened (补录); what a sweep finds it always finds a little later."""
        return self.happened_at != self.recorded_at and self.role != Role.SYSTEM.value


def lines_for(actor: Actor, case_id: int) -> list[Line]:
    """The timeline that this actor may read, newest first; two queries."""
    audience = audience_of(actor)
    kinds = [kind.value for kind in KINDS if may_read(kind, audience)]
    events = (
        Event.objects.filter(case_id=case_id, kind__in=kinds)
        .select_related("actor", "share__department")
        .order_by("-happened_at", "-version")
    )
    names = audience is not Audience.EVERYONE
    return [
        Line(
            event.version,
            Kind(event.kind),
            event.happened_at,
            event.recorded_at,
            event.share.department.name if event.share_id else "",
            event.actor.name if names and event.actor_id else "",
            event.role,
            event.data,
            event.actor_id if names else None,
            event.share_id is not None and event.share.ended_at is not None,
        )
        for event in events
    ]


def department_names(ids: Sequence[int]) -> dict[int, str]:
    """Names of departments by id."""
    return dict(Department.objects.filter(pk__in=ids).values_list("pk", "name"))


class Since(NamedTuple):
    """Who did what since a form was rendered: for the page that says "another colleague has just …"."""

    actor_name: str
    kind: Kind
    recorded_at: datetime


def since_version(actor: Actor, case_id: int, version: int) -> list[Since]:
    """What people did after `version`, as far as the actor may read it, oldest first."""
    kinds = [kind.value for kind in KINDS if may_read(kind, audience_of(actor))]
    events = (
        Event.objects.filter(case_id=case_id, version__gt=version, kind__in=kinds)
        .select_related("actor")
        .order_by("version")
    )
    return [Since(e.actor.name if e.actor_id else "", Kind(e.kind), e.recorded_at) for e in events]
