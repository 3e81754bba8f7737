"""Which column of a file is which column of the register, by name and alias."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.rules.register_columns import HEADS, NEEDED, Column
from cases.rules.register_moments import is_only_time
from portal.sheets import SheetError, fold_header

KNOWN: frozenset[str] = frozenset(head for heads in HEADS.values() for head in heads)
_COLUMN_OF = {fold_header(head): column for column in reversed(Column) for head in reversed(HEADS[column])}
_PLACE = {fold_header(head): at for heads in HEADS.values() for at, head in enumerate(heads)}
_TOLD_OR_MATTER = fold_header("反映事项")  # a matter in some registers, the problem in others


def column_of(header: str) -> Column | None:
    """Return the register's column that a header names, or None.

    >>> [column_of(head) for head in ("诉求人（必填）", "联 系 电 话", "责任单位", "天气")]
    [<Column.NAME: '反映人'>, <Column.PHONE: '电话'>, <Column.LEAD: '承办部门'>, None]
    """
    return _COLUMN_OF.get(fold_header(header))


@dataclass(frozen=True)
class Columns:
    """The headers of one file by column, those that name it best first."""

    headers: Mapping[Column, tuple[str, ...]]

    def value(self, cells: Mapping[str, str], column: Column) -> str:
        """Return what a line says in a column: the first of its cells that is not empty; a day and a time are put together."""
        values = [cells[header] for header in self.headers.get(column, ()) if cells.get(header)]
        if column in {Column.REGISTERED, Column.CLOSED} and len(values) > 1 and is_only_time(values[0]):
            days = [value for value in values[1:] if not is_only_time(value)]
            return f"{days[0]} {values[0]}" if days else values[0]
        return values[0] if values else ""

    def header(self, column: Column) -> str:
        """Return how the file heads a column."""
        return next(iter(self.headers.get(column, ())), column.value)


def match_columns(headers: Iterable[str]) -> Columns:
    """Match the headers of a file. Errors: SheetError when a column is missing without which there is no case."""
    found: dict[Column, list[str]] = {}
    for header in headers:
        column = column_of(header)
        if column is not None:
            found.setdefault(column, []).append(header)
    if Column.STATEMENT not in found and Column.MATTER in found:
        _take_told(found)
    for column in NEEDED:
        if column not in found:
            others = "、".join(HEADS[column][1:4])
            raise SheetError(f"表头里没有“{column.value}”一栏（或 {others} 等），请补上后重新选择文件。")
    ordered = {
        column: sorted(heads, key=lambda head: _PLACE[fold_header(head)]) for column, heads in found.items()
    }
    return Columns({column: tuple(heads) for column, heads in ordered.items()})


def _take_told(found: dict[Column, list[str]]) -> None:
    """Where nothing else tells the problem, 反映事项 does."""
    told = [head for head in found[Column.MATTER] if fold_header(head) == _TOLD_OR_MATTER]
    if told:
        found[Column.STATEMENT] = told[:1]
        found[Column.MATTER] = [head for head in found[Column.MATTER] if head != told[0]]
