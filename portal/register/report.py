"""What became of the rows of a register: imported, already there, rejected; as data for pages, as JSON, as a printed table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cases.rules.numbering import group


class Imported(NamedTuple):
    """A row that became a case, or in a dry run would become one (`number` is empty then)."""

    row: int
    line: int
    number: str
    remarks: tuple[str, ...] = ()
    tab: str = ""


class AlreadyThere(NamedTuple):
    """A row that is a case already, or the same as an earlier row of the file (`same_as`)."""

    row: int
    line: int
    same_as: int | None
    number: str
    tab: str = ""


class Rejected(NamedTuple):
    """A row that did not come in: which column, what stood there, why and what to do, in Chinese."""

    row: int
    line: int
    column: str
    value: str
    reason: str
    tab: str = ""


@dataclass(frozen=True)
class Report:
    """The fate of every row; `skipped` are lines that are no rows (totals, signatures, numbers without text)."""

    imported: tuple[Imported, ...] = ()
    already_there: tuple[AlreadyThere, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    skipped: tuple[int, ...] = ()
    dry_run: bool = False

    def counts(self) -> dict[str, int]:
        """Return how many rows met which fate."""
        fates = {"imported": self.imported, "already_there": self.already_there, "rejected": self.rejected}
        return {name: len(rows) for name, rows in fates.items()} | {"skipped": len(self.skipped)}

    def as_json(self) -> dict[str, Any]:
        """Return the report for `--json`."""
        return {
            "dry_run": self.dry_run,
            "counts": self.counts(),
            "imported": [row._asdict() for row in self.imported],
            "already_there": [row._asdict() for row in self.already_there],
            "rejected": [row._asdict() for row in self.rejected],
            "skipped": list(self.skipped),
        }

    def as_table(self) -> str:
        """Return the report as text: rejected rows first, then those already there, then the imported ones."""
        done = "可以导入" if self.dry_run else "已导入"
        parts = [
            f"{done} {len(self.imported)} 行，原来已有 {len(self.already_there)} 行，未导入 {len(self.rejected)} 行。"
        ]
        if self.skipped:
            lines = "、".join(map(str, self.skipped[:20])) + ("……" if len(self.skipped) > 20 else "")
            parts.append(f"跳过不是记录的行（合计、说明、只有序号）：第 {lines} 行。")
        parts += _section(
            "未导入", ("行", "表中行号", "栏", "填写内容", "原因"), map(_rejected, self.rejected)
        )
        parts += _section("原来已有", ("行", "表中行号", "说明"), map(_already, self.already_there))
        parts += _section(done, ("行", "表中行号", "编号", "说明"), map(_imported, self.imported))
        return "\n".join(parts)


def _rejected(row: Rejected) -> tuple[str, ...]:
    return str(row.row), _place(row), row.column, _cut(row.value), row.reason


def _already(row: AlreadyThere) -> tuple[str, ...]:
    told = f"与第 {row.same_as} 行是同一件事" if row.same_as else "以前已经导入或登记"
    return str(row.row), _place(row), told + (f"，编号 {group(row.number)}" if row.number else "")


def _imported(row: Imported) -> tuple[str, ...]:
    return str(row.row), _place(row), group(row.number) if row.number else "—", "；".join(row.remarks)


def _place(row: Imported | AlreadyThere | Rejected) -> str:
    return f"{row.tab} {row.line}".strip()


def _cut(text: str, most: int = 24) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _section(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    table = [heads, *rows]
    if len(table) == 1:
        return []
    widths = [max(_width(row[at]) for row in table) for at in range(len(heads) - 1)]
    lines = [
        "  ".join(
            [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
            + [row[-1]]
        )
        for row in table
    ]
    return ["", f"{title}（{len(table) - 1} 行）", *(line.rstrip() for line in lines)]


def _width(text: str) -> int:
    """Columns that a terminal gives the text: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
