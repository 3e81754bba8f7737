"""The national calendar as it is first loaded: the years 2004–2026 of the package chinesecalendar, and the statutory days after.

The package holds published notices only; it is read once, when the first version of the calendar is made, and never when a
limit is computed. Two data files stand beside it: the document numbers, as two collections of the notices give them, and the days on
which the package differs from them. tests/escalation/rules/test_national.py holds the texts themselves.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chinese_calendar import constants

from escalation.rules.calendar import WorkCalendar
from escalation.rules.holiday_notices import HolidayNotice, Layer, NoticeDay, overlay

DATA = Path(__file__).resolve().parent.parent / "data"
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def _chinese(name: str) -> str:
    chinese = str(constants.Holiday(name).chinese)
    return NAMES.get(chinese, chinese)


def package_source() -> str:
    """Return the name and version of the package, as provenance."""
    return f"chinesecalendar {version('chinesecalendar')}"


def _year_of(day: date, name: str) -> int:
    """The notice that speaks of a day: late December around New Year belongs to the next year's."""
    return day.year + (day.month == 12 and name == "元旦")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _documents() -> dict[int, str]:
    """Return the document numbers by year; a notice changed in the course of the year names both."""
    return {
        int(row["year"]): row["document"] + (f"（{row['changed_by']}调整）" if row["changed_by"] else "")
        for row in _rows("national_documents.csv")
    }


def _published() -> dict[date, NoticeDay]:
    """Return the days of the package, corrected where it differs from the notices."""
    days = {
        day: NoticeDay(day, is_off, _chinese(name))
        for table, is_off in ((constants.holidays, True), (constants.workdays, False))
        for day, name in table.items()
    }
    for row in _rows("national_corrections.csv"):
        day = date.fromisoformat(row["day"])
        days[day] = NoticeDay(day, row["kind"] == "休", row["name"])
    return days


@lru_cache(maxsize=1)
def national_notices() -> tuple[HolidayNotice, ...]:
    """Return one notice for each published year, oldest first; weekends inside a holiday keep its name."""
    by_year: dict[int, list[NoticeDay]] = {}
    for row in _published().values():
        by_year.setdefault(_year_of(row.day, row.name), []).append(row)
    documents = _documents()
    return tuple(
        HolidayNotice(
            Layer.NATIONAL,
            "",
            year,
            documents.get(year, f"{package_source()} 收录，文号待核"),
            tuple(sorted(days)),
        )
        for year, days in sorted(by_year.items())
    )


@lru_cache(maxsize=1)
def statutory_days() -> tuple[NoticeDay, ...]:
    """Return the thirteen statutory days of each year 1992–2060 by the decree in force since 2025 (data file).

    The moving ones (春节, 清明, 端午, 中秋) were computed with two independent lunar tables that agree.
    """
    return tuple(
        NoticeDay(date.fromisoformat(row["day"]), True, row["name"]) for row in _rows("statutory_days.csv")
    )


def default_rules() -> dict[str, Any]:
    """Return the document of the default rule package (policy.md section F)."""
    document: dict[str, Any] = json.loads((DATA / "rules_v1.json").read_text(encoding="utf-8"))
    return document


def national_calendar(number: int = 1) -> WorkCalendar:
    """Return the national calendar without a database, as the first version has it."""
    notices = national_notices()
    days_off, days_on = overlay([[day for notice in notices for day in notice.days]])
    return WorkCalendar(
        noticed_years=frozenset(notice.year for notice in notices if notice.year),
        days_off=days_off,
        days_on=days_on,
        statutory={row.day: row.name for row in statutory_days()},
        number=number,
    )
