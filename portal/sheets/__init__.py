"""Spreadsheets that people bring (csv, xlsx, xls), read safely into lines of text; knows nothing of cases."""

from portal.sheets.headers import fold_header
from portal.sheets.reading import MAX_BYTES, MAX_LINES, read_sheet
from portal.sheets.sheet import Line, Sheet, SheetError

__all__ = ["MAX_BYTES", "MAX_LINES", "Line", "Sheet", "SheetError", "fold_header", "read_sheet"]
