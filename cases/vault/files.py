"""Uploaded files: checked, written anew, sealed with the key of their case, kept below `PRIVATE_FILES`.

Extension, first bytes and decoder must agree. What is stored is the rewritten content under a random name, encrypted, so
that erasing the key erases the files too. Nothing here is ever served by a path. Source: trust.md 7.3.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from django.conf import settings

from cases.vault import images, pdfs
from cases.vault.errors import TamperedError, VaultError
from cases.vault.sealing import seal_bytes, unseal_bytes

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 9  # in one step
MAX_CASE_BYTES = 60 * 1024 * 1024
MAX_NAME = 100
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf"  # for <input accept>
KINDS = "jpg、png、webp 图片或 pdf"

_DECODERS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".pdf": "PDF"}
_PDF_REFUSALS = {
    pdfs.LOCKED: "这个 PDF 有密码，请去掉密码后再上传。",
    pdfs.TOO_LONG: f"这个 PDF 超过 {pdfs.MAX_PAGES} 页，请拆开或只留需要的几页。",
    pdfs.UNREADABLE: "这个 PDF 打不开，可能已损坏，请重新导出或改用照片。",
}


class FileRefusedError(ValueError):
    """The file cannot be taken; `message` is the Chinese sentence for the person who chose it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class MissingFileError(VaultError):
    """A stored file is not where its row says: deleted, or on a disk that is not mounted."""


class Upload(Protocol):
    """What Django's UploadedFile offers of itself."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Give the content in pieces."""
        ...


class Kept(Protocol):
    """What must be known of a stored file to open it: a StoredFile or an Attachment row."""

    uid: uuid.UUID
    path: str
    sha256: str


@dataclass(frozen=True)
class StoredFile:
    """A file in private storage. `size` and `sha256` are those of the clean content, `name` is for people."""

    uid: uuid.UUID
    path: str
    mime: str
    size: int
    sha256: str
    name: str


def store_upload(upload: Upload | None, key: bytes, *, day: date) -> StoredFile:
    """Check, clean, seal and keep one upload. Errors: FileRefusedError with the reason in Chinese."""
    if upload is None or not upload.name:
        raise FileRefusedError("没有选择文件。")
    return store_file(upload.name, _read(upload), key, day=day)


def store_file(name: str, data: bytes, key: bytes, *, day: date) -> StoredFile:
    """Like `store_upload`, for bytes at hand (imports, scans)."""
    content, mime, extension = _clean(name, data)
    uid = uuid.uuid4()
    path = f"{day:%y}/{day:%m}/{uid.hex}"
    _write(_place(path), seal_bytes(key, content, _aad(uid)))
    digest = hashlib.sha256(content).hexdigest()
    return StoredFile(uid, path, mime, len(content), digest, clean_file_name(name, extension))


def open_file(kept: Kept, key: bytes) -> bytes:
    """Return the content of a stored file. Errors: MissingFileError, TamperedError."""
    try:
        sealed = _place(kept.path).read_bytes()
    except FileNotFoundError:
        raise MissingFileError(kept.path) from None
    content = unseal_bytes(key, sealed, _aad(kept.uid))
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise TamperedError("the file is not the one that its row describes")
    return content


def remove(paths: Iterable[str]) -> None:
    """Delete stored files; those already gone are no error."""
    for path in paths:
        _place(path).unlink(missing_ok=True)


def clean_file_name(name: str, extension: str) -> str:
    """Return a name fit for showing and downloading: no folders, no control or direction characters, true extension.

    >>> clean_file_name("C:\\\\证件\\\\营业执照.PNG", ".jpg"), clean_file_name("../../etc/passwd\\u202e.pdf", ".pdf")
    ('营业执照.jpg', 'passwd.pdf')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem = shown[: -len(_suffix(shown))] if _suffix(shown) in _DECODERS else shown
    return (stem.strip(" .")[:MAX_NAME] or "附件") + extension


def _read(upload: Upload) -> bytes:
    """Read no more than the limit, whatever size the browser announced."""
    if upload.size is not None and upload.size > MAX_BYTES:
        raise FileRefusedError(_too_large())
    data = bytearray()
    for chunk in upload.chunks():
        data += chunk
        if len(data) > MAX_BYTES:
            raise FileRefusedError(_too_large())
    return bytes(data)


def _too_large() -> str:
    return f"文件太大，每个不超过 {MAX_BYTES // 1024 // 1024} MB。照片可以先用手机裁剪或压缩。"


def _clean(name: str, data: bytes) -> tuple[bytes, str, str]:
    """Return clean content, MIME type and extension. Extension ∧ first bytes ∧ decoder must agree."""
    if not data:
        raise FileRefusedError("文件是空的，请重新选择。")
    if len(data) > MAX_BYTES:
        raise FileRefusedError(_too_large())
    suffix = _suffix(name)
    decoder = _DECODERS.get(suffix)
    if suffix in {".heic", ".heif"}:
        raise FileRefusedError("暂不支持 HEIC 照片，请在手机上选“兼容性最佳”或转成 jpg 后再上传。")
    if decoder is None:
        raise FileRefusedError(f"这种文件不能上传，请上传{KINDS}。")
    if _first_bytes(data) != decoder:
        raise FileRefusedError(f"文件内容和扩展名 {suffix} 不一致，请上传{KINDS}。")
    if decoder == "PDF":
        return _clean_pdf(data), "application/pdf", ".pdf"
    return _clean_image(data, decoder), "image/jpeg", ".jpg"


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _first_bytes(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "PDF" if data.startswith(b"%PDF-") else None


def _clean_image(data: bytes, decoder: str) -> bytes:
    try:
        return images.clean_image(data, decoder)
    except images.TooManyPixelsError:
        raise FileRefusedError("图片尺寸太大，请缩小后再上传。") from None
    except images.UnreadableImageError:
        raise FileRefusedError("这张图片打不开，可能没有传完整，请重新拍照或选择。") from None


def _clean_pdf(data: bytes) -> bytes:
    try:
        return pdfs.clean_pdf(data)
    except pdfs.PdfRefusedError as refused:
        raise FileRefusedError(_PDF_REFUSALS[refused.reason]) from None


def _aad(uid: uuid.UUID) -> str:
    return f"stored-file:{uid}"


def _place(path: str) -> Path:
    """Return where a relative path lies; refuse any that would lead out of private storage."""
    if not re.fullmatch(r"\d\d/\d\d/[0-9a-f]{32}", path):
        raise ValueError("not a path of private storage")
    return Path(settings.PRIVATE_FILES) / path


def _write(place: Path, sealed: bytes) -> None:
    """Write a file that only this user can read; it appears complete or not at all."""
    for folder in (place.parents[2], place.parents[1], place.parents[0]):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(sealed)
            target.flush()
            os.fsync(target.fileno())
        unfinished.rename(place)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise FileRefusedError("文件没有保存成功，请稍后再试，或把原件带到窗口。") from None
