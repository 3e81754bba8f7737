"""Was this the department's first late signing or first contact in a while? Told from clock rows, that is from facts.

Cards play no part in it, so that neither the order nor the lateness of sweeps can change an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from escalation.rules.obligations import OBLIGATIONS

_FIRST_IS_BLUE = sorted(obligation.value for obligation, row in OBLIGATIONS.items() if row.first_is_blue)


class Lateness(NamedTuple):
    """A share that a department signed, or first called about, too late at the instant `at`; looked back for `days`."""

    department_id: int
    at: datetime
    case_id: int
    share_id: int
    days: int


def first_lateness(asked: Sequence[Lateness]) -> list[bool]:
    """Say for each whether no other share of the department was late in the days before; one query, none for nothing.

    Of several at one instant the one with the lowest (case, share) comes first. Signing and contact of one share are one
    occasion (users.md 3: 首次 counts the cases).
    """
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before.share_id IS NULL"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::int[]) WITH ORDINALITY"
            " AS asked(department_id, at, case_id, share_id, days, place)"
            " LEFT JOIN LATERAL ("
            "  SELECT clock.share_id FROM escalation_clock AS clock JOIN cases_share AS share ON share.id = clock.share_id"
            "  WHERE clock.obligation = ANY(%s) AND share.department_id = asked.department_id"
            "  AND (clock.stopped_at IS NULL OR clock.stopped_at > clock.overdue_at)"
            "  AND clock.overdue_at >= asked.at - make_interval(days => asked.days)"
            "  AND (clock.overdue_at, clock.case_id, clock.share_id) < (asked.at, asked.case_id, asked.share_id)"
            "  AND clock.share_id <> asked.share_id LIMIT 1"
            " ) AS before ON true ORDER BY asked.place",
            [*(list(column) for column in zip(*asked, strict=True)), _FIRST_IS_BLUE],
        )
        return [is_first for (is_first,) in cursor.fetchall()]
