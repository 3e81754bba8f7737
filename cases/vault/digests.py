"""Digests on the timeline: of the texts that an event is about, and of the event itself (hash chain).

Text digests are keyed with the case's data key: they prove later what was written, and are worthless once the key is
erased. Chain hashes are keyed with `CHAIN_KEYS`, which live outside the database, so that whoever can write the database
still cannot forge a chain. A chain hash reads `<key id>:<64 hex digits>`. Source: trust.md 7.8, design.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.constant_time import bytes_eq
from django.conf import settings

from cases.vault.errors import UnknownKeyError
from cases.vault.mac import hmac_sm3


def text_digest(key: bytes, text: str) -> str:
    """Return the digest of a text under the case's key, for the event that records the text."""
    return hmac_sm3(key, "text", text.encode()).hex()


def text_matches(key: bytes, text: str, digest: str) -> bool:
    """Say whether `text` is what the event recorded."""
    return bytes_eq(text_digest(key, text).encode(), digest.encode())


def chain_hash(prev_hash: str, body: Mapping[str, Any]) -> str:
    """Return the hash of an event over the previous hash and its canonical body, under the first chain key."""
    return _hash_under(next(iter(settings.CHAIN_KEYS)), prev_hash, body)


def chain_matches(stored: str, prev_hash: str, body: Mapping[str, Any]) -> bool:
    """Say whether `stored` is the hash of this body after `prev_hash`, under the key that it names.

    Errors: UnknownKeyError when that key is not on the ring.
    """
    key_id = stored.partition(":")[0]
    return bytes_eq(_hash_under(key_id, prev_hash, body).encode(), stored.encode())


def _hash_under(key_id: str, prev_hash: str, body: Mapping[str, Any]) -> str:
    try:
        key = bytes.fromhex(settings.CHAIN_KEYS[key_id])
    except KeyError:
        raise UnknownKeyError("CHAIN_KEYS", key_id) from None
    return f"{key_id}:{hmac_sm3(key, 'chain', prev_hash.encode(), canonical(body)).hex()}"


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the one byte form of a body, the same before it is saved and after it is read back from PostgreSQL.

    Sorted keys, no spaces, UTF-8, moments in UTC with microseconds. Errors: TypeError for what would not survive the way
    through jsonb unchanged (numbers with a fraction, keys that are no text, naive moments, unknown types).
    """
    plain = _plain(body)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("keys must be text")
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a moment needs a time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | str):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")
