"""Registers as tests bring them: the sample office's, and any other made from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from portal.demo import city
from portal.register.importing import KNOWN
from portal.sheets import Sheet, read_sheet

REGISTER = Path(city.__file__).parent / "data" / "register.csv"


def table() -> list[list[str]]:
    """The sample office's register, header first."""
    return list(csv.reader(io.StringIO(REGISTER.read_text("utf-8-sig"), newline="")))


def as_csv(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """Rows as a csv file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    tab = book.create_sheet("台账")
    for row in rows:
        tab.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(data: bytes, name: str = "台账.csv") -> Sheet:
    """Read a register."""
    return read_sheet(data, name, known=KNOWN)


def one_row(**changes: str) -> Sheet:
    """A register of one clean row (row 1 of the sample), with cells changed; `*_` in names of columns is not needed."""
    head, first, *_ = table()
    cells = dict(zip(head, first, strict=True)) | changes
    return read(as_csv([list(cells), list(cells.values())]))
