"""The four lists of a city, how their files and columns are called, and reading them before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from cases.rules.places import fold
from portal.sheets import Line, Sheet, SheetError, read_sheet

MAX_LINES = 5_000
ENDINGS = (".csv", ".xlsx", ".xls")


class Kind(StrEnum):
    """A list, in the order in which lists are loaded."""

    DEPARTMENTS = "departments"
    HALLS = "halls"
    MATTERS = "matters"
    PEOPLE = "people"


FILES: Mapping[Kind, tuple[str, ...]] = {
    Kind.DEPARTMENTS: ("部门", "departments", "department", "单位", "机构"),
    Kind.HALLS: ("大厅", "halls", "hall"),
    Kind.MATTERS: ("事项", "matters", "matter"),
    Kind.PEOPLE: ("人员", "people", "staff", "账号"),
}
TITLES: Mapping[Kind, str] = {kind: words[0] for kind, words in FILES.items()}

# Field → what its column may be called; the first is the name used in templates and reports.
COLUMNS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.DEPARTMENTS: {
        "name": ("名称", "部门名称", "单位名称", "部门", "单位", "全称"),
        "code": ("代码", "编码", "部门代码", "单位代码", "编号", "机构代码"),
        "aliases": ("别名", "简称", "又称", "曾用名", "俗称"),
        "level": ("层级", "级别", "部门层级"),
        "territory": ("属地", "上级（属地）", "属地上级", "所属镇街", "属地政府"),
        "parent": ("上级", "上级（业务）", "上级部门", "上级单位", "主管单位", "业务上级"),
        "has_account": ("有无账号", "有系统账号", "是否有账号", "账号"),
        "phone": ("电话", "联系电话", "办公电话"),
    },
    Kind.HALLS: {
        "name": ("名称", "大厅名称", "大厅", "中心名称"),
        "code": ("代码", "编码", "大厅代码", "编号"),
        "place": ("编号地名", "地名", "简称"),
        "level": ("层级", "级别", "大厅层级"),
        "address": ("地址", "详细地址", "大厅地址"),
        "phone": ("电话", "联系电话", "咨询电话"),
        "hours_text": ("办公时间", "服务时间", "工作时间", "开放时间"),
    },
    Kind.MATTERS: {
        "name": ("名称", "事项名称", "事项"),
        "department": ("主管部门", "部门", "实施主体", "主管单位", "承办部门"),
        "code": ("代码", "编码", "事项代码", "编号", "事项编码"),
        "keywords": ("关键词", "关键字"),
        "materials": ("常缺材料", "材料", "常缺的材料"),
    },
    Kind.PEOPLE: {
        "name": ("姓名", "人员", "人员姓名", "名字"),
        "unit": ("单位", "部门", "大厅", "所在单位", "单位名称", "所在部门"),
        "role": ("角色", "岗位", "岗位角色"),
        "username": ("登录名", "用户名", "账号", "帐号"),
        "title": ("岗位名称", "职务", "职位"),
        "rank": ("层级", "级别", "领导层级"),
        "seat": ("A/B岗", "AB岗", "A、B岗", "岗次"),
        "office_phone": ("办公电话", "电话", "座机", "联系电话"),
    },
}
REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.DEPARTMENTS: ("name",),
    Kind.HALLS: ("name",),
    Kind.MATTERS: ("name", "department"),
    Kind.PEOPLE: ("name", "unit", "role"),
}
_IN_BRACKETS = re.compile(r"[（(【\[].*?[）)】\]]")
_BETWEEN = re.compile(r"[|｜、；;，,\n]+")


class RowError(Exception):
    """A row that cannot be taken: the field, what stands there, and the reason."""

    def __init__(self, field: str, reason: str, value: str | None = None) -> None:
        super().__init__(reason)
        self.field, self.reason, self.value = field, reason, value


@dataclass(frozen=True)
class Entry:
    """One row of a list, its cells by field."""

    kind: Kind
    row: int
    line: int
    cells: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)

    def __getitem__(self, name: str) -> str:
        """The text of a field, empty when there is no such column."""
        return self.cells.get(name, "")

    def said(self, name: str) -> str | None:
        """The text of a field, None when nothing is said."""
        return self.cells.get(name) or None

    def column(self, name: str) -> str:
        """The field's column as the file calls it."""
        return self.headers.get(name, COLUMNS[self.kind].get(name, (name,))[0])


