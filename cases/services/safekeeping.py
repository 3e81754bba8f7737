"""Keeping what is not yet part of any case, such as an uploaded register, sealed under the portal's own key (暂存)."""

from __future__ import annotations

from django.conf import settings

from cases.errors import BadInputError
from cases.vault import sealing
from cases.vault.errors import VaultError


def put_away(data: bytes, about: str) -> bytes:
    """Return the bytes sealed; `about` names the row that they belong to, and they open under no other name."""
    return sealing.seal_bytes(_keys()[0], data, f"kept:{about}")


def take_out(sealed: bytes | memoryview, about: str) -> bytes:
    """Return the bytes. Errors: BadInputError when the key is gone or the row is not theirs."""
    for key in _keys():
        try:
            return sealing.unseal_bytes(key, sealed, f"kept:{about}")
        except VaultError:
            continue
    raise BadInputError("file", "暂存的文件打不开了，请重新选择文件。")


def _keys() -> list[bytes]:
    return [bytes.fromhex(value) for value in settings.FIELD_KEYS.values()]
