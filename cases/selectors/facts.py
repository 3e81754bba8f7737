"""What the grant tables need to know of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cases.models import Case, Share
from cases.rules.facts import CaseFacts
from cases.rules.flow import State
from cases.selectors.cases import SEEN
from cases.selectors.queues import ShareLine


def own_facts(case: Case) -> CaseFacts:
    """Return the facts of one case without its shares: what a reporter may do never depends on them; no query."""
    return CaseFacts(
        case_id=case.pk,
        state=State(case.state),
        hall_id=case.hall_id,
        is_called_back=case.called_back_at is not None,
        is_rated=case.rated_at is not None
        and (case.rectified_at is None or case.rated_at >= case.rectified_at),
        is_badly_rated=case.badly_rated_at is not None,
        is_rater_contacted=case.rater_contacted_at is not None,
        is_rectified=case.badly_rated_at is not None
        and case.rectified_at is not None
        and case.rectified_at >= case.badly_rated_at,
        reopenings=case.reopenings,
        is_erased=case.erased_at is not None,
    )


def facts_of(case: Case, shares: Iterable[ShareLine] | None = None) -> CaseFacts:
    """Return the facts of one case; one query for the shares that count for sight, none when the live ones are at hand."""
    if shares is None:
        rows = Share.objects.filter(SEEN, case=case)
        found = list(rows.values_list("department_id", "signed_at", "answered_at", "department__has_account"))
    else:
        found = [
            (share.department_id, share.signed_at, share.answered_at, share.has_account) for share in shares
        ]
    waiting = [row for row in found if row[2] is None]
    return replace(
        own_facts(case),
        department_ids=frozenset(row[0] for row in found),
        waiting_department_ids=frozenset(row[0] for row in waiting),
        unsigned_department_ids=frozenset(row[0] for row in waiting if row[1] is None),
        carried_department_ids=frozenset(row[0] for row in waiting if not row[3]),
    )
