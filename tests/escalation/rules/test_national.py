"""The national calendar 2004–2026 against the notices of the State Council, day by day."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import pytest

from escalation.services.national import national_calendar, national_notices, statutory_days
from tests.escalation.rules.published import ALL_OFF, ALL_ON, FIRST, LAST, ROWS, days, days_of, works

CALENDAR = national_calendar()


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:4] for row in ROWS])
def test_each_notice_gives_the_days_of_its_text(row):
    off, on = days_of(row)
    notice = next(n for n in national_notices() if n.year == int(row[0][:4]))
    assert notice.document == row[0][5:]
    assert {day.day for day in notice.days if not day.is_off} == on
    off_weekdays = {day for day in off if day.weekday() < 5}
    assert {day.day for day in notice.days if day.is_off and day.day.weekday() < 5} == off_weekdays


def test_every_day_2004_to_2026_works_as_the_notices_say():
    assert [day for day in days(FIRST, LAST) if CALENDAR.is_working_day(day) != works(day)] == []


def test_make_up_days_are_weekends_and_no_day_is_both():
    assert all(day.weekday() >= 5 for day in ALL_ON)
    assert not ALL_ON & ALL_OFF


def test_the_package_differs_from_the_notices_only_where_it_is_corrected():
    """国办发明电〔2005〕35号 has people work on Saturday 2005-12-31; the package left it out."""
    every = days(FIRST, LAST)
    differing = [day for day in every if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert differing == [date(2005, 12, 31)]


@pytest.mark.parametrize("year", range(2008, 2027))
def test_statutory_days_rest_in_every_year_whose_notice_we_have(year):
    """From 2008 on the decree has the same festivals; 除夕 and 5月2日 came only with 2025 (and 除夕 was off 2008–2013)."""
    later = {"除夕"} | ({"劳动节"} if year < 2025 else set())
    named = [row.day for row in statutory_days() if row.day.year == year and row.name not in later]
    assert [day for day in named if CALENDAR.is_working_day(day)] == []


@pytest.mark.parametrize("year", range(2025, 2061))
def test_thirteen_statutory_days_a_year(year):
    """Twelve when 中秋节 falls on one of the three days of National Day (2028, 2031)."""
    names = [row.name for row in statutory_days() if row.day.year == year]
    assert len(names) == (13 if "中秋节" in names else 12)
    assert sum("国庆节" in name for name in names) == 3


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2027-02-05", "除夕"),  # the new moon falls four minutes before midnight of the 6th in China
        ("2027-02-08", "春节"),
        ("2028-01-25", "除夕"),
        ("2030-02-03", "春节"),  # and seven minutes after midnight of the 3rd
        ("2030-09-12", "中秋节"),
        ("2033-01-30", "除夕"),
        ("2034-02-18", "除夕"),  # after the leap eleventh month of 2033
    ],
)
def test_moving_days_where_tables_are_known_to_go_wrong(day, name):
    assert (date.fromisoformat(day), name) in {(row.day, row.name) for row in statutory_days()}
