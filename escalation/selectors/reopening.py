"""Until when a closed case may be taken up again (重新办理) without new facts. Source: policy.md F3, reopen."""

from __future__ import annotations

from datetime import datetime

from cases.models import Case
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.selectors.versions import InForce, in_force


def reopen_until(case: Case, versions: InForce | None = None) -> datetime | None:
    """Return the end of the last working day for it (the tenth after closing), None while the case is not closed.

    One query, none when `versions` are at hand.
    """
    if case.closed_at is None:
        return None
    versions = versions or in_force()
    book = versions.rulebook
    package = book.version(case.rule_version) if case.rule_version else book.in_force_at(case.closed_at)
    limit = Limit(Unit.DAYS, package.parameters.reopening_within_days)
    return deadline(case.closed_at, limit, versions.work_time(case.hall_id), package.rest_day).due_at
