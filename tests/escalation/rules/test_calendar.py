"""Working days against the table of policy.md 5.4, and what must hold for every day and every number of days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError, RestDay, WorkCalendar
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime
from escalation.services.national import national_calendar

CALENDAR = national_calendar()
HOURS = [HoursPeriod(None, None, (Session(time(8, 30), time(17, 30)),))]
WORK_TIME = WorkTime(CALENDAR, HOURS)

# received, working days, due "deemed", due "natural"
VECTORS = """
2026-11-20 1 2026-11-23 2026-11-23
2026-11-20 5 2026-11-27 2026-11-27
2026-11-21 5 2026-11-30 2026-11-27
2026-11-22 3 2026-11-26 2026-11-25
2026-02-13 1 2026-02-14 2026-02-14
2026-02-13 5 2026-02-27 2026-02-27
2026-02-14 3 2026-02-26 2026-02-26
2026-02-18 5 2026-03-02 2026-02-28
2026-04-30 3 2026-05-08 2026-05-08
2026-04-30 5 2026-05-11 2026-05-11
2026-09-18 1 2026-09-20 2026-09-20
2026-09-18 5 2026-09-24 2026-09-24
2026-09-30 3 2026-10-10 2026-10-10
2026-09-30 10 2026-10-20 2026-10-20
2026-01-02 3 2026-01-07 2026-01-06
2021-09-17 3 2021-09-23 2021-09-23
2021-09-30 5 2021-10-13 2021-10-13
2026-12-31 1 2027-01-04 2027-01-04
"""
ROWS = [row.split() for row in VECTORS.split("\n") if row]

days = st.dates(date(2004, 1, 1), date(2032, 12, 31))
counts = st.integers(0, 200)


@pytest.mark.parametrize(
    ("received", "count", "deemed", "natural"), ROWS, ids=[" ".join(row[:2]) for row in ROWS]
)
def test_due_days_of_the_policy_table(received, count, deemed, natural):
    at = datetime.fromisoformat(f"{received}T10:00").replace(tzinfo=CHINA)
    limit = Limit(Unit.DAYS, int(count))
    due = {policy: deadline(at, limit, WORK_TIME, policy) for policy in RestDay}
    assert str(due[RestDay.DEEMED].due_at) == f"{deemed} 17:30:00+08:00"
    assert str(due[RestDay.NATURAL].due_at) == f"{natural} 17:30:00+08:00"
    assert due[RestDay.DEEMED].provisional == (received == "2026-12-31")


def test_every_day_2004_to_2026_agrees_with_the_package():
    day = date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "count"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_a_year(year, count):
    assert CALENDAR.count(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_a_year_without_a_notice_rests_on_the_thirteen_statutory_days_and_weekends():
    resting = [date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 8), date(2027, 4, 5), date(2027, 6, 9)]
    assert not any(CALENDAR.is_working_day(day) for day in resting)
    assert CALENDAR.is_working_day(date(2027, 2, 9))
    assert CALENDAR.kind_of(date(2027, 9, 15)).name == "中秋节（法定）"
    named = [
        d for d in (date(2027, 1, 1) + timedelta(n) for n in range(365)) if "法定" in CALENDAR.kind_of(d).name
    ]
    assert len(named) == 13


def walked(day: date, count: int) -> date:
    """Adding day by day, as one would by hand."""
    while count:
        day += timedelta(days=1)
        count -= CALENDAR.is_working_day(day)
    return day


@given(days, st.integers(1, 60))
def test_adding_is_what_one_counts_by_hand(day, count):
    assert CALENDAR.add(day, count) == walked(day, count)


@given(days, counts)
def test_never_lands_on_a_rest_day(day, count):
    assert CALENDAR.is_working_day(CALENDAR.add(day, count))


@given(days, days, counts)
def test_who_starts_later_never_ends_earlier(one, other, count):
    first, second = sorted([one, other])
    assert CALENDAR.add(first, count) <= CALENDAR.add(second, count)


@given(days, counts)
def test_one_day_more_is_the_next_working_day(day, count):
    assert CALENDAR.add(day, count) < CALENDAR.add(day, count + 1) or not CALENDAR.is_working_day(day)


@given(days, st.integers(1, 200))
def test_counting_and_going_back_undo_adding(day, count):
    end = CALENDAR.add(day, count)
    assert CALENDAR.count(day, end) == count
    if CALENDAR.is_working_day(day):
        assert CALENDAR.back(end, count) == day


@given(days, st.integers(1, 100), st.integers(1, 100))
def test_splits_add_up(day, first, second):
    assert CALENDAR.add(CALENDAR.add(day, first), second) == CALENDAR.add(day, first + second)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: CALENDAR.add(date(2026, 1, 1), -1), "天数不能为负"),
        (lambda: CALENDAR.add(LAST_DAY, 1), "超出日历范围"),
        (lambda: CALENDAR.add(FIRST_DAY - timedelta(days=1), 1), "超出日历范围"),
        (lambda: CALENDAR.add(date(2026, 1, 1), 10**9), "超出日历范围"),
        (lambda: CALENDAR.is_working_day(date(1900, 1, 1)), "超出日历范围"),
        (lambda: CALENDAR.back(FIRST_DAY, 5), "超出日历范围"),
        (lambda: CALENDAR.count(date(2026, 2, 1), date(2026, 1, 1)), "早于开始日期"),
        (
            lambda: WorkCalendar(
                noticed_years=frozenset(), days_off={FIRST_DAY: "甲"}, days_on={FIRST_DAY: "乙"}, statutory={}
            ),
            "既是放假又是上班",
        ),
    ],
)
def test_bad_input_is_told_in_chinese(attempt, message):
    with pytest.raises(CalendarError, match=message):
        attempt()
