"""One keyed digest for everything that is not encryption: HMAC with SM3 (GB/T 32905), domain-separated by a label.

SM3 throughout and not by setting: an index or a chain written under one algorithm must be found again after the field
cipher was changed.
"""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes, hmac

DIGEST_BYTES = 32


def hmac_sm3(key: bytes, label: str, *parts: bytes) -> bytes:
    """Return 32 bytes over label and parts; lengths are part of the input, so parts cannot run into each other."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(label.encode() + b"\0" + b"".join(len(part).to_bytes(8, "big") + part for part in parts))
    return mac.finalize()
