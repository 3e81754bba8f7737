"""The import of a paper register (台账导入): every row meets its fate, each in a transaction of its own, none twice.

First all rows are read; then, in their order, each is left alone (there already), refused with a reason, or entered through
`enter_from_register`. A run that is cut off is simply run again.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from django.db import DatabaseError, connection
from django.utils import timezone

from cases.errors import AlreadyEnteredError, BadInputError, CaseError, NotAllowedError
from cases.rules.grants import Actor, Role
from cases.rules.register_columns import Column
from cases.selectors.register import entered, existing
from cases.selectors.telephones import known_phones
from cases.services.numbers import next_number
from cases.services.register import PaperCase, Source, enter_from_register, identity_of
from escalation.rules.limits import Rulebook
from portal.register.columns import KNOWN, Columns, match_columns
from portal.register.directories import load_directories
from portal.register.duplicates import Before, numbers_in
from portal.register.report import AlreadyThere, Imported, Rejected, Report
from portal.register.rows import Problem, is_no_row, read_row
from portal.register.turn import one_import_at_a_time
from portal.sheets import Line, Sheet

__all__ = ["KNOWN", "examine", "import_sheet"]

log = logging.getLogger(__name__)
_BATCH = 1000
_UNEXPECTED = "系统没有能导入这一行，其他各行不受影响。请再导入一次，仍不成功请告诉管理员。"
_FIELDS = {
    "closed_at": Column.CLOSED,
    "grade": Column.GRADE,
    "department": Column.LEAD,
    "co_departments": Column.CO,
}

Progress = Callable[[int, int], None]


@dataclass
class _Row:
    """A row on its way: what was understood, and what it is the same as."""

    row: int
    line: Line
    paper: PaperCase | None
    remarks: list[str]
    problems: list[Problem]
    identity: bytes = b""
    number: str = ""  # of the case that the row already is
    same_as: int | None = None


@dataclass
class _Fates:
    """What is known so far of what became of rows."""

    imported: list[Imported] = field(default_factory=list)
    already_there: list[AlreadyThere] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    numbers: dict[int, str] = field(default_factory=dict)

    def there(self, row: _Row, number: str, same_as: int | None = None) -> None:
        """The row is a case already."""
        self.numbers[row.row] = number
        self.already_there.append(AlreadyThere(row.row, row.line.number, same_as, number, row.line.tab))

    def refuse(self, row: _Row, column: str, value: str, reason: str) -> None:
        """The row does not come in."""
        self.rejected.append(Rejected(row.row, row.line.number, column, value, reason, row.line.tab))

    def enter(self, row: _Row, number: str) -> None:
        """The row is now a case (or would be)."""
        self.numbers[row.row] = number
        self.imported.append(
            Imported(row.row, row.line.number, number, tuple(dict.fromkeys(row.remarks)), row.line.tab)
        )


class _Enter(Protocol):
    def __call__(self, row: _Row, paper: PaperCase) -> str: ...


def examine(sheet: Sheet, *, now: datetime) -> Report:
    """Say what an import would do; writes nothing. Errors: SheetError when columns are missing."""
    return _run(sheet, now, lambda row, paper: "", None, dry_run=True)


def import_sheet(sheet: Sheet, *, actor: Actor, now: datetime, progress: Progress | None = None) -> Report:
    """Enter every row that is not there yet. Safe to repeat, also after it was cut off.

    Errors: SheetError when columns are missing, NotAllowedError unless the actor is a 督办专员, BusyError while another import
    runs. A row never stops the others.
    """
    if Role.SUPERVISOR not in {post.role for post in actor.posts}:
        raise NotAllowedError
    columns = match_columns(sheet.headers)
    rulebook = load_directories().in_force.rulebook

    def enter(row: _Row, paper: PaperCase) -> str:
        source = Source(sheet.name, sheet.sha256, row.row, row.line.cells)
        return _enter(paper, source, actor, rulebook, now)

    with one_import_at_a_time():
        return _run(sheet, now, enter, progress, columns=columns)


def _enter(paper: PaperCase, source: Source, actor: Actor, rulebook: Rulebook, now: datetime) -> str:
    number = next_number(day=timezone.localdate(paper.registered_at))
    version = rulebook.in_force_at(paper.registered_at).version
    case = enter_from_register(paper, source, number=number, importer=actor, rule_version=version, now=now)
    return case.number


def _run(
    sheet: Sheet,
    now: datetime,
    enter: _Enter,
    progress: Progress | None,
    *,
    columns: Columns | None = None,
    dry_run: bool = False,
) -> Report:
    columns = columns or match_columns(sheet.headers)
    rows, skipped = _read(sheet, columns, now)
    _recognise(rows, columns)
    fates = _Fates()
    before = Before(known_phones({row.paper.phone for row in rows if row.paper}))
    for done, row in enumerate(rows, 1):
        _meet(row, columns, fates, before, enter)
        if progress:
            progress(done, len(rows))
    return Report(
        tuple(fates.imported), tuple(fates.already_there), tuple(fates.rejected), tuple(skipped), dry_run
    )


def _read(sheet: Sheet, columns: Columns, now: datetime) -> tuple[list[_Row], list[int]]:
    """Read all lines; rows are counted from 1 without those that are no entries."""
    city = load_directories()
    rows: list[_Row] = []
    skipped: list[int] = []
    for line in sheet.lines:
        if is_no_row(line, columns):
            skipped.append(line.number)
            continue
        paper, reading = read_row(line, columns, city, now)
        rows.append(_Row(len(rows) + 1, line, paper, reading.remarks, reading.problems))
    return rows, skipped


def _recognise(rows: Sequence[_Row], columns: Columns) -> None:
    """Mark the rows that are cases already or repeat an earlier row; entries spread over several lines become one."""
    cells = {row.row: columns.value(row.line.cells, Column.NUMBER) for row in rows}
    ours = numbers_in(cells.values())
    there = existing(ours.values()) if ours else set()
    first: dict[bytes, _Row] = {}
    for row in rows:
        number = ours.get(cells[row.row], "")
        row.number = number if number in there else ""
        if row.paper is None or row.number:
            continue
        row.identity = identity_of(row.paper)
        earlier = first.setdefault(row.identity, row)
        if earlier is not row:
            row.same_as = earlier.row
            _gather(earlier, row)
    identities = list(first)
    for start in range(0, len(identities), _BATCH):
        for identity, number in entered(identities[start : start + _BATCH]).items():
            first[identity].number = number


def _gather(first: _Row, again: _Row) -> None:
    """One entry written over several lines, one for each department: the first line gets them all."""
    one, other = first.paper, again.paper
    if one is None or other is None or one.registered_at != other.registered_at or one.lead_id is None:
        return
    more = [pk for pk in (other.lead_id, *other.co_ids) if pk and pk not in (one.lead_id, *one.co_ids)]
    if more:
        first.paper = replace(one, co_ids=(*one.co_ids, *dict.fromkeys(more)))
        first.remarks.append(f"第 {again.row} 行是同一件事，那一行的部门一并协办")


def _meet(row: _Row, columns: Columns, fates: _Fates, before: Before, enter: _Enter) -> None:
    """Decide one row's fate."""
    if row.number:
        fates.there(row, row.number)
        if row.paper:
            before.add(row.row, row.paper)
        return
    if row.same_as is not None and (row.same_as in fates.numbers):
        fates.there(row, fates.numbers[row.same_as], row.same_as)
        return
    if row.paper is None:
        first, *others = row.problems
        more = "".join(f" 另外，“{other.column}”一栏：{other.reason}" for other in others)
        fates.refuse(row, first.column, first.value, first.reason + more)
        return
    _meet_new(row, row.paper, columns, fates, before, enter)


