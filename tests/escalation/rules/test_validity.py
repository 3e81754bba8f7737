"""Office hours with their validity: exceptions over what lasts, one after another, and out again."""

from __future__ import annotations

from datetime import date, time

import pytest

from escalation.rules.calendar import CalendarError
from escalation.rules.contents import example_content, with_hours, without_hours
from escalation.rules.hours import HoursPeriod, Session, stretches
from escalation.rules.validity import laid_over, taken_out, uncut

USUAL, SHORT, LONG = ((Session(time(9), time(hour)),) for hour in (17, 13, 20))
LASTING = HoursPeriod(None, None, USUAL)
SUMMERS = [HoursPeriod(date(year, 7, 1), date(year, 8, 31), SHORT) for year in (2026, 2027)]
FEBRUARY = HoursPeriod(date(2027, 2, 1), date(2027, 2, 5), LONG)
FROM_2028 = HoursPeriod(date(2028, 1, 1), None, LONG)


def laid(*periods: HoursPeriod) -> tuple[HoursPeriod, ...]:
    found: tuple[HoursPeriod, ...] = ()
    for period in periods:
        found = laid_over(found, period)
    return found


def closings(periods: tuple[HoursPeriod, ...], *days: str) -> list[int]:
    """At what hour business stops on each day; 0 where no hours are set."""
    found = list(stretches(periods))
    held = [next(s for s in found if s.first <= date.fromisoformat(day) <= s.last) for day in days]
    return [stretch.sessions[-1].closes.hour if stretch.sessions else 0 for stretch in held]


def test_between_two_summers_another_exception_finds_its_place():
    periods = laid(LASTING, *SUMMERS, FEBRUARY)
    days = ("2026-07-15", "2027-01-31", "2027-02-01", "2027-02-05", "2027-02-06", "2027-07-01", "2027-09-01")
    assert closings(periods, *days) == [13, 17, 20, 20, 17, 13, 17]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 1, 0, 3), (3, 2, 1, 0)])
def test_the_order_of_laying_plays_no_part(order):
    parts = [LASTING, *SUMMERS, FROM_2028]
    assert laid(*(parts[n] for n in order)) == laid(*parts)


def test_what_lasts_holds_until_the_next_that_lasts():
    periods = laid(FROM_2028, LASTING)
    assert closings(periods, "2027-12-31", "2028-01-01") == [17, 20]
    assert closings(laid(LASTING, LASTING._replace(sessions=SHORT)), "2027-12-31") == [13]
    assert laid(LASTING, LASTING._replace(sessions=SHORT)) == (LASTING._replace(sessions=SHORT),)


def test_an_exception_open_at_its_start_is_one_too():
    past = HoursPeriod(None, date(2020, 12, 31), SHORT)
    assert closings(laid(LASTING, past), "2020-12-31", "2021-01-01") == [13, 17]
    with pytest.raises(CalendarError, match="与 至2020-12-31 的办公时间重叠"):
        laid(LASTING, past, HoursPeriod(date(2020, 12, 31), date(2021, 1, 5), LONG))


def test_exceptions_go_in_any_order_and_leave_what_lasts():
    periods = laid(LASTING, *SUMMERS, FEBRUARY)
    for gone in (SUMMERS[1], FEBRUARY, SUMMERS[0]):
        periods = taken_out(periods, gone)
    assert periods == (LASTING,)


def test_the_city_is_never_left_without_hours_on_a_day():
    content = with_hours(example_content(), None, FROM_2028)
    usual = example_content().hours[None][0]
    with pytest.raises(CalendarError, match="移除以后，1992-01-01至2027-12-31 没有办公时间"):
        without_hours(content, None, usual)
    assert without_hours(content, None, FROM_2028) == example_content()


def test_what_was_stored_in_pieces_is_read_whole():
    day = date.fromisoformat
    pieces = (
        HoursPeriod(None, day("2026-06-30"), USUAL),
        HoursPeriod(day("2026-07-01"), day("2026-08-31"), SHORT),
        HoursPeriod(day("2026-09-01"), day("2027-06-30"), USUAL),
        HoursPeriod(day("2027-07-01"), day("2027-08-31"), SHORT),
        HoursPeriod(day("2027-09-01"), day("2027-12-31"), USUAL),
        HoursPeriod(day("2028-01-01"), None, LONG),
    )
    assert uncut(pieces) == laid(LASTING, *SUMMERS, FROM_2028)
    assert [s.sessions for s in stretches(uncut(pieces))] == [s.sessions for s in stretches(pieces)]


@pytest.mark.parametrize(
    "periods",
    [(), (LASTING,), tuple(SUMMERS), laid(LASTING, *SUMMERS, FROM_2028), (LASTING, SUMMERS[0], FROM_2028)],
)
def test_what_is_whole_is_read_as_it_stands(periods):
    assert uncut(periods) == periods
