"""Holiday notices (放假通知、停工通知) as documents: what an administrator imports into the calendar, checked before it is stored.

Two forms. JSON: {"year": 2027, "document": "国办发明电〔2026〕…号", "scope": "national", "days": [{"day": "2027-01-01",
"is_off": true, "name": "元旦"}, …]}; the names date and isOffDay of the public data set holiday-cn are understood too.
CSV: the columns day,kind,name with kind 休 or 班 (off, on); year, document and scope are then given beside the file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError

LONGEST_NAME = LONGEST_DOCUMENT = 60  # characters
MOST_DAYS = 400


class Layer(StrEnum):
    """Where a day comes from, in rising precedence: a later layer overrules an earlier one."""

    STATUTORY = "statutory"  # 全国年节及纪念日放假办法; only for years without a notice
    NATIONAL = "national"  # 国务院办公厅的通知
    CITY = "city"  # 本市停工、地方节日
    HALL = "hall"  # 某个大厅


class NoticeDay(NamedTuple):
    """One day that a notice makes a day off (休) or a working day (班)."""

    day: date
    is_off: bool
    name: str


@dataclass(frozen=True)
class HolidayNotice:
    """One document. `year` is set on national notices: the year that thereby stops being provisional."""

    layer: Layer
    hall_code: str
    year: int | None
    document: str
    days: tuple[NoticeDay, ...]


KINDS = {"休": True, "放假": True, "off": True, "班": False, "上班": False, "on": False}


def parse_json(text: str, **given: Any) -> HolidayNotice:
    """Read a notice in JSON; `given` (year, document, scope) overrules what it says of itself.

    >>> parse_json('{"year": 2027, "document": "x", "days": [{"day": "2027-01-01", "is_off": true, "name": "元旦"}]}').days
    (NoticeDay(day=datetime.date(2027, 1, 1), is_off=True, name='元旦'),)
    >>> parse_json('[]')
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 文件内容无效：应为含 year、document、days 的 JSON。
    """
    try:
        document = json.loads(text)
        days = [
            _day(row.get("day") or row.get("date"), row.get("is_off", row.get("isOffDay")), row.get("name"))
            for row in document["days"]
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        if isinstance(wrong, CalendarError):
            raise
        raise CalendarError("文件内容无效：应为含 year、document、days 的 JSON。") from None
    return checked_notice(document | {key: value for key, value in given.items() if value}, days)


def parse_csv(text: str, **given: Any) -> HolidayNotice:
    """Read a notice in CSV with the columns day,kind,name.

    >>> rows = "day,kind,name" + chr(10) + "2026-09-08,休,台风停工"
    >>> parse_csv(rows, scope="city", document="岐三防〔2026〕8号").days
    (NoticeDay(day=datetime.date(2026, 9, 8), is_off=True, name='台风停工'),)
    >>> parse_csv(rows, year=2027, document="x")
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 2026-09-08 不属于 2027 年的通知。
    """
    try:
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True))
    except csv.Error:
        raise CalendarError("文件内容读不了：引号没有成对，或有一格太长。") from None
    if not rows or not {"day", "kind", "name"} <= set(rows[0]):
        raise CalendarError("文件内容无效：第一行应为 day,kind,name，其后每行一天。")
    return checked_notice(
        given, [_day(row["day"], KINDS.get((row["kind"] or "").strip()), row["name"]) for row in rows]
    )


def _day(day: object, is_off: object, name: object) -> NoticeDay:
    """Read one row."""
    try:
        parsed = date.fromisoformat(str(day).strip())
    except ValueError:
        raise CalendarError(f"日期无效：{str(day)[:40]}，应写成 2027-01-01。") from None
    if not isinstance(is_off, bool):
        raise CalendarError(f"{parsed} 没有写明是休还是班。")
    return checked_day(NoticeDay(parsed, is_off, name.strip() if isinstance(name, str) else ""))


def checked_day(row: NoticeDay) -> NoticeDay:
    """Return the row unchanged, or say in Chinese why it cannot be used."""
    if not FIRST_DAY <= row.day <= LAST_DAY:
        raise CalendarError(f"日期 {row.day} 超出日历范围（{FIRST_DAY.year}年至{LAST_DAY.year}年）。")
    if not row.name.strip():
        raise CalendarError(f"{row.day} 没有写名称，如 春节、台风停工。")
    if len(row.name) > LONGEST_NAME or not row.name.isprintable():
        raise CalendarError(f"{row.day} 的名称最多 {LONGEST_NAME} 个字，写在一行里。")
    return row


def checked_document(document: str) -> str:
    """Return a document number unchanged, or say in Chinese why it cannot be used."""
    if not document.strip():
        raise CalendarError("请写明依据的文号，如 国办发明电〔2025〕7号。")
    if len(document) > LONGEST_DOCUMENT or not document.isprintable():
        raise CalendarError(f"文号最多 {LONGEST_DOCUMENT} 个字，写在一行里。")
    return document


def checked_days(days: Iterable[NoticeDay]) -> tuple[NoticeDay, ...]:
    """Return the days in order: at least one, none twice, each usable."""
    ordered = tuple(sorted(checked_day(row) for row in days))
    if not ordered:
        raise CalendarError("通知里没有任何一天。")
    if len(ordered) > MOST_DAYS:
        raise CalendarError(f"一份通知最多 {MOST_DAYS} 天，这里有 {len(ordered)} 天，请核对。")
    for one, other in pairwise(ordered):
        if one.day == other.day:
            clash = "既是休又是班" if one.is_off != other.is_off else "出现了两次"
            raise CalendarError(f"{one.day} {clash}，请核对。")
    return ordered


def checked_notice(about: Mapping[str, Any], days: Iterable[NoticeDay]) -> HolidayNotice:
    """Check a notice as a whole: scope, document number, no day twice, days in or beside its year."""
    layer, hall_code = _scope(str(about.get("scope") or Layer.NATIONAL))
    document = checked_document(str(about.get("document") or "").strip())
    ordered, year = checked_days(days), about.get("year")
    if layer is not Layer.NATIONAL:
        return HolidayNotice(layer, hall_code, None, document, ordered)
    if isinstance(year, bool) or not re.fullmatch(r"\d{4}", str(year)):
        raise CalendarError("请写明是哪一年的放假通知（year）。")
    number = int(str(year))
    for row in ordered:  # the New Year of the next year may begin in December (2022-12-31)
        if row.day.year != number and not (row.day.year == number - 1 and row.day.month == 12):
            raise CalendarError(f"{row.day} 不属于 {number} 年的通知。")
    return HolidayNotice(layer, hall_code, number, document, ordered)


def _scope(text: str) -> tuple[Layer, str]:
    """Read national, city or hall:CODE.

    >>> _scope("hall:dongqu")
    (<Layer.HALL: 'hall'>, 'dongqu')
    """
    name, _, code = text[:60].partition(":")
    if (
        not code.isprintable()
        or name not in {Layer.NATIONAL, Layer.CITY, Layer.HALL}
        or bool(code) != (name == Layer.HALL)
    ):
        raise CalendarError(f"适用范围无效：{text[:40]}，应为 national、city 或 hall:大厅代码。")
    return Layer(name), code


def overlay(layers: Iterable[Iterable[NoticeDay]]) -> tuple[dict[date, str], dict[date, str]]:
    """Merge layers of days, in rising precedence, into (days off, days on).

    >>> day = date(2026, 9, 8)
    >>> overlay([[NoticeDay(day, True, "台风停工")], [NoticeDay(day, False, "应急值守")]])
    ({}, {datetime.date(2026, 9, 8): '应急值守'})
    """
    merged = {row.day: row for layer in layers for row in layer}
    off = {day: row.name for day, row in merged.items() if row.is_off}
    on = {day: row.name for day, row in merged.items() if not row.is_off}
    return off, on
