"""Loads the sample city's halls, departments and matters from the CSV files beside this module."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth import get_user_model
from django.utils import timezone

from cases.models import Alias, City, Department, Hall, Matter
from cases.rules.places import place_of
from cases.selectors.city import has_units, the_city
from cases.vault.pinyin import initials
from portal.opening.state import city_facts

DATA = Path(__file__).parent / "data"
CITY = "岐安"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


class NotDemoError(Exception):
    """The database holds a real city: the sample city is never mixed into it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"这个数据库里已有{name or '真实的单位和人员'}，不能加入演示数据。"
            "请用 make run DEMO=0 打开它，或用 DATA=其他文件夹 另开演示城市。"
        )


def claim_city() -> None:
    """Mark an empty database as the sample city, for good. Safe to repeat; NotDemoError in any other database."""
    city = the_city()
    if city is None and not has_units() and not get_user_model().objects.exists():
        City.objects.create(name=f"{CITY}市", short_name=CITY, is_demo=True, opened_at=timezone.now())
    elif city is None or not city.is_demo:
        raise NotDemoError(city.name if city else "")
    city_facts()  # pages of this process need not ask


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
                "place": place_of(row["名称"], f"{CITY}市"),
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
    """Load the whole reference data of 岐安市. Errors: NotDemoError in the database of a real city."""
    claim_city()
    load_departments()
    load_halls()
    load_matters()