def _meet_new(
    row: _Row, paper: PaperCase, columns: Columns, fates: _Fates, before: Before, enter: _Enter
) -> None:
    """A row that nobody has entered: unless it is all but the same as another, it becomes a case."""
    try:
        near = before.near(paper)
        if near and near.is_same:
            fates.there(row, near.number or fates.numbers.get(near.row or 0, ""), near.row)
            return
        if near:
            other = f"第 {near.row} 行" if near.row else f"编号 {near.number} "
            row.remarks.append(f"与{other}电话、事项相同，说法相近，请核对是不是同一件事")
        number = enter(row, paper)
    except AlreadyEnteredError as already:
        fates.there(row, already.number)
    except BadInputError as wrong:
        column = _FIELDS.get(wrong.field)
        fates.refuse(
            row,
            columns.header(column) if column else "",
            columns.value(row.line.cells, column) if column else "",
            wrong.message,
        )
    except CaseError as wrong:
        fates.refuse(row, "", "", wrong.message)
    except Exception as wrong:  # a row never stops the others
        _log(row.row, wrong)
        fates.refuse(row, "", "", _UNEXPECTED)
    else:
        fates.enter(row, number)
        before.add(row.row, paper)


def _log(row: int, wrong: Exception) -> None:
    """Where it failed, without its message: that may quote what a person wrote."""
    where = "".join(traceback.format_tb(wrong.__traceback__))
    log.error("row %d was not entered: %s\n%s", row, type(wrong).__name__, where)
    if isinstance(wrong, DatabaseError) and not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
