"""Where a page of a list ends, as it stands in an address: a moment and an id, or an id. Nothing else is ever read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_DIGITS = 17


def place_text(place: tuple[datetime, int] | None) -> str:
    """Return the end of a page for an address; empty when there is no next page.

    >>> place_text((datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), 42)), place_text(None)
    ('1000000-42', '')
    """
    return f"{(place[0] - EPOCH) // MICROSECOND}-{place[1]}" if place else ""


def place_of(text: str) -> tuple[datetime, int] | None:
    """Read it back; whatever was not written by us starts at the beginning.

    >>> place_of("1000000-42")
    (datetime.datetime(1970, 1, 1, 0, 0, 1, tzinfo=datetime.timezone.utc), 42)
    >>> place_of(""), place_of("1e9-4"), place_of("9" * 40 + "-1"), place_of("²-1")
    (None, None, None, None)
    """
    at, _, row_id = text.partition("-")
    if (
        not (text.isascii() and at.isdecimal() and row_id.isdecimal())
        or max(len(at), len(row_id)) > MOST_DIGITS
    ):
        return None
    return EPOCH + int(at) * MICROSECOND, int(row_id)


def row_id_of(text: str) -> int | None:
    """Read an id back from an address.

    >>> row_id_of("42"), row_id_of(""), row_id_of("-1"), row_id_of("²"), row_id_of("9" * 40)
    (42, None, None, None, None)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
