"""Due days by the table of policy.md 5.4, its worked examples, and every start day 2013–2026 against walking day by day."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice

import pytest

from escalation.rules.calendar import RestDay
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.hours import CHINA, HoursPeriod, Session, WorkTime
from escalation.services.national import national_calendar
from tests.escalation.rules.published import days, working_days_from, works

CALENDAR = national_calendar()
SESSIONS = (Session(time(8, 30), time(12)), Session(time(14, 30), time(17, 30)))
WORK_TIME = WorkTime(CALENDAR, [HoursPeriod(None, None, SESSIONS)])
MOST = 60
STARTS = tuple(days(date(2013, 1, 1), date(2026, 12, 31)))

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


def due(received: str, count: int, policy: RestDay):
    at = datetime.fromisoformat(f"{received}T10:00").replace(tzinfo=CHINA)
    return deadline(at, Limit(Unit.DAYS, count), WORK_TIME, policy)


@pytest.mark.parametrize(
    ("received", "count", "deemed", "natural"), ROWS, ids=[" ".join(row[:2]) for row in ROWS]
)
def test_due_days_of_the_policy_table(received, count, deemed, natural):
    by_deemed, by_natural = (due(received, int(count), policy) for policy in RestDay)
    assert str(by_deemed.due_at) == f"{deemed} 17:30:00+08:00"
    assert str(by_natural.due_at) == f"{natural} 17:30:00+08:00"
    assert by_deemed.provisional == by_natural.provisional == (received == "2026-12-31")


@pytest.mark.parametrize(
    ("received", "count", "deemed", "natural"),
    [
        (
            "2026-09-19",
            0,
            "2026-09-20",
            "2026-09-20",
        ),  # nothing to count: the make-up Sunday after a Saturday
        ("2026-09-20", 0, "2026-09-20", "2026-09-20"),
        ("2024-02-28", 1, "2024-02-29", "2024-02-29"),  # leap year
        ("2024-02-29", 1, "2024-03-01", "2024-03-01"),
        ("2025-02-28", 1, "2025-03-03", "2025-03-03"),
        ("2018-12-28", 1, "2018-12-29", "2018-12-29"),  # Saturday worked by the notice of the year after
        ("2018-12-29", 1, "2019-01-02", "2019-01-02"),  # Monday the 31st off by it
        (
            "2020-01-23",
            3,
            "2020-02-05",
            "2020-02-05",
        ),  # 春节 extended to 02-02; Saturday 02-01 no longer works
        ("2019-04-30", 1, "2019-05-05", "2019-05-05"),  # 劳动节 as changed in March
        ("2015-09-02", 1, "2015-09-06", "2015-09-06"),  # 抗战胜利70周年
        ("2005-12-30", 1, "2005-12-31", "2005-12-31"),
        ("2023-12-31", 2, "2024-01-04", "2024-01-03"),
    ],
)
def test_due_days_where_others_go_wrong(received, count, deemed, natural):
    found = [str(due(received, count, policy).due_at.date()) for policy in RestDay]
    assert found == [deemed, natural]


def walked(start: date) -> list[date]:
    """Where 0, 1, … working days after one start day end; none end on the day itself or the next working day."""
    following = list(islice(working_days_from(start), MOST))
    return [start if works(start) else following[0], *following]


def received_by_hand(start: date) -> date:
    """视为下一个工作日收到."""
    return start if works(start) else next(working_days_from(start))


def test_every_start_day_2013_to_2026_with_0_to_60_days_is_what_one_counts_by_hand():
    for start in STARTS:
        natural = walked(start)
        assert [CALENDAR.add(start, n) for n in range(MOST + 1)] == natural
        received = CALENDAR.received_on(start, RestDay.DEEMED)
        assert received == received_by_hand(start)
        assert CALENDAR.received_on(start, RestDay.NATURAL) == start
        deemed = natural if received == start else walked(received)
        assert [CALENDAR.add(received, n) for n in range(MOST + 1)] == deemed


@pytest.mark.parametrize("policy", RestDay)
def test_every_deadline_2013_to_2026_with_0_to_60_days_ends_when_business_stops(policy):
    limits = [Limit(Unit.DAYS, n) for n in range(MOST + 1)]
    for start in STARTS:
        at = datetime.combine(start, time(10), CHINA)
        zero = start if policy is RestDay.NATURAL else received_by_hand(start)
        found = [deadline(at, limit, WORK_TIME, policy) for limit in limits]
        assert [f.due_at for f in found] == [datetime.combine(d, time(17, 30), CHINA) for d in walked(zero)]
        assert [f.provisional for f in found] == [f.due_at.year > 2026 for f in found]
