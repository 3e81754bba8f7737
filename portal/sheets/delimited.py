"""Text files with separators (csv): which encoding, which separator, and rows of text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice

from portal.sheets.headers import SEARCHED_ROWS, find_header
from portal.sheets.sheet import Grid, SheetError

_SEPARATORS = (",", "\t", ";", "|", "，", "；")
_MARKED = ("utf-8", "utf-16", "gb18030")  # the others are a guess, to be borne out by separators or line ends
_ENDS = re.compile(r"[,;|\t\n]")
_MAX_CELL = 32_767  # what a spreadsheet program keeps in one cell
_NO_TEXT = "这不是表格文件。请选择 .xlsx、.xls 或 .csv 文件。"


def read_delimited(data: bytes, known: Collection[str], max_lines: int) -> Grid:
    """Return the rows of a csv file; `known` (folded) tells which separator is right. Errors: SheetError."""
    text = decode(data)
    rows = list(islice(_rows(text, _separator(text, known)), max_lines + SEARCHED_ROWS + 1))
    if rows and text.count('"') % 2 and any(cell.count("\n") > 20 for cell in rows[-1]):
        raise SheetError(f"第 {len(rows)} 行有一个英文引号没有成对，后面的内容都连在了一起。请改好后再选择。")
    return Grid("", [[cell.strip() for cell in row] for row in rows])


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or GB 18030. Errors: SheetError for what is no text.

    >>> [decode("姓名,电话".encode(name)) for name in ("utf-8-sig", "utf-16", "utf-16-le", "gb18030")]
    ['姓名,电话', '姓名,电话', '姓名,电话', '姓名,电话']
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if not _is_odd(text) and (encoding in _MARKED or _ENDS.search(text)):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise SheetError(_NO_TEXT)


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if data[1:2] == b"\0" or data[:1] == b"\0" or (b"\0" in data[:400]) or _is_wide(data):
        return ("utf-16-le", "utf-16-be")
    return ("utf-8", "gb18030")


def _is_wide(data: bytes) -> bool:
    """Chinese text in UTF-16 without its mark still has separators and line ends of two bytes."""
    return b",\0" in data[:2000] or b"\0," in data[:2000]


def _is_odd(text: str) -> bool:
    """Say whether this cannot be text: control characters, private or unassigned ones in plenty."""
    sample = text[:20_000]
    if any(c < " " and c not in "\t\r\n\x0b\x0c\x1a" for c in sample):
        return True
    return sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in sample) * 20 > len(sample)


def _separator(text: str, known: Collection[str]) -> str:
    """The separator by which the most known columns are found; a comma if none is."""
    head = text[:200_000]
    best, most = ",", 0
    for separator in _SEPARATORS:
        try:
            rows = list(islice(_rows(head, separator), SEARCHED_ROWS))
        except SheetError:  # by a wrong separator quotes may swallow everything; the right one decides
            continue
        found = find_header(Grid("", rows), known)
        if found and found.matches > most:
            best, most = separator, found.matches
    return best


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True):
            if any(len(cell) > _MAX_CELL for cell in row):
                raise SheetError("有一个单元格的内容太长，可能是英文引号没有成对。请改好后再选择。")
            yield row
    except csv.Error:
        raise SheetError("有一个单元格的内容太长，可能是英文引号没有成对。请改好后再选择。") from None
