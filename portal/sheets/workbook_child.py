"""The child process that opens a workbook: reads it on stdin, writes its tabs as JSON to stdout, exits with a reason.

Run by workbooks.py as `python -m portal.sheets.workbook_child MOST_ROWS`. It limits itself before it reads a byte: a small
file can unpack to gigabytes in more ways than anybody can list (zip, shared texts, a lone cell in the last column of the last row).
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MAX_MEMORY = 1536 * 1024**2
MAX_SECONDS = 20
MAX_OUTPUT = 100 * 1024**2
MAX_TABS, MAX_COLUMNS = 60, 300
MAX_PART = 200 * 1024**2
LOCKED, TOO_MUCH, UNREADABLE = 10, 11, 12  # exit codes

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>[^<]|<(?:\w+:)?is\b")
_HALF_MINUTE = timedelta(seconds=30)


class RefusedError(Exception):
    """The workbook cannot be taken; carries the exit code."""


def text_of(value: Any) -> str:
    """Return a cell as people read it: whole numbers without `.0`, moments to the minute."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        value += _HALF_MINUTE
        return f"{value:%Y-%m-%d}" if value.time() < time(0, 1) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def rows_of(sheet: CalamineSheet, most: int) -> list[list[str]]:
    """Return the rows of a tab from its first one, merged cells filled. Errors: RefusedError when there are more than `most`."""
    if sheet.total_height == 0:
        return []
    if sheet.total_width > 16384 or sheet.total_height > 1048576:
        raise RefusedError(UNREADABLE)
    raw = sheet.to_python(skip_empty_area=False)
    while raw and not any(value not in ("", None) for value in raw[-1]):
        raw.pop()
    if len(raw) > most:
        raise RefusedError(TOO_MUCH)
    rows = [[text_of(value) for value in row[:MAX_COLUMNS]] for row in raw]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(rows, (top, left), (bottom, right))
    return rows


def _fill(rows: list[list[str]], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Repeat a merged value; one that spans half of the columns is a title or a footnote and stays where it is."""
    (top, left), (bottom, right) = start, end
    if top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
        return
    width = len(rows[top])
    if (right - left + 1) * 2 > width and right - left > 1:
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        for at in range(left, min(right + 1, width)):
            row[at] = row[at] or value


def uncounted_formulas(data: bytes) -> dict[str, str]:
    """Return, by tab, the first cell whose formula has no stored result (written by a program, never opened and saved)."""
    if not data.startswith(b"PK"):
        return {}
    found = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for tab, part in _parts(archive).items():
            xml = _read(archive, part)
            if b"<f" not in xml and b":f" not in xml:
                continue
            cell = next(filter(None, map(_uncounted, _CELL.finditer(xml))), "")
            if cell:
                found[tab] = cell
    return found


def _uncounted(match: re.Match[bytes]) -> str:
    attributes, content = match.groups()
    if not _FORMULA.search(content) or _VALUE.search(content) or re.search(rb'\bt="str"', attributes):
        return ""
    name = re.search(rb'\br="([A-Z]+[0-9]+)"', attributes)
    return name[1].decode() if name else "?"


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The XML part of each tab, by the tab's name."""
    book = ElementTree.fromstring(_read(archive, "xl/workbook.xml"))  # noqa: S314 - no document types, limited memory and time
    links = ElementTree.fromstring(_read(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            key = next((value for name, value in element.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            parts[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return {tab: part for tab, part in parts.items() if part in archive.namelist()}


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as file:
        xml = file.read(MAX_PART + 1)
    if len(xml) > MAX_PART or b"<!DOCTYPE" in xml[:4096]:
        raise RefusedError(UNREADABLE)
    return xml


def read(data: bytes, most: int) -> list[dict[str, Any]]:
    """Return the visible tabs: name, rows of text, first formula without a result."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    visible = [tab.name for tab in book.sheets_metadata if tab.visible == SheetVisibleEnum.Visible]
    formulas = uncounted_formulas(data)
    return [
        {"name": name, "rows": rows_of(book.get_sheet_by_name(name), most), "formula": formulas.get(name, "")}
        for name in visible[:MAX_TABS]
    ]


def main() -> int:
    """Limit this process, then read, convert and write."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        tabs = read(sys.stdin.buffer.read(), int(sys.argv[1]))
        answer = json.dumps(tabs, ensure_ascii=False).encode()
    except PasswordError:
        return LOCKED
    except RefusedError as refused:
        return int(refused.args[0])
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError):
        return UNREADABLE
    except MemoryError:
        return TOO_MUCH
    if len(answer) > MAX_OUTPUT:
        return TOO_MUCH
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
