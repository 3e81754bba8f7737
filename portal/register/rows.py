"""One line of a register becomes a PaperCase with remarks, or a list of what is wrong with it, column by column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.utils import timezone

from cases.rules.classes import Outcome
from cases.rules.register_columns import CellError, Column
from cases.rules.register_moments import Written, read_moment
from cases.rules.register_people import is_nothing, read_name, read_phone
from cases.rules.register_units import Directory, is_window, split_units
from cases.rules.register_words import read_channel, read_difficulty, read_grade, read_outcome
from cases.services.register import PaperCase
from portal.register.columns import Columns
from portal.register.directories import Directories
from portal.sheets import Line

T = TypeVar("T")
_FOOT = re.compile(
    r"^(合计|总计|小计|共计|本页|累计|制表|填表|审核|统计|备注|说明|注[:：]|单位负责人|第.{1,4}页)"
)


class Problem(NamedTuple):
    """What is wrong with one cell."""

    column: str
    value: str
    reason: str


@dataclass
class Reading:
    """A line being read: what was understood so far, what was assumed, what is wrong."""

    line: Line
    columns: Columns
    remarks: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def value(self, column: Column) -> str:
        """Return what the line says in a column."""
        return self.columns.value(self.line.cells, column)

    def refuse(self, column: Column, reason: str, value: str | None = None) -> None:
        """Note what is wrong with a cell."""
        said = self.value(column) if value is None else value
        self.problems.append(Problem(self.columns.header(column), said, reason))

    def read(self, column: Column, reader: Callable[[str], T]) -> T | None:
        """Read a cell; what cannot be right becomes a problem."""
        try:
            return reader(self.value(column))
        except CellError as wrong:
            self.refuse(column, wrong.message)
            return None

    def remarked(self, column: Column, reader: Callable[[str], tuple[T, str]]) -> T | None:
        """Read a cell whose reader also remarks on what it assumed."""
        found = self.read(column, reader)
        if found is None:
            return None
        value, remark = found
        self.remarks += [remark] if remark else []
        return value


def is_no_row(line: Line, columns: Columns) -> bool:
    """Say whether a line is no entry: a total, a signature, a note below the list, a number printed in advance."""
    said = [cell for cell in line.cells.values() if not is_nothing(cell)]
    if len(said) <= 1:
        return not columns.value(line.cells, Column.STATEMENT)
    told = columns.value(line.cells, Column.STATEMENT) and columns.value(line.cells, Column.NAME)
    return bool(_FOOT.match(said[0])) and (len(said) <= 3 or not told)


def read_row(
    line: Line, columns: Columns, city: Directories, now: datetime
) -> tuple[PaperCase | None, Reading]:
    """Return the case that a line tells, or None with the reading's problems; remarks say what was assumed."""
    reading = Reading(line, columns)
    hall_id = _hall(reading, city)
    registered = _moment(reading, Column.REGISTERED, hall_id, city, now)
    name = reading.remarked(Column.NAME, read_name)
    phone = reading.remarked(Column.PHONE, read_phone)
    statement = reading.value(Column.STATEMENT).strip()
    if is_nothing(statement):
        reading.refuse(Column.STATEMENT, "没有写反映的是什么问题，请补上再重新导入。")
    lead_id, co_ids = _departments(reading, city.departments)
    channel = reading.remarked(Column.CHANNEL, read_channel)
    difficulty = reading.remarked(Column.DIFFICULTY, read_difficulty)
    outcome, closed, grade = _ending(reading, hall_id, registered, city, now)
    matter_id = _known(reading, Column.MATTER, city.matters)
    obstacle_id = _known(reading, Column.OBSTACLE, city.obstacles)
    if reading.problems or not (hall_id and registered and name and channel and difficulty):
        return None, reading
    paper = PaperCase(
        hall_id=hall_id,
        registered_at=registered,
        channel=channel,
        name=name,
        phone=phone or "",
        statement=statement,
        matter_id=matter_id,
        obstacle_id=obstacle_id,
        difficulty=difficulty,
        lead_id=lead_id,
        co_ids=co_ids,
        handling=reading.value(Column.HANDLING).strip(),
        outcome=outcome,
        closed_at=closed,
        grade=grade,
    )
    return paper, reading


def _hall(reading: Reading, city: Directories) -> int | None:
    text = reading.value(Column.HALL)
    if is_nothing(text):
        if city.main_hall_id is None:
            reading.refuse(Column.HALL, "没有写在哪个大厅，请补上再重新导入。")
        else:
            reading.remarks.append(f"没有写大厅，记在{city.halls.name(city.main_hall_id)}")
        return city.main_hall_id
    found = city.halls.find(text)
    if found is None:
        reading.refuse(Column.HALL, _unknown("大厅", text, city.halls))
    return found


