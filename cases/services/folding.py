"""How far escalation has read each case: set by escalation alone, through this service."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection


def mark_folded(versions: Mapping[int, int]) -> None:
    """Set `folded_version` of locked cases, set-based; rows that say so already are not written."""
    if not versions:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET folded_version = v.version"
            " FROM unnest(%s::bigint[], %s::int[]) AS v(id, version)"
            " WHERE cases_case.id = v.id AND cases_case.folded_version <> v.version",
            [list(versions), list(versions.values())],
        )
