"""Writing down what a reporter said of a closed case: by themselves, when called back, or as a paper register has it.

A bad grade (差评) is to be mended (整改); once that is done the reporter may rate a second time (policy.md F3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cases.models import Case, Rating
from cases.rules.classes import BAD_GRADES, RatingReason, Resolution
from cases.rules.kinds import Kind
from cases.selectors.facts import own_facts
from cases.selectors.handlings import events_of_handling
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
    return len(events_of_handling(case, Kind.RECTIFIED)) if case.rectified_at else 0


def last_bad_at(case: Case) -> datetime | None:
    """Return when the last bad grade of the present closing was given, by whichever way."""
    bad = case.ratings.filter(closing=case.reopenings, grade__in=sorted(BAD_GRADES))
    return bad.order_by("-given_at").values_list("given_at", flat=True).first()


def note_bad_grade(case: Case, grade: int, doing: Doing, *, by_call: bool) -> None:
    """Keep on the case what a bad grade leads to: mending, and first a contact, unless it was said when called back.

    A good grade mends nothing. The clocks follow from the timeline alike (`OBLIGATIONS`).
    """
    if grade not in BAD_GRADES:
        return
    facts = own_facts(case)
    if not facts.is_badly_rated or facts.is_rectified:
        case.badly_rated_at = doing.at
        case.rater_contacted_at = doing.at if by_call else None
    elif not by_call:
        case.rater_contacted_at = None
