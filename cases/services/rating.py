"""Writing down what a reporter said of a closed case: by themselves, when called back, or as a paper register has it."""

from __future__ import annotations

from collections.abc import Sequence

from cases.models import Case, Rating
from cases.rules.classes import RatingReason, Resolution
from cases.services.perform import Doing


def record_rating(
    case: Case,
    source: str,
    resolution: Resolution | None,
    grade: int,
    reasons: Sequence[RatingReason],
    doing: Doing,
) -> dict[str, object]:
    """Store one rating of the present closing and return what its event says; paper knows no resolution."""
    Rating.objects.create(
        case=case,
        source=source,
        closing=case.reopenings,
        resolution=resolution.value if resolution else "",
        grade=grade,
        reasons=[reason.value for reason in reasons],
        given_at=doing.at,
    )
    return {"resolution": resolution.value if resolution else None, "grade": grade}
