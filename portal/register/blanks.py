"""Blank sheets (照表填报): where the heads stand, and writing rows below them in the sheet's own formats.

A blank is small by nature: one that is not is refused before it is opened. What stands below the heads (制表人、合计) moves
down when there is not room enough.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from portal.register.catalogue import Field, Row, field_like
from portal.register.workbook import set_text
from portal.sheets import SheetError, fold_header

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS, MOST_TABS, MOST_COLUMNS, MOST_BELOW = 300, 20, 80, 2000
SEARCHED = 20  # rows in which the heads are looked for
LONGEST_HEAD = 60

NOT_XLSX = "空表要是 xlsx 格式。请用表格软件打开，另存为 .xlsx 后再选择。"
TOO_LARGE = "这个文件太大，不像一张空表。请删掉里面的数据和图片，只留标题和列名，保存后再选择。"
BROKEN = "这张表打不开，可能已损坏或有密码。请用表格软件打开，去掉密码，另存为 .xlsx 后再选择。"
NO_HEADS = "前 20 行里没有找到列名。请保留写着列名的那一行，如“登记时间”“反映人”，再选择文件。"


class Blank(NamedTuple):
    """Where a blank is to be filled: tab, row of the heads, and (column, head) for each."""

    tab: str
    row: int
    heads: tuple[tuple[int, str], ...]


def read_blank(data: bytes) -> Blank:
    """Find the heads of a blank sheet: the row that names most of what we know. Errors: SheetError."""
    book = _open(data)
    best, most = None, (0, 1)  # one text alone is a title
    for sheet in book.worksheets[:MOST_TABS]:
        if sheet.sheet_state != "visible":
            continue
        for number in range(1, min(sheet.max_row, SEARCHED) + 1):
            heads = _heads(sheet, number)
            score = (len({field.key for _, head in heads if (field := field_like(head))}), len(heads))
            if len(heads) > 1 and (score > most or (score == most and _goes_on(sheet, number))):
                best, most = Blank(sheet.title, number, heads), score
    if best is None:
        raise SheetError(NO_HEADS)
    return best


def fill_blank(data: bytes, chosen: Mapping[str, Field | None], rows: Sequence[Row]) -> bytes:
    """Return the blank with a line for each row; `chosen` says for each head what goes below it, None for nothing."""
    blank = read_blank(data)
    book = _open(data)
    sheet, start = book[blank.tab], blank.row + 1
    _make_room(sheet, start, len(rows), [column for column, _ in blank.heads])
    pattern = {cell.column: copy(cell._style) for cell in sheet[start]}
    height = sheet.row_dimensions[start].height
    for at, row in enumerate(rows, start):
        sheet.row_dimensions[at].height = height
        for column, style in pattern.items():
            sheet.cell(at, column)._style = copy(style)
        for column, head in blank.heads:
            field = chosen.get(head)
            if field is not None:
                set_text(sheet.cell(at, column), field.text(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _open(data: bytes) -> Workbook:
    """Open a workbook that says of itself that it is small; whatever else goes wrong in it is one sentence."""
    if len(data) > MOST_BYTES:
        raise SheetError(TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise SheetError(TOO_LARGE)
            if any(b"<!DOCTYPE" in archive.read(name)[:4096] for name in names if name.endswith(".xml")):
                raise SheetError(BROKEN)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise SheetError(NOT_XLSX) from None
    if "xl/workbook.xml" not in names:
        raise SheetError(NOT_XLSX)
    try:
        book = load_workbook(io.BytesIO(data))
        _refuse_wide(book)
    except SheetError:
        raise
    except Exception:  # openpyxl raises whatever a spoilt file makes it raise
        raise SheetError(BROKEN) from None
    return book


def _refuse_wide(book: Workbook) -> None:
    if any(sheet.max_column > 4 * MOST_COLUMNS or sheet.max_row > MOST_BELOW for sheet in book.worksheets):
        raise SheetError(TOO_LARGE)


def _heads(sheet: Worksheet, number: int) -> tuple[tuple[int, str], ...]:
    """The texts of a row; a cell merged with the ones above it says what they say. Of two alike the first counts."""
    found: dict[str, int] = {}
    for column in range(1, min(sheet.max_column, MOST_COLUMNS) + 1):
        text = _text(sheet, number, column)
        if text and fold_header(text):
            found.setdefault(text[:LONGEST_HEAD], column)
    return tuple((column, text) for text, column in found.items())


def _text(sheet: Worksheet, number: int, column: int) -> str:
    cell = sheet.cell(number, column)
    if isinstance(cell, MergedCell):
        area = _area(sheet, number, column)
        if area is None or (area.min_row == number and area.min_col != column):
            return ""
        cell = sheet.cell(area.min_row, area.min_col)
    return " ".join(str(cell.value).split()) if cell.value is not None else ""


def _area(sheet: Worksheet, number: int, column: int) -> CellRange | None:
    return next(
        (
            area
            for area in sheet.merged_cells.ranges
            if area.min_row <= number <= area.max_row and area.min_col <= column <= area.max_col
        ),
        None,
    )


def _goes_on(sheet: Worksheet, number: int) -> bool:
    """Whether a row is the lower half of heads that are two rows high."""
    return any(area.min_row < number <= area.max_row for area in sheet.merged_cells.ranges)


def _make_room(sheet: Worksheet, start: int, needed: int, columns: Sequence[int]) -> None:
    """Clear the lines below the heads and move what stands below them down, when it would be overwritten."""
    foot = next(_foot_rows(sheet, start, columns), None)
    if foot is not None and start + needed > foot:
        _move_down(sheet, foot, start + needed - foot)
    for area in list(sheet.merged_cells.ranges):
        if area.min_row >= start and area.max_row < start + needed:
            sheet.unmerge_cells(str(area))
    last = foot if foot is not None else sheet.max_row + 1
    for line in sheet.iter_rows(min_row=start, max_row=min(last, start + needed) - 1):
        for cell in line:
            cell.value = None  # running numbers that were printed beforehand


def _foot_rows(sheet: Worksheet, start: int, columns: Sequence[int]) -> Iterator[int]:
    """Rows below the heads that say more than a running number."""
    for number in range(start, sheet.max_row + 1):
        texts = [_text(sheet, number, column) for column in range(1, sheet.max_column + 1)]
        if any(text and not (text.isdecimal() and at == columns[0]) for at, text in enumerate(texts, 1)):
            yield number


def _move_down(sheet: Worksheet, first: int, by: int) -> None:
    areas = [area for area in sheet.merged_cells.ranges if area.min_row >= first]
    for area in areas:
        sheet.unmerge_cells(str(area))
    heights = {row: sheet.row_dimensions[row].height for row in range(first, sheet.max_row + 1)}
    sheet.move_range(
        f"A{first}:{get_column_letter(sheet.max_column)}{sheet.max_row}", rows=by, translate=True
    )
    for row, height in heights.items():
        sheet.row_dimensions[row + by].height = height
    for area in areas:
        area.shift(row_shift=by)
        sheet.merge_cells(area.coord)
