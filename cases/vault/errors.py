"""What can go wrong with keys and sealed data. None of it is the user's doing."""

from __future__ import annotations


class VaultError(Exception):
    """Base of all vault errors."""


class UnknownKeyError(VaultError):
    """A wrapped key or a hash names a key id that this process was not given."""

    def __init__(self, ring: str, key_id: str) -> None:
        super().__init__(
            f"{ring} has no key {key_id!r}; add it behind the writing key so that old data stays readable"
        )


class TamperedError(VaultError):
    """Sealed data does not open under this key for this row: changed, moved to another row, or another case's key."""
