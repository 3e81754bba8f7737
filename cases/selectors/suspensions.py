"""Suspensions (中止计时): what stands still, and what has run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cases.models import Suspension


class Ended(NamedTuple):
    """A suspension whose planned end has passed and that nobody has written down as ended."""

    id: int
    case_id: int
    share_id: int | None
    version: int
    planned_end: date


def over_on(
    day: date, *, case_ids: Sequence[int] | None = None, after: int = 0, limit: int | None = None
) -> list[Ended]:
    """Return open suspensions that ended before `day`, by id; of some cases only, when named. One query (partial index)."""
    found = Suspension.objects.filter(ended_on__isnull=True, planned_end__lt=day, pk__gt=after)
    if case_ids is not None:
        found = found.filter(case_id__in=case_ids)
    rows = found.order_by("pk").values_list("pk", "case_id", "share_id", "version", "planned_end")
    return [Ended(*row) for row in rows[:limit]]
