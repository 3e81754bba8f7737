"""Locks of the engine that are no rows: PostgreSQL advisory locks, each with a name of its own."""

from __future__ import annotations

from django.db import connection, transaction

FOLDING = 0x0F01D  # shared by whoever folds, until their transaction ends
RULES = 0x0281E5  # one rule package at a time


def fold_under_current_versions() -> None:
    """Hold back whoever is about to list the clocks of older versions until this transaction, which folds, has ended.

    Taken before the versions are read: a clock is then either written under the newest ones, or found by that list.
    """
    _execute("SELECT pg_advisory_xact_lock_shared(%s)", FOLDING)


@transaction.atomic
def wait_for_folds() -> None:
    """Return once every fold is visible that may have read versions older than those committed by now."""
    _execute("SELECT pg_advisory_xact_lock(%s)", FOLDING)


def one_package_at_a_time() -> None:
    """Save rule packages one after the other; until the transaction ends."""
    _execute("SELECT pg_advisory_xact_lock(%s)", RULES)


def _execute(statement: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
