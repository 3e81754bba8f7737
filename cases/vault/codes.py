"""Query codes (查询码): six random digits, stored only as a keyed digest bound to their case. Source: trust.md 7.2.

The digest is an HMAC and on purpose no slow hash: guesses are stopped by the throttle, and must not burn the machine.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.constant_time import bytes_eq
from django.conf import settings

from cases.rules.numbering import CODE_DIGITS
from cases.vault.mac import DIGEST_BYTES, hmac_sm3

_NO_DIGEST = bytes(DIGEST_BYTES)


def new_code() -> str:
    """Return six digits from the system's random source."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def code_digest(number: str, code: str) -> bytes:
    """Return the digest to store for a code of the case with these canonical digits."""
    return hmac_sm3(settings.CODE_PEPPER.encode(), "query-code", number.encode(), code.encode())


def code_matches(number: str, code: str, stored: bytes | memoryview | None) -> bool:
    """Compare in constant time. `stored` is None for an unknown or erased case: the same work, and never a match."""
    expected = code_digest(number, code)
    kept = _NO_DIGEST if stored is None else bytes(stored)
    return bytes_eq(expected, kept) and stored is not None
