"""Sealing text and bytes under a case's data key: AES-256-GCM or SM4-GCM, by the setting `FIELD_CIPHER`.

A sealed value is one byte for the algorithm, 12 for the nonce, then cipher text with its tag. Both algorithms are always
readable, so the setting may change at any time. `aad` names the row the value belongs to; a value moved to another row,
or read under another row's name, does not open. Source: trust.md 7.6.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from cases.vault.errors import TamperedError
from cases.vault.mac import hmac_sm3

AES, SM4 = b"\x01", b"\x02"
NONCE_BYTES = 12
TAG_BYTES = 16
Sealed = bytes | bytearray | memoryview  # psycopg hands out memoryviews


def seal(key: bytes, plaintext: str, aad: str) -> bytes:
    """Seal a text for the row named by `aad`."""
    return seal_bytes(key, plaintext.encode(), aad)


def unseal(key: bytes, sealed: Sealed, aad: str) -> str:
    """Return the text. Errors: TamperedError."""
    return unseal_bytes(key, sealed, aad).decode()


def seal_bytes(key: bytes, plaintext: bytes, aad: str) -> bytes:
    """Seal bytes for the row named by `aad`, with the algorithm of the setting."""
    algorithm = SM4 if settings.FIELD_CIPHER == "sm4" else AES
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = algorithm + aad.encode()
    if algorithm == AES:
        return algorithm + nonce + AESGCM(_subkey(key, AES)).encrypt(nonce, plaintext, bound)
    encryptor = Cipher(algorithms.SM4(_subkey(key, SM4)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    body = encryptor.update(plaintext) + encryptor.finalize()
    return algorithm + nonce + body + encryptor.tag


def unseal_bytes(key: bytes, sealed: Sealed, aad: str) -> bytes:
    """Return the bytes, whichever algorithm sealed them. Errors: TamperedError."""
    sealed = bytes(sealed)
    algorithm, nonce, body = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if algorithm not in (AES, SM4) or len(body) < TAG_BYTES:
        raise TamperedError("not a sealed value")
    bound = algorithm + aad.encode()
    try:
        if algorithm == AES:
            return AESGCM(_subkey(key, AES)).decrypt(nonce, body, bound)
        mode = modes.GCM(nonce, body[-TAG_BYTES:])
        decryptor = Cipher(algorithms.SM4(_subkey(key, SM4)), mode).decryptor()
        decryptor.authenticate_additional_data(bound)
        return decryptor.update(body[:-TAG_BYTES]) + decryptor.finalize()
    except InvalidTag:
        raise TamperedError("the sealed value does not open for this row") from None


def _subkey(key: bytes, algorithm: bytes) -> bytes:
    """Derive the cipher's own key, so that one data key never serves two algorithms."""
    if len(key) != 32:
        raise ValueError("a data key has 32 bytes")
    derived = hmac_sm3(key, "seal", algorithm)
    return derived if algorithm == AES else derived[:16]