def _unknown(what: str, text: str, directory: Directory) -> str:
    near = directory.nearest(text)
    hint = f"最接近的是：{'、'.join(near)}。" if near else ""
    add = "，或请管理员给它加上这个别名" if what == "部门" else ""
    return f"“{text.strip()}”不在{what}名单里。{hint}请改成名单里的名称{add}，再重新导入。"


def _departments(reading: Reading, directory: Directory) -> tuple[int | None, tuple[int, ...]]:
    """The lead and the co-handlers; several leads in one cell: the first leads."""
    leads = _units(reading, Column.LEAD, directory)
    cos = _units(reading, Column.CO, directory)
    if (
        not leads
        and cos
        and not any(p.column == reading.columns.header(Column.LEAD) for p in reading.problems)
    ):
        reading.refuse(Column.LEAD, "写了协办部门，没有写承办部门，请补上再重新导入。")
    if len(leads) > 1:
        reading.remarks.append(f"承办部门写了几个，由{directory.name(leads[0])}主办，其余协办")
    ordered = list(dict.fromkeys([*leads, *cos]))
    return (ordered[0], tuple(ordered[1:])) if leads else (None, ())


def _units(reading: Reading, column: Column, directory: Directory) -> list[int]:
    text = reading.value(column)
    if is_nothing(text):
        return []
    whole = directory.find(text)
    if whole is not None:
        return [whole]
    found = []
    for name in split_units(text):
        known = directory.find(name)
        if known is not None:
            found.append(known)
        elif not is_nothing(name) and not is_window(name):
            reading.refuse(column, _unknown("部门", name, directory), name)
    return list(dict.fromkeys(found))


def _known(reading: Reading, column: Column, directory: Directory) -> int | None:
    """A matter or an obstacle reason: what is not in the list stays open, the words stay in the original cells."""
    text = reading.value(column)
    if is_nothing(text):
        return None
    found = directory.find(text)
    if found is None:
        reading.remarks.append(f"{column.value}“{text.strip()}”不在名单里，留空，原文保留")
    return found


def _moment(
    reading: Reading, column: Column, hall_id: int | None, city: Directories, now: datetime
) -> datetime | None:
    if is_nothing(reading.value(column)):
        reading.refuse(column, f"没有写{column.value}，请补上再重新导入。")
        return None
    written = reading.read(column, read_moment)
    if written is None:
        return None
    at = written.at or _assumed(reading, column, written, hall_id, city)
    moment = timezone.make_aware(datetime.combine(written.day, at))
    if written.at is None and written.day == timezone.localdate(now):
        moment = min(moment, now)
    if moment > now:
        reading.refuse(column, f"{column.value}还没有到，请核对后重新导入。")
        return None
    return moment


def _assumed(reading: Reading, column: Column, written: Written, hall_id: int | None, city: Directories):
    """The time of day that stands for none: registered when the office opened, closed when it shut."""
    opens = column is Column.REGISTERED
    at = (city.opens if opens else city.closes)(hall_id or 0, written.day)
    reading.remarks.append(f"{column.value}没有写钟点，按{'上班' if opens else '下班'}时间 {at:%H:%M}")
    return at


def _ending(
    reading: Reading, hall_id: int | None, registered: datetime | None, city: Directories, now: datetime
) -> tuple[Outcome | None, datetime | None, int | None]:
    """How and when it ended, and the grade; each only where the row says so."""
    before = len(reading.problems)
    outcome = reading.read(Column.OUTCOME, read_outcome)
    has_moment = not is_nothing(reading.value(Column.CLOSED))
    grade = reading.remarked(Column.GRADE, read_grade)
    if len(reading.problems) > before:
        return None, None, None
    if outcome is None:
        if has_moment:
            reading.refuse(Column.OUTCOME, "有办结时间，结果却没有写或者是办理中，请核对后重新导入。")
        elif grade is not None:
            reading.remarks.append("还没有办结，满意度没有记，留在原始内容里")
        return None, None, None
    closed = _moment(reading, Column.CLOSED, hall_id, city, now)
    if closed and registered and closed < registered:
        if closed.date() == registered.date() and not _has_clock(reading):
            closed = registered
        else:
            reading.refuse(Column.CLOSED, "办结时间早于登记时间，请核对后重新导入。")
    return outcome, closed, grade


def _has_clock(reading: Reading) -> bool:
    return read_moment(reading.value(Column.CLOSED)).at is not None
