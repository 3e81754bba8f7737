"""Spreadsheet files as tests need them, odd ones included; the old binary format is written by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence

import openpyxl

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xlsx(
    rows: Iterable[Sequence[object]], change: Callable[[openpyxl.Workbook], object] = lambda _: None
) -> bytes:
    """Rows as a workbook, changed by `change` before it is saved."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(data: bytes, part: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part replaced or changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            old = source.read(name)
            new = content(old) if callable(content) else content
            copy.writestr(name, new if name == part else old)
    return target.getvalue()


def ole(stream: str, content: bytes) -> bytes:
    """A compound file (the container of .xls and of encrypted workbooks) with one stream."""
    content = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
    sectors = len(content) // SECTOR
    fat = [_FAT, _END, *range(3, 2 + sectors), _END]
    fat += [_FREE] * (128 - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *[_FREE] * 108)
    entries = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry(
        stream, 2, start=2, size=len(content)
    )
    return header[:512] + struct.pack("<128I", *fat) + entries.ljust(SECTOR, b"\0") + content


def _entry(name: str, kind: int, *, child: int = _FREE, start: int, size: int) -> bytes:
    told = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", told, len(told), kind, 1, _FREE, _FREE, child, b"", 0, 0, 0, start, size
    )


def xls(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as an old binary workbook (BIFF8) of one tab."""
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(value, (int, float)):
                body += _record(0x0203, place + struct.pack("<d", value))
            elif value:
                text = str(value)
                body += _record(0x0204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))
    body += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + _record(
        0x0042, struct.pack("<H", 1200)
    )
    name = "台账".encode("utf-16-le")
    sheet_at = len(start) + 4 + 8 + len(name) + 4
    start += _record(0x0085, struct.pack("<IHBB", sheet_at, 0, 2, 1) + name) + _record(0x000A, b"")
    return ole("Workbook", start + body)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