def split(text: str) -> list[str]:
    """Return what is listed in one cell, each once.

    >>> split("政数局|市政数局、数据局； 政数局"), split("")
    (['政数局', '市政数局', '数据局'], [])
    """
    return list(dict.fromkeys(part.strip() for part in _BETWEEN.split(text) if part.strip()))


def kind_of(name: str) -> Kind | None:
    """Which list a file is, by its name.

    >>> kind_of("departments.csv"), kind_of("2026年 大厅名单.xlsx"), kind_of("部门人员.xls")
    (<Kind.DEPARTMENTS: 'departments'>, <Kind.HALLS: 'halls'>, <Kind.PEOPLE: 'people'>)
    >>> kind_of("部门.txt"), kind_of("readme.csv")
    (None, None)
    """
    path = PurePath(name)
    if path.suffix.lower() not in ENDINGS or path.name.startswith(("~", ".")):
        return None
    stem = fold(path.stem)
    named = [kind for kind, words in FILES.items() if any(word in stem for word in words)]
    return named[-1] if named else None  # 部门人员.xlsx is a list of people


def read_lists(files: Iterable[tuple[str, bytes]]) -> dict[Kind, list[Entry]]:
    """Read all files before anything is written. Errors: SheetError, one clear sentence about the first that is broken."""
    found: dict[Kind, tuple[str, bytes]] = {}
    for name, data in files:
        kind = kind_of(name)
        if kind is None:
            raise SheetError(
                f"看不出“{name}”是什么名单。文件名请写：部门、大厅、事项或人员，后面是 .csv、.xlsx 或 .xls。"
            )
        if kind in found:
            raise SheetError(f"“{found[kind][0]}”和“{name}”都是{TITLES[kind]}名单，请只留一个。")
        found[kind] = (name, data)
    if not found:
        raise SheetError(
            "没有找到名单。请准备 部门、大厅、事项、人员 四个文件中的至少一个（.csv、.xlsx 或 .xls）。"
        )
    return {kind: _entries(kind, *found[kind]) for kind in Kind if kind in found}


def _entries(kind: Kind, name: str, data: bytes) -> list[Entry]:
    known = [word for words in COLUMNS[kind].values() for word in words]
    try:
        sheet = read_sheet(data, name, known=known, max_lines=MAX_LINES)
    except SheetError as wrong:
        raise SheetError(f"“{name}”：{wrong}") from None
    headers = _headers(kind, sheet)
    missing = [COLUMNS[kind][column][0] for column in REQUIRED[kind] if column not in headers]
    if missing:
        raise SheetError(f"“{name}”缺少这些列：{'、'.join(missing)}。现有的列：{'、'.join(sheet.headers)}。")
    return [
        Entry(kind, row, line.number, _cells(line, headers), headers)
        for row, line in enumerate(sheet.lines, 1)
    ]


def _headers(kind: Kind, sheet: Sheet) -> dict[str, str]:
    """Field → the sheet's own header; the better name wins where two columns could be the same field."""
    written = {fold(_IN_BRACKETS.sub("", header)): header for header in reversed(sheet.headers)}
    written |= {fold(header): header for header in reversed(sheet.headers)}
    taken: dict[str, str] = {}
    for column, names in COLUMNS[kind].items():
        for candidate in map(fold, names):
            header = written.get(candidate)
            if header is not None and header not in taken.values():
                taken[column] = header
                break
    return taken


def _cells(line: Line, headers: Mapping[str, str]) -> dict[str, str]:
    return {column: line.cells.get(header, "").strip() for column, header in headers.items()}
