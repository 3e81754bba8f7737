"""Finding the header row: the one that names the most known columns, within the first rows of a tab."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from portal.sheets.sheet import Grid

SEARCHED_ROWS = 20
_NOTE = re.compile(r"[(\[{【〔<《].*?[)\]}】〕>》]|[*＊※:。、·\s]")


def fold_header(text: str) -> str:
    """Return a header as headers are compared: no spaces, line breaks, brackets with a note, marks; half-width, lower case.

    >>> [fold_header(text) for text in ("登记时间（必填）", " 登 记\\n时间 ", "*登记时间：", "Ｐｈｏｎｅ")]
    ['登记时间', '登记时间', '登记时间', 'phone']
    >>> fold_header("（备注）")
    '备注'
    """
    half = unicodedata.normalize("NFKC", text).casefold()
    half = "".join(c for c in half if unicodedata.category(c) != "Cf")
    return _NOTE.sub("", half) or re.sub(r"[^\w]", "", half)


class Found(NamedTuple):
    """Where the header of a tab stands, and how many columns it names that are known."""

    at: int
    matches: int


def find_header(grid: Grid, known: Collection[str]) -> Found | None:
    """Return the header row of a tab, or None; `known` is folded. One column is no list unless only one is known."""
    least = min(2, len(known))
    best = Found(-1, 0)
    for at, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        matches = len({fold_header(cell) for cell in row if cell} & set(known))
        if matches > best.matches:
            best = Found(at, matches)
    return best if best.matches >= least else None


def unique_headers(row: Sequence[str], width: int) -> list[str]:
    """Return a name for each column, so that no cell is lost: repeated ones are counted, nameless ones get their place.

    >>> unique_headers(["姓名", "备注", "", "备注"], 5)
    ['姓名', '备注', '第3列', '备注(2)', '第5列']
    """
    names: list[str] = []
    for at in range(width):
        name = " ".join(row[at].split()) if at < len(row) else ""
        name = base = name or f"第{at + 1}列"
        count = 1
        while name in names:
            count += 1
            name = f"{base}({count})"
        names.append(name)
    return names
