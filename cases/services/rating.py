"""Writing down what a reporter said of a closed case: by themselves, when called back, or as a paper register has it.

A bad grade (差评) is to be mended (整改); once that is done the reporter may rate a second time (policy.md F3).
"""

from __future__ import annotations

from collections.abc import Sequence

from cases.models import Case, Event, Rating
from cases.rules.classes import BAD_GRADES, RatingReason, Resolution
from cases.rules.kinds import Kind
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
        mended=_mended(case),
        resolution=resolution.value if resolution else "",
        grade=grade,
        reasons=[reason.value for reason in reasons],
        given_at=doing.at,
    )
    return {"resolution": resolution.value if resolution else None, "grade": grade}


def _mended(case: Case) -> int:
    """How often the present closing was rectified before; nobody asks the timeline where it never was."""
    if case.closed_at is None or case.rectified_at is None:
        return 0
    found = Event.objects.filter(case=case, kind=Kind.RECTIFIED.value, happened_at__gte=case.closed_at)
    return found.count()


def note_bad_grade(case: Case, grade: int, doing: Doing, *, by_call: bool) -> None:
    """Keep on the case what a bad grade leads to: mending, and first a contact, unless it was said when called back.

    A good grade mends nothing. The clocks follow from the timeline alike (`OBLIGATIONS`).
    """
    if grade not in BAD_GRADES:
        return
    is_owed = case.badly_rated_at is not None and case.rectified_at is None
    if not is_owed:
        case.badly_rated_at, case.rectified_at = doing.at, None
        case.rater_contacted_at = doing.at if by_call else None
    elif not by_call:
        case.rater_contacted_at = None
