"""What became of each row of a file, as a page shows it: rejected rows first, then those already there, then the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

PER_PAGE = 100


class Fate(NamedTuple):
    """One row: where it stood, what became of it, and why."""

    kind: str  # rejected, already_there, imported
    row: int
    line: int
    tab: str
    column: str
    value: str
    reason: str
    number: str


class Fates(NamedTuple):
    """One page of fates, and where the next starts (0 at the end)."""

    rows: list[Fate]
    next_from: int


def fates_page(report: Mapping[str, Any], start: int) -> Fates:
    """Return a page of what is kept of a run.

    >>> report = {"rejected": [{"row": 2, "line": 3, "column": "登记时间", "value": "2026-02-30", "reason": "没有这一天"}],
    ...           "imported": [{"row": 1, "line": 2, "number": "", "remarks": ["没有电话"]}], "already_there": []}
    >>> [(fate.kind, fate.row, fate.reason) for fate in fates_page(report, 0).rows]
    [('rejected', 2, '没有这一天'), ('imported', 1, '没有电话')]
    """
    kinds = ("rejected", "already_there", "imported")
    every = [(kind, row) for kind in kinds for row in report.get(kind, ())]
    shown = [_fate(kind, row) for kind, row in every[start : start + PER_PAGE]]
    return Fates(shown, start + PER_PAGE if len(every) > start + PER_PAGE else 0)


def _fate(kind: str, row: Mapping[str, Any]) -> Fate:
    return Fate(
        kind,
        row["row"],
        row["line"],
        row.get("tab", ""),
        row.get("column", ""),
        row.get("value", ""),
        row.get("reason") or _same(row) or "；".join(row.get("remarks", ())),
        row.get("number", ""),
    )


def _same(row: Mapping[str, Any]) -> str:
    if "same_as" not in row:
        return ""
    return f"与第 {row['same_as']} 行是同一件事" if row["same_as"] else "以前已经导入或登记"
