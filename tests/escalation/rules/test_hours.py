"""Office hours across lunch, weekends and make-up Sundays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.rules.calendar import CalendarError
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime, checked_period, example_work_time
from escalation.services.national import national_calendar

MORNING, AFTERNOON = Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30))
WORK_TIME = WorkTime(national_calendar(), [HoursPeriod(None, None, (MORNING, AFTERNOON))])
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
