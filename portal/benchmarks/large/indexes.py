"""Indexes and unique constraints of tables, put aside while rows are poured in and built again afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple


class Index(NamedTuple):
    """An index as PostgreSQL writes it; `constraint` is its definition when a unique constraint owns it."""

    table: str
    name: str
    create: str
    constraint: str | None


_ASKED = """
SELECT t.relname, i.relname, pg_get_indexdef(x.indexrelid), pg_get_constraintdef(c.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid
WHERE t.relname = ANY(%s) AND NOT x.indisprimary ORDER BY t.relname, i.relname
"""


def indexes_of(cursor: Any, tables: Sequence[str]) -> list[Index]:
    """Return all indexes of tables but those of primary keys, which foreign keys lean on."""
    cursor.execute(_ASKED, [list(tables)])
    return [Index(*row) for row in cursor.fetchall()]


def put_aside(cursor: Any, found: Iterable[Index]) -> None:
    """Drop the indexes, with the constraints that own some of them."""
    for one in found:
        if one.constraint:
            cursor.execute(f'ALTER TABLE {one.table} DROP CONSTRAINT "{one.name}"')
        else:
            cursor.execute(f'DROP INDEX "{one.name}"')


def building(found: Iterable[Index]) -> list[Callable[[Any], None]]:
    """Return one piece of work for each index, to be done on any connection, side by side; then `restore` the constraints."""

    def build(one: Index) -> Callable[[Any], None]:
        return lambda cursor: cursor.execute(one.create)

    return [build(one) for one in found]


def restore(cursor: Any, found: Iterable[Index]) -> None:
    """Give the constraints their indexes back."""
    for one in found:
        if one.constraint:
            cursor.execute(
                f'ALTER TABLE {one.table} ADD CONSTRAINT "{one.name}" UNIQUE USING INDEX "{one.name}"'
            )
