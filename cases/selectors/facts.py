"""What the grant tables need to know of a case."""

from __future__ import annotations

from cases.models import Case, Share
from cases.rules.flow import State
from cases.rules.grants import CaseFacts


def facts_of(case: Case) -> CaseFacts:
    """Return the facts of one case (one query: its live shares)."""
    shares = Share.objects.filter(case=case, ended_at__isnull=True).values_list(
        "department_id", "answered_at"
    )
    return CaseFacts(
        case_id=case.pk,
        state=State(case.state),
        hall_id=case.hall_id,
        department_ids=frozenset(department for department, _ in shares),
        waiting_department_ids=frozenset(department for department, answered in shares if answered is None),
        is_erased=case.erased_at is not None,
    )
