"""What a spreadsheet is once it has been read: headers, and lines of text cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class SheetError(Exception):
    """A file that cannot be read; str(error) is one clear sentence for the person who chose it."""


class Line(NamedTuple):
    """One line below the header: `number` as people see it in the file, cells by header; `tab` only where several have lines."""

    number: int
    cells: Mapping[str, str]
    tab: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file with one list in it. Headers are as written, made unique; empty lines and repeated headers are left out."""

    name: str
    sha256: str
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


class Grid(NamedTuple):
    """One tab as rows of text, before anybody knows which row is the header; `first` is the number of its first row."""

    name: str
    rows: list[list[str]]
    first: int = 1
