"""`read_sheet`: a file that somebody chose becomes a Sheet, or one sentence that says why not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

from portal.sheets.delimited import read_delimited
from portal.sheets.headers import find_header, fold_header, unique_headers
from portal.sheets.sheet import Grid, Line, Sheet, SheetError
from portal.sheets.workbooks import read_workbook

MAX_BYTES = 20 * 1024**2
MAX_LINES = 20_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_WEB_PAGE = (b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"GIF8")


class _Tab(NamedTuple):
    """A tab with a header."""

    name: str
    headers: list[str]
    lines: list[tuple[int, list[str]]]
    matches: int


def read_sheet(
    data: bytes,
    name: str,
    *,
    known: Collection[str],
    required: Collection[str | tuple[str, ...]] = (),
    max_lines: int = MAX_LINES,
) -> Sheet:
    """Read csv, xlsx or xls by content, whatever the file is called.

    `known` names columns by which the header is found; each of `required` (a tuple: any of its names) must be there.
    Several tabs with like headers (one a month) are read one after the other. Errors: SheetError.
    """
    if not data.strip():
        raise SheetError("这个文件是空的，请重新选择。")
    if len(data) > MAX_BYTES:
        raise SheetError(
            f"这个文件超过 {MAX_BYTES // 1024**2} MB。请去掉里面的图片，或者分成几个文件，再选择。"
        )
    folded = {fold_header(word) for word in known}
    tabs = _tabs(_grids(data, folded, max_lines), folded)
    _require(tabs, required)
    several = len(tabs) > 1
    lines = tuple(
        Line(number, _cells(tab.headers, row), tab.name if several else "")
        for tab in tabs
        for number, row in tab.lines
    )
    if not lines:
        raise SheetError("表头下面没有内容，请检查后重新选择。")
    if len(lines) > max_lines:
        raise SheetError(f"这个表格超过 {max_lines:,} 行，一次导入不了。请分成几个文件，分几次导入。")
    headers = tuple(dict.fromkeys(header for tab in tabs for header in tab.headers))
    return Sheet(name, hashlib.sha256(data).hexdigest(), headers, lines)


def _grids(data: bytes, known: Collection[str], max_lines: int) -> list[Grid]:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith((_OLE, _ZIP)):
        return read_workbook(data, max_lines)
    if start.lower().startswith(_WEB_PAGE):
        raise SheetError("这是网页格式的文件，只是名字像表格。请用表格软件打开，另存为 .xlsx 后再选择。")
    if data.startswith(_OTHERS):
        raise SheetError("这不是表格文件。请选择 .xlsx、.xls 或 .csv 文件。")
    return [read_delimited(data, known, max_lines)]


def _tabs(grids: Sequence[Grid], known: Collection[str]) -> list[_Tab]:
    """The tabs that hold the list: those whose header names nearly as many known columns as the best one's."""
    if not any(cell for grid in grids for row in grid.rows for cell in row):
        raise SheetError("这个表格里没有内容，请重新选择。")
    tabs = []
    for grid in grids:
        found = find_header(grid, known)
        if found:
            tabs.append(_tab(grid, found.at, found.matches))
    if not tabs:
        raise SheetError(
            "前 20 行里没有找到表头。请保留写着栏目名称的那一行，如“登记时间”“名称”，再选择文件。"
        )
    best = max(tab.matches for tab in tabs)
    return [tab for tab in tabs if tab.matches * 10 >= best * 7 and tab.lines] or [tabs[0]]


def _tab(grid: Grid, at: int, matches: int) -> _Tab:
    head, below = grid.rows[at], grid.rows[at + 1 :]
    width = max((column + 1 for row in (head, *below) for column, cell in enumerate(row) if cell), default=0)
    headers = unique_headers(head, width)
    lines = [
        (grid.first + at + 1 + n, row)
        for n, row in enumerate(below)
        if any(row) and not _is_header_again(head, row)
    ]
    return _Tab(grid.name, headers, lines, matches)


def _is_header_again(head: Sequence[str], row: Sequence[str]) -> bool:
    """A header printed anew at the top of each page is no line."""
    pairs = [(cell, head[at] if at < len(head) else "") for at, cell in enumerate(row) if cell]
    return len(pairs) > 1 and all(fold_header(cell) == fold_header(name) for cell, name in pairs)


def _cells(headers: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {header: row[at] if at < len(row) else "" for at, header in enumerate(headers)}


def _require(tabs: Sequence[_Tab], required: Collection[str | tuple[str, ...]]) -> None:
    for tab in tabs:
        present = {fold_header(header) for header in tab.headers}
        for wanted in required:
            names = (wanted,) if isinstance(wanted, str) else wanted
            if not present & {fold_header(name) for name in names}:
                where = f"工作表“{tab.name}”里" if len(tabs) > 1 else "表头里"
                raise SheetError(f"{where}没有“{names[0]}”一栏，请补上这一栏，或者把栏目改成这个名称。")
