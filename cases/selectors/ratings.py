"""What reporters said of a closed case (评价、回访), newest first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.models import Rating


class RatingLine(NamedTuple):
    """One rating as a case page shows it; `reasons` are codes of words.RATING_REASONS."""

    source: str
    closing: int
    mended: int
    resolution: str
    grade: int
    reasons: list[str]
    given_at: datetime


def ratings_of(case_id: int) -> list[RatingLine]:
    """All ratings of a case, newest first; one query."""
    rows = Rating.objects.filter(case_id=case_id).order_by("-given_at", "-pk")
    return [RatingLine(*row) for row in rows.values_list(*RatingLine._fields)]
