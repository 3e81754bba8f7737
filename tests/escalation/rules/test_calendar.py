"""What must hold for every day and every number of working days (the table of policy.md is in test_vectors.py)."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError, RestDay, WorkCalendar
from escalation.services.national import national_calendar

CALENDAR = national_calendar()

days = st.dates(date(2004, 1, 1), date(2032, 12, 31))
counts = st.integers(0, 200)


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


@given(days, st.integers(1, 199))
def test_one_day_more_is_the_next_working_day(day, count):
    end, following = CALENDAR.add(day, count), CALENDAR.add(day, count + 1)
    assert end < following
    between = [end + timedelta(n) for n in range(1, (following - end).days)]
    assert not any(CALENDAR.is_working_day(rest) for rest in between)


@given(days)
def test_no_days_end_on_the_day_itself_or_the_next_working_day(day):
    assert CALENDAR.add(day, 0) == (day if CALENDAR.is_working_day(day) else CALENDAR.add(day, 1))


@given(days, counts)
def test_natural_is_never_later_than_deemed_and_the_same_on_a_working_day(day, count):
    deemed, natural = (CALENDAR.add(CALENDAR.received_on(day, policy), count) for policy in RestDay)
    assert natural <= deemed
    assert natural == deemed or not CALENDAR.is_working_day(day)


@given(days, days, days)
def test_counts_of_adjoining_spans_add_up(one, two, three):
    first, middle, last = sorted([one, two, three])
    assert CALENDAR.count(first, middle) + CALENDAR.count(middle, last) == CALENDAR.count(first, last)


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


def test_days_outside_the_table_change_nothing():
    plain, strange = (
        WorkCalendar(noticed_years=frozenset(), days_off=off, days_on=on)
        for off, on in (({}, {}), ({date(1949, 10, 1): "甲"}, {date(2080, 1, 6): "乙"}))
    )
    assert plain.count(FIRST_DAY, LAST_DAY) == strange.count(FIRST_DAY, LAST_DAY)


def test_a_calendar_is_built_in_a_moment():
    assert min(_seconds(national_calendar) for _ in range(3)) < 0.05


def _seconds(call) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began
