"""Loads the sample city's halls, departments and matters from the CSV files beside this module."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from cases.models import Alias, Department, Hall, Matter
from cases.vault.pinyin import initials

DATA = Path(__file__).parent / "data"
CITY = "岐安"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def place_of(hall_name: str) -> str:
    """The short place that stands in case numbers.

    >>> place_of("东区街道政务服务大厅"), place_of("市政务服务中心"), place_of("白沙埔镇政务服务大厅")
    ('岐安-东区', '岐安-中心', '岐安-白沙埔')
    """
    if hall_name.startswith("市"):
        return f"{CITY}-中心"
    return f"{CITY}-" + re.sub(r"(街道|镇)?政务服务大厅$", "", hall_name)


def load_departments() -> None:
    """Load departments, then their parents, then their aliases. Safe to repeat."""
    rows = list(_rows("departments.csv"))
    for row in rows:
        Department.objects.update_or_create(
            code=row["代码"],
            defaults={
                "name": row["名称"],
                "level": row["层级"],
                "has_account": not row["代码"].startswith("V"),
            },
        )
    by_name = {department.name: department for department in Department.objects.all()}
    for row in rows:
        department = by_name[row["名称"]]
        parent = by_name.get(row["上级"])
        if parent and department.parent_id != parent.pk:
            department.parent = parent
            department.save(update_fields=["parent"])
        for alias in _split(row["别名"]):
            Alias.objects.update_or_create(name=alias, defaults={"department": department})


def load_halls() -> None:
    """Load the 25 halls. Safe to repeat."""
    for row in _rows("halls.csv"):
        Hall.objects.update_or_create(
            code=row["代码"],
            defaults={
                "name": row["名称"],
                "place": place_of(row["名称"]),
                "level": row["层级"],
                "address": row["地址"],
                "phone": row["电话"],
                "hours_text": row["办公时间"],
                "is_main": row["层级"] == "市级",
            },
        )


def load_matters() -> None:
    """Load the matters. Safe to repeat."""
    by_name = {department.name: department for department in Department.objects.all()}
    for row in _rows("matters.csv"):
        Matter.objects.update_or_create(
            code=row["代码"],
            defaults={
                "name": row["名称"],
                "department": by_name[row["主管部门"]],
                "keywords": _split(row["关键词"]),
                "materials": _split(row["常缺材料"]),
                "initials": initials(row["名称"]),
            },
        )


def load_city() -> None:
    """Load the whole reference data of 岐安市."""
    load_departments()
    load_halls()
    load_matters()
