"""What ends the same day: in halls that close early or late, nobody who comes later is given less time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.rules.calendar import CalendarError
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime
from escalation.services.national import national_calendar

CALENDAR = national_calendar()
DISPATCH = Limit(Unit.SAME_DAY, 0, time(16, 30), time(10))
START = datetime(2026, 9, 1, tzinfo=CHINA)
moments = st.integers(0, 90 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
gaps = st.integers(0, 2 * 1440).map(lambda minutes: timedelta(minutes=minutes))
hall_hours = st.lists(st.integers(0, 95), min_size=2, max_size=4, unique=True).filter(
    lambda q: len(q) % 2 == 0
)


def hall(*quarters: int) -> WorkTime:
    """A hall with sessions between quarters of an hour."""
    at = [time(quarter // 4, quarter % 4 * 15) for quarter in sorted(quarters)]
    sessions = tuple(Session(*at[n : n + 2]) for n in range(0, len(at), 2))
    return WorkTime(CALENDAR, [HoursPeriod(None, None, sessions)])


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("15:59", "11-25 16:00"),
        ("16:00", "11-25 16:00"),
        ("16:10", "11-26 10:00"),
        ("16:31", "11-26 10:00"),
    ],
)
def test_who_comes_after_closing_is_late_however_early_a_hall_closes(received, due):
    at = datetime.fromisoformat(f"2026-11-25T{received}").replace(tzinfo=CHINA)
    assert f"{deadline(at, DISPATCH, hall(34, 64)).due_at:%m-%d %H:%M}" == due


def test_without_an_hour_for_the_late_the_next_day_ends_when_business_stops():
    at = datetime(2026, 11, 25, 18, tzinfo=CHINA)
    assert deadline(at, Limit(Unit.SAME_DAY), hall(34, 70)).due_at == datetime(
        2026, 11, 26, 17, 30, tzinfo=CHINA
    )


@given(moments, gaps, hall_hours, st.sampled_from([DISPATCH, Limit(Unit.SAME_DAY)]))
def test_who_comes_later_never_ends_earlier(first, gap, quarters, limit):
    there, second = hall(*quarters), first + gap
    assert deadline(first, limit, there).due_at <= deadline(second, limit, there).due_at
    assert deadline(second, limit, there).due_at >= second


def test_a_limit_within_a_case_needs_the_case():
    at = datetime.combine(date(2026, 11, 25), time(9), CHINA)
    for unit in (Unit.AS_CASE, Unit.HALF_OF_CASE):
        with pytest.raises(CalendarError, match="没有整件时限"):
            deadline(at, Limit(unit, 1), hall(34, 70))
