"""A portal as it is after the first start without the sample city: prepared, nobody in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pgtrigger
import pytest
from django.db import connection
from django.test import Client

from cases.services.reference import load_obstacles
from escalation.services.calendars import seed_calendar
from portal.opening import state
from tests.conftest import MONDAY

TABLES = (
    "accounts_user, cases_city, cases_department, cases_hall, cases_obstacle,"
    " escalation_calendarversion, escalation_ruleversion"
)

LISTS = {
    "departments.csv": """代码,名称,别名,层级,上级
S01,市政务服务和数据管理局,政数局|数据局,市级,
T01,城关镇公共服务办公室,城关公服办,镇街级,城关镇人民政府
T02,城关镇人民政府,城关镇,镇街级,
S02,市市场监督管理局,市场监管局、市监局；工商局,市级,
V01,柳树村村民委员会,柳树村,村（社区）,城关镇
""",
    "大厅.csv": """代码,名称,层级,地址,电话,办公时间
H01,市政务服务中心,市级,临江市人民路1号,0700-88001037,工作日 08:30-12:00，14:30-17:30
H02,城关镇便民服务中心,镇街级,临江市城关镇府前街2号,0700-88001038,工作日 09:00-12:00，14:00-17:00
""",
    "事项.csv": """代码,名称,主管部门,关键词,常缺材料
M001,营业执照设立登记,市监局,营业执照|开店,经营场所证明
M002,户口迁移,市公安局,户口,户口簿
""",
    "people.csv": """姓名,登录名,单位,岗位,岗位名称,层级,A/B岗,办公电话
林晓芸,lin,市政务服务中心,窗口人员,,,,
贺文静,,市政务服务中心,窗口负责人、窗口人员,,,,0700-88001037
岑志远,,市监局,联络员,登记科联络员,,A,
温立群,,市场监管局,部门联络员,登记科联络员,,B,
关振邦,,S02,部门负责人,分管副局长,,,
郁建平,,政数局,督办专员,,,,
卓一鸣,,政数局,窗口人员,,,,
""",
}


@pytest.fixture
def empty_portal(db: None) -> Iterator[None]:
    """Prepared by `manage.py prepare` without --demo: calendar and obstacles, no rules, no city, no accounts."""
    before = state._Memory.city
    state.forget()
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} CASCADE")
    seed_calendar(now=MONDAY)
    load_obstacles()
    yield
    state._Memory.city = before


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    """A folder with the four lists of 临江市, a little untidy, and a data folder for first passwords."""
    settings.DATA = tmp_path / "data"
    place = tmp_path / "lists"
    place.mkdir()
    for name, text in LISTS.items():
        (place / name).write_text(text, encoding="utf-8-sig")
    return place


FIRST = {
    "name": "卓一鸣",
    "username": "Admin",
    "password": "liu-shu-xia-de-qiao",
    "password_again": "liu-shu-xia-de-qiao",
    "unit": "市政务服务和数据管理局",
    "city": "临江市",
    "morning": "8：30—12：00",
    "afternoon": "14:00 至 17:00",
    "rules_from": "2026-01-01",
}


def first(**changes: str) -> dict[str, str]:
    """What the first administrator types."""
    return {**FIRST, "code": state.opening_code(), **changes}


@pytest.fixture
def opened(empty_portal: None, now: datetime) -> Client:
    """A portal that was opened, and the window of its administrator."""
    client = Client()
    client.post("/setup/", first())
    return client


@pytest.fixture
def now() -> datetime:
    """An ordinary working Monday."""
    return MONDAY
