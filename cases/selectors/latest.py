"""The last thing that a person did on each case: what lists say of where a case is stuck."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from cases.models import Event
from cases.rules.grants import Role
from cases.rules.kinds import Kind


class Latest(NamedTuple):
    """The newest line of a timeline that a person left; `department` is whose share it was about, or empty."""

    kind: Kind
    at: datetime
    department: str


def latest_of(case_ids: Collection[int]) -> dict[int, Latest]:
    """The last act on each case, the system's own events (亮牌) left out; one query."""
    events = Event.objects.filter(case_id__in=case_ids).exclude(role=Role.SYSTEM.value)
    newest = events.order_by("case_id", "-happened_at", "-version").distinct("case_id")
    rows = newest.values_list("case_id", "kind", "happened_at", "share__department__name")
    return {case_id: Latest(Kind(kind), at, department or "") for case_id, kind, at, department in rows}
