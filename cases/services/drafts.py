"""Sealing what a citizen has typed but not yet sent, and the files chosen so far: nothing personal rests in clear."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from cases.errors import BadInputError
from cases.vault import files, sealing
from cases.vault.errors import VaultError

ACCEPT = files.ACCEPT
MAX_FILES = files.MAX_FILES
MAX_FILE_MB = files.MAX_BYTES // 1024 // 1024
MAX_ALL_BYTES = files.MAX_CASE_BYTES


class DraftFile(NamedTuple):
    """A file of a draft in private storage."""

    uid: str
    path: str
    name: str
    sha256: str
    size: int


@dataclass
class _Kept:
    uid: uuid.UUID
    path: str
    sha256: str


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


def keep_file(upload: files.Upload, others: Iterable[DraftFile], *, now: datetime) -> DraftFile:
    """Check, clean and seal one upload beside the `others` of its draft. Errors: BadInputError with the reason."""
    others = list(others)
    name = upload.name or "没有名字的文件"
    if len(others) >= MAX_FILES:
        raise BadInputError("files", f"{name}：最多 {MAX_FILES} 个文件，这个没有收下。")
    try:
        stored = files.store_upload(upload, _keys()[0], day=now.date())
    except files.FileRefusedError as refused:
        raise BadInputError("files", f"{name}：{refused.message}") from None
    if sum(file.size for file in others) + stored.size > MAX_ALL_BYTES:
        files.remove([stored.path])
        limit = MAX_ALL_BYTES // 1024 // 1024
        raise BadInputError("files", f"{name}：所有文件加起来不能超过 {limit} MB，这个没有收下。")
    return DraftFile(str(stored.uid), stored.path, stored.name, stored.sha256, stored.size)


def open_kept(file: DraftFile) -> bytes:
    """Return the content of a draft's file. Errors: BadInputError when it is gone or its key is."""
    for key in _keys():
        try:
            return files.open_file(_Kept(uuid.UUID(file.uid), file.path, file.sha256), key)
        except VaultError:
            continue
    raise BadInputError("files", f"“{file.name}”已经过期，请到“材料照片”一页删掉它，再重新上传。")


def drop_files(paths: Iterable[str]) -> None:
    """Delete files of drafts that were sent or given up."""
    files.remove(paths)
