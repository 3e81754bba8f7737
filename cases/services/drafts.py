"""Sealing what a citizen has typed but not yet sent, and the files chosen so far: nothing personal rests in clear."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from cases.errors import BadInputError
from cases.vault import files, sealing
from cases.vault.errors import VaultError


class DraftFile(NamedTuple):
    """A file of a draft in private storage."""

    uid: str
    path: str
    name: str
    sha256: str
    size: int


def _keys() -> list[bytes]:
    return [bytes.fromhex(value) for value in settings.FIELD_KEYS.values()]


def seal_draft(values: Mapping[str, Any]) -> str:
    """Return the draft as sealed text fit for a session."""
    return sealing.seal(_keys()[0], json.dumps(values, ensure_ascii=False), "draft").hex()


def open_draft(sealed: str) -> dict[str, Any]:
    """Return a sealed draft; an unreadable one (key gone) is an empty draft."""
    for key in _keys():
        try:
            found: dict[str, Any] = json.loads(sealing.unseal(key, bytes.fromhex(sealed), "draft"))
        except (VaultError, ValueError):
            continue
        return found
    return {}


def keep_file(name: str, content: bytes, *, now: datetime) -> DraftFile:
    """Check and seal one file of a draft. Errors: BadInputError with the reason in Chinese."""
    try:
        stored = files.store_file(name, content, _keys()[0], day=now.date())
    except files.FileRefusedError as refused:
        raise BadInputError("files", f"{name}：{refused.message}") from None
    return DraftFile(str(stored.uid), stored.path, stored.name, stored.sha256, stored.size)


class _Kept(NamedTuple):
    uid: uuid.UUID
    path: str
    sha256: str


def open_kept(file: DraftFile) -> bytes:
    """Return the content of a draft's file. Errors: VaultError when it is gone."""
    return files.open_file(_Kept(uuid.UUID(file.uid), file.path, file.sha256), _keys()[0])


def drop_files(paths: list[str]) -> None:
    """Delete files of drafts that were sent or given up."""
    files.remove(paths)
