"""The data key of each case, wrapped by a key outside the database (`FIELD_KEYS`).

A wrapped key reads `<key id>:<base64>`. The first key of the ring wraps, the others only unwrap: to rotate, put a new key
in front, `rewrap` every row, then drop the old one. Erasing a case destroys its wrapped key. Unwrapping takes
microseconds, so no raw key is ever kept beyond a call.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from django.conf import settings

from cases.vault.errors import TamperedError, UnknownKeyError
from cases.vault.sealing import seal_bytes, unseal_bytes

KEY_BYTES = 32


def new_case_key() -> tuple[bytes, str]:
    """Return a fresh data key, raw and wrapped. Store the wrapped one; forget the raw one after use."""
    raw = secrets.token_bytes(KEY_BYTES)
    return raw, _wrap(raw)


def unwrap(wrapped: str) -> bytes:
    """Return the raw data key. Errors: UnknownKeyError, TamperedError."""
    key_id, _, body = wrapped.partition(":")
    try:
        sealed = base64.b64decode(body, validate=True)
    except binascii.Error:
        raise TamperedError("not a wrapped key") from None
    return unseal_bytes(_wrapping_key(key_id), sealed, f"case-key:{key_id}")


def rewrap(wrapped: str) -> str:
    """Return the same data key wrapped by the first key of the ring (rotation)."""
    return _wrap(unwrap(wrapped))


def is_current(wrapped: str) -> bool:
    """Say whether the first key of the ring wrapped this key."""
    return wrapped.partition(":")[0] == _writing_id()


def _wrap(raw: bytes) -> str:
    key_id = _writing_id()
    sealed = seal_bytes(_wrapping_key(key_id), raw, f"case-key:{key_id}")
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def _writing_id() -> str:
    return next(iter(settings.FIELD_KEYS))


def _wrapping_key(key_id: str) -> bytes:
    try:
        return bytes.fromhex(settings.FIELD_KEYS[key_id])
    except KeyError:
        raise UnknownKeyError("FIELD_KEYS", key_id) from None
