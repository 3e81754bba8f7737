"""Office hours across lunch, weekends and make-up Sundays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.rules.calendar import LAST_DAY, CalendarError
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime, checked_period, example_work_time
from escalation.services.national import national_calendar

MORNING, AFTERNOON = Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30))
WORK_TIME = WorkTime(national_calendar(), [HoursPeriod(None, None, (MORNING, AFTERNOON))])
SUMMER = HoursPeriod(date(2024, 7, 1), date(2024, 8, 31), (Session(time(9), time(13)),))
LATE = HoursPeriod(date(2025, 3, 3), None, (Session(time(9), time(12, 15)), Session(time(13), time(18, 30))))
ONE_DAY = HoursPeriod(date(2024, 2, 29), date(2024, 2, 29), (Session(time(10), time(10, 1)),))
CHANGING = WorkTime(
    national_calendar(), [HoursPeriod(None, None, (MORNING, AFTERNOON)), LATE, SUMMER, ONE_DAY]
)
START = datetime(2024, 1, 1, tzinfo=CHINA)
moments = st.integers(0, 3 * 365 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
lengths = st.integers(0, 100 * 60).map(lambda minutes: timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 09:05", 4, "2026-11-23 15:35"),  # across lunch
        ("2026-11-23 08:00", 3.5, "2026-11-23 12:00"),  # ends at lunch and stays there
        ("2026-11-23 13:00", 3, "2026-11-23 17:30"),
        ("2026-11-20 16:00", 4, "2026-11-23 11:00"),  # across a weekend
        ("2026-09-18 16:00", 4, "2026-09-20 11:00"),  # Sunday 09-20 is a make-up day
        ("2026-09-30 17:00", 4, "2026-10-08 12:00"),  # across National Day
        ("2026-11-21 10:00", 1, "2026-11-23 09:30"),  # starts on a Saturday
        ("2026-11-23 20:00", 0, "2026-11-24 08:30"),
        (
            "2026-11-23 00:00",
            6.5,
            "2026-11-23 17:30",
        ),  # a whole day ends when it closes, not the next morning
        ("2026-11-23 08:30", 13, "2026-11-24 17:30"),
        ("2026-11-23 23:59", 0.5, "2026-11-24 09:00"),  # across midnight
        ("2026-02-14 16:30", 2, "2026-02-24 09:30"),  # a make-up Saturday, then nine days of 春节
        ("2024-02-28 17:00", 1, "2024-02-29 09:00"),  # leap year
        ("2026-01-30 17:00", 1, "2026-02-02 09:00"),  # end of a month
        ("2026-12-31 17:00", 1, "2027-01-04 09:00"),
        ("2025-12-31 17:30", 1612, "2026-12-31 17:30"),  # all the 248 working days of a year
    ],
)
def test_hours_run_only_in_office_time(start, hours, end):
    start, end = (datetime.fromisoformat(text).replace(tzinfo=CHINA) for text in (start, end))
    assert WORK_TIME.add_hours(start, timedelta(hours=hours)) == end


@given(moments, lengths)
def test_the_time_between_is_the_time_added(moment, length):
    assert WORK_TIME.hours_between(moment, WORK_TIME.add_hours(moment, length)) == length or not length


@given(moments, lengths, lengths)
def test_splits_add_up(moment, first, second):
    there = WORK_TIME.add_hours(WORK_TIME.add_hours(moment, first), second)
    assert there == WORK_TIME.add_hours(moment, first + second) or not second


def walked(work_time: WorkTime, start: datetime, end: datetime) -> timedelta:
    """Office time between two moments, session after session, day after day."""
    total, day = timedelta(0), start.date()
    while day <= end.date():
        if work_time.calendar.is_working_day(day):
            covering = [period for period in work_time.periods if period.covers(day)]
            for opens, closes in covering[-1].sessions:
                begins = max(start, datetime.combine(day, opens, CHINA))
                total += max(timedelta(0), min(end, datetime.combine(day, closes, CHINA)) - begins)
        day += timedelta(days=1)
    return total


@given(moments, moments)
def test_hours_between_are_what_one_counts_by_hand_though_hours_change(one, other):
    start, end = sorted([one, other])
    assert CHANGING.hours_between(start, end) == walked(CHANGING, start, end)


@given(moments, st.integers(1, 1500 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_added_hours_are_what_one_counts_by_hand_though_hours_change(moment, length):
    end = CHANGING.add_hours(moment, length)
    assert walked(CHANGING, moment, end) == length
    assert walked(CHANGING, moment, end - timedelta(seconds=1)) < length  # the first such moment
    assert CHANGING.hours_between(moment, end) == length


@given(moments, moments, lengths)
def test_who_starts_later_never_ends_earlier(one, other, length):
    first, second = sorted([one, other])
    assert CHANGING.add_hours(first, length) <= CHANGING.add_hours(second, length)


def test_a_hall_keeps_its_own_hours_while_they_are_valid():
    summer = HoursPeriod(date(2026, 7, 1), date(2026, 8, 31), (Session(time(9), time(13)),))
    hall = WorkTime(national_calendar(), [HoursPeriod(None, None, (MORNING, AFTERNOON)), summer])
    closings = [
        f"{hall.closing(date(2026, month, day)):%H:%M}" for month, day in ((6, 30), (7, 1), (8, 31), (9, 1))
    ]
    assert closings == ["17:30", "13:00", "13:00", "17:30"]


@pytest.mark.parametrize(
    ("period", "message"),
    [
        (HoursPeriod(None, None, ()), "不能为空"),
        (HoursPeriod(None, None, (Session(time(22), time(6)),)), "不能跨过零点"),
        (HoursPeriod(None, None, (AFTERNOON, MORNING)), "与上一时段重叠"),
        (HoursPeriod(date(2026, 2, 1), date(2026, 1, 1), (MORNING,)), "早于起期"),
    ],
)
def test_impossible_hours_are_refused(period, message):
    with pytest.raises(CalendarError, match=message):
        checked_period(period)


def test_a_day_without_hours_and_a_length_without_sense_are_refused():
    only_2025 = WorkTime(national_calendar(), [HoursPeriod(None, date(2025, 12, 31), (MORNING,))])
    with pytest.raises(CalendarError, match="没有办公时间"):
        only_2025.closing(date(2026, 1, 5))
    with pytest.raises(CalendarError, match="工作小时数"):
        example_work_time().add_hours(datetime(2026, 9, 18, tzinfo=CHINA), timedelta(hours=-1))
    with pytest.raises(CalendarError, match="结束时间早于"):
        example_work_time().hours_between(
            datetime(2026, 9, 18, tzinfo=CHINA), datetime(2026, 9, 17, tzinfo=CHINA)
        )


def test_hours_beyond_the_calendar_are_refused():
    late = datetime.combine(LAST_DAY, time(16), CHINA)
    for attempt in (
        lambda: WORK_TIME.add_hours(late, timedelta(hours=40)),
        lambda: WORK_TIME.hours_between(late, late + timedelta(days=30)),
        lambda: WORK_TIME.hours_between(datetime(1980, 1, 1, tzinfo=CHINA), late),
        lambda: WORK_TIME.closing(date(1980, 1, 2)),
    ):
        with pytest.raises(CalendarError, match=r"超出日历范围|没有办公时间"):
            attempt()


def test_a_gap_in_the_hours_is_refused_only_by_spans_that_touch_it():
    morning = (MORNING,)
    gap = WorkTime(
        national_calendar(),
        [HoursPeriod(None, date(2026, 6, 30), morning), HoursPeriod(date(2026, 8, 1), None, morning)],
    )
    june, july, august = (datetime(2026, month, 1, 7, tzinfo=CHINA) for month in (6, 7, 8))
    assert gap.hours_between(june, july - timedelta(days=1)) == timedelta(hours=3.5 * 20)
    for attempt in (
        lambda: gap.hours_between(june, august),
        lambda: gap.add_hours(june, timedelta(hours=100)),
        lambda: gap.add_hours(july, timedelta(hours=1)),
    ):
        with pytest.raises(CalendarError, match="没有办公时间"):
            attempt()
