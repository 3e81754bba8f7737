"""What was registered just now (刚登记的): its query code stays at hand for half an hour, sealed, in the clerk's session."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from cases.services.drafts import open_draft, seal_draft
from cases.services.intake import Filed

SHOWN_FOR = 1800  # seconds that the query code is shown
KEPT = "registered"


class Fresh(NamedTuple):
    """A case registered just now: its query code, and earlier cases of the same telephone."""

    case_id: int
    code: str
    earlier: list[int]


def keep_fresh(request: HttpRequest, filed: Filed, earlier: list[int], now: datetime) -> None:
    """Remember a registration; the next one takes its place."""
    kept = {"id": filed.case.pk, "code": filed.query_code, "at": now.isoformat(), "earlier": earlier}
    request.session[KEPT] = seal_draft(kept)


def fresh_of(request: HttpRequest, case_id: int | None = None) -> Fresh | None:
    """What was registered in the last half hour, if it is this case; what is older is forgotten."""
    if KEPT not in request.session:
        return None
    kept = open_draft(request.session[KEPT])
    if not kept or (timezone.now() - datetime.fromisoformat(kept["at"])).total_seconds() > SHOWN_FOR:
        request.session.pop(KEPT)
        return None
    return Fresh(kept["id"], kept["code"], kept["earlier"]) if case_id in (None, kept["id"]) else None
