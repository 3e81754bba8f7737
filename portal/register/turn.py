"""One import at a time: the second is told so at once, instead of doubling near duplicates that the first is just writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from cases.errors import BusyError

_IMPORT_LOCK = 7_201_003  # advisory lock of this session


@contextmanager
def one_import_at_a_time() -> Iterator[None]:
    """Hold the turn. Errors: BusyError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_IMPORT_LOCK])
        if not cursor.fetchone()[0]:
            raise BusyError("另一份台账正在导入，请等它结束后再试。")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_IMPORT_LOCK])
