"""Writing sheets that no spreadsheet program mistakes for commands: text stays text, whatever it begins with."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MOST_IN_CELL = 32_000  # characters; Excel takes 32,767
WIDE = {
    "问题描述": 46,
    "处理经过": 46,
    "事项": 26,
    "承办部门": 24,
    "协办部门": 24,
    "涉及部门": 30,
    "大厅": 22,
    "编号": 24,
}
HEAD_FILL = PatternFill("solid", fgColor="E8EEF4")
LONG = 24  # characters from which a cell is wrapped
WRAPPED = Alignment(wrap_text=True, vertical="top")
THIN = Border(*(Side("thin", color="B0B8C0") for _ in range(4)))


def is_risky(text: str) -> bool:
    """Say whether a spreadsheet program could take the text for a formula.

    >>> [is_risky(text) for text in ("=1+1", "+86 130", "-", "@SUM(A1)", "2026-03-02", "")]
    [True, True, True, True, False, False]
    """
    return text.startswith(FORMULA_STARTS)


def clean(text: str) -> str:
    """Return the text without characters that a workbook cannot hold, and no longer than a cell may be."""
    return _CONTROL.sub("", text)[:MOST_IN_CELL]


def set_text(cell: Any, text: str) -> None:
    """Write text into a cell as text, never as a formula; one that looks like one also keeps its leading mark when edited."""
    cell.value = clean(text) or None
    if cell.value is not None:
        cell.data_type = "s"
        if is_risky(text):
            cell.quotePrefix = True


def write_xlsx(target: IO[bytes], title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook row by row in steady memory: heads frozen and bold, long texts wrapped."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDE.get(head, max(12, 2 * len(head) + 4))
    sheet.append([_head(sheet, head) for head in heads])
    for row in rows:
        sheet.append([_body(sheet, text) for text in row])
    book.save(target)


def _head(sheet: Worksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    set_text(cell, text)
    cell.font, cell.fill, cell.border = Font(bold=True), HEAD_FILL, THIN
    return cell


def _body(sheet: Worksheet, text: Cell) -> WriteOnlyCell | Cell | None:
    """A cell of its own only where it is needed: they cost most of the time of a long export."""
    if isinstance(text, int):
        return text
    if len(text) <= LONG and "\n" not in text and not is_risky(text):
        return clean(text) or None
    cell = WriteOnlyCell(sheet)
    set_text(cell, text)
    cell.alignment = WRAPPED
    return cell


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a csv for spreadsheet programs (BOM, CRLF). A text like a formula gets an apostrophe before it."""
    yield "\ufeff" + _csv_line(heads)
    for row in rows:
        yield _csv_line(row)


def _csv_line(row: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(
        [f"'{text}" if is_risky(text) else text for text in map(clean, map(str, row))]
    )
    return buffer.getvalue()
