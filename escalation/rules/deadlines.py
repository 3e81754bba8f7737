"""A limit (时限) applied to a moment of receipt: the due moment, from which day it was counted, and whether it is provisional.

Sources: policy.md F1 (unit, day zero, end of the last day, rest-day submission), F3 (dispatch the same day, or the next
morning when accepted late), 民法典 201 and 203. Units: aware moments; limits in working days or office hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from escalation.rules.calendar import CalendarError, RestDay
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.pauses import Pause, pushed

MOST_DAYS = 2000


class Unit(StrEnum):
    """What a limit counts."""

    DAYS = "days"  # 工作日
    HOURS = "hours"  # 工作小时
    SAME_DAY = "same_day"  # 当日
    AS_CASE = "as_case"  # 与整件时限相同
    HALF_OF_CASE = "half_of_case"  # 整件剩余时限的一半


class Limit(NamedTuple):
    """How long something may take.

    `amount` is a number of days or hours; of AS_CASE and HALF_OF_CASE it is the least number of working days that must
    remain. A SAME_DAY limit that starts after `late_after`, or after business has stopped, ends the next working day at
    `late_due`.
    """

    unit: Unit
    amount: int = 0
    late_after: time | None = None
    late_due: time | None = None
    minutes: int = 0  # of an HOURS limit, beside the whole hours

    @property
    def text(self) -> str:
        """Return the limit in the words of the notice boards.

        >>> Limit(Unit.DAYS, 3).text, Limit(Unit.HOURS, 4).text, Limit(Unit.SAME_DAY).text
        ('3 个工作日', '4 个工作小时', '当日')
        """
        return {
            Unit.DAYS: f"{self.amount} 个工作日",
            Unit.HOURS: f"{self.amount + self.minutes / 60:.12g} 个工作小时",
            Unit.SAME_DAY: "当日",
            Unit.AS_CASE: "与整件时限相同",
            Unit.HALF_OF_CASE: "整件剩余时限的一半",
        }[self.unit]


class Deadline(NamedTuple):
    """When a limit ends. `counted_from` is day zero: the day of receipt, which never counts."""

    counted_from: date
    due_at: datetime
    provisional: bool


def parse_limit(document: Mapping[str, Any]) -> Limit:
    """Read a limit from a rule package: {"days": 3}, {"hours": 4}, {"same_day": {…}}, {"as_case": 1}, {"half_of_case": 1}.

    >>> parse_limit({"days": 3})
    Limit(unit=<Unit.DAYS: 'days'>, amount=3, late_after=None, late_due=None, minutes=0)
    >>> parse_limit({"same_day": {"late_after": "16:30", "late_due": "10:00"}}).late_due
    datetime.time(10, 0)
    >>> parse_limit({"weeks": 1})
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 时限的写法无效：{'weeks': 1}
    """
    try:
        ((name, value),) = document.items()
        unit = Unit(name)
        if unit is Unit.SAME_DAY:
            late = {key: time.fromisoformat(value[key]) for key in ("late_after", "late_due") if key in value}
            if len(late) == 1 or value.keys() - late.keys():
                raise ValueError(value)
            return Limit(unit, 0, late.get("late_after"), late.get("late_due"))
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DAYS:
            raise ValueError(value)
        return Limit(unit, value)
    except (ValueError, TypeError, AttributeError):
        raise CalendarError(f"时限的写法无效：{dict(document)}") from None


def deadline(
    received_at: datetime,
    limit: Limit,
    work_time: WorkTime,
    rest_day: RestDay = RestDay.DEEMED,
    *,
    case: Deadline | None = None,
    pauses: Sequence[Pause] = (),
    extra_days: int = 0,
) -> Deadline:
    """Return when `limit` ends for something received at `received_at`; `case` is the whole case's deadline.

    Suspensions (`pauses`) and extensions (`extra_days`) move the last day; limits in hours do not know them. Half of what remains
    of a case is days of its own by the time it is reckoned (rules.stages).

    >>> from escalation.rules.hours import example_work_time
    >>> def due(day: str, limit: Limit) -> str:
    ...     at = datetime.fromisoformat(day).replace(tzinfo=CHINA)
    ...     return f"{deadline(at, limit, example_work_time()).due_at:%m-%d %H:%M}"
    >>> [due(f"2026-09-{d} 10:00", Limit(Unit.DAYS, 3)) for d in (29, 30)], due("2026-10-01 10:00", Limit(Unit.DAYS, 3))
    (['10-09 17:30', '10-10 17:30'], '10-12 17:30')
    >>> dispatch = Limit(Unit.SAME_DAY, 0, time(16, 30), time(10))
    >>> [due(f"2026-09-30 16:{m}", dispatch) for m in (29, 30, 31)]
    ['09-30 17:30', '09-30 17:30', '10-08 10:00']
    """
    received_at = received_at.astimezone(CHINA)
    calendar = work_time.calendar
    day_zero = calendar.received_on(received_at.date(), rest_day)
    if limit.unit is Unit.HOURS:
        due_at = work_time.add_hours(received_at, timedelta(hours=limit.amount, minutes=limit.minutes))
    elif limit.unit is Unit.DAYS:
        last = calendar.add(day_zero, limit.amount + extra_days)
        due_at = work_time.closing(pushed(calendar, day_zero, last, pauses))
    elif limit.unit is Unit.SAME_DAY:
        due_at = _moved(_same_day(received_at, limit, work_time), day_zero, extra_days, pauses, work_time)
    elif limit.unit is Unit.AS_CASE and case is not None:
        due_at = _moved(case.due_at, day_zero, extra_days, pauses, work_time)
    else:
        raise CalendarError("没有整件时限，无法计算分项时限。")
    return Deadline(day_zero, due_at, calendar.is_provisional(received_at.date(), due_at.date()))


def _moved(
    due_at: datetime, day_zero: date, extra_days: int, pauses: Sequence[Pause], work_time: WorkTime
) -> datetime:
    """A limit that is not plain days, extended and suspended: its day moves, and it ends when business stops."""
    if not pauses and not extra_days:
        return due_at
    calendar, due_on = work_time.calendar, due_at.date()
    last = pushed(calendar, day_zero, calendar.add(due_on, extra_days) if extra_days else due_on, pauses)
    return due_at if last == due_on else work_time.closing(last)


def _same_day(received_at: datetime, limit: Limit, work_time: WorkTime) -> datetime:
    """Close of business of the day of receipt (or the next working day), or the next morning when received late.

    Late is after `late_after`, and after business has stopped, whichever comes first: halls keep hours of their own.
    """
    day = work_time.calendar.on_or_after(received_at.date())
    closing = work_time.closing(day)
    is_late = received_at > closing or (
        limit.late_after is not None and received_at.time() > limit.late_after
    )
    if day != received_at.date() or not is_late:
        return closing
    following = work_time.calendar.add(day, 1)
    closing = work_time.closing(following)
    return min(closing, datetime.combine(following, limit.late_due, CHINA)) if limit.late_due else closing


def resolve(limit: Limit, received_at: datetime, case: Deadline | None) -> Limit:
    """Return the limit that holds: a unit asked only after the case ran out (or without one) gets days of its own.

    >>> due = Deadline(date(2026, 9, 25), datetime(2026, 9, 30, 17, 30, tzinfo=CHINA), False)
    >>> for hour in (17, 18):
    ...     resolve(Limit(Unit.AS_CASE, 1), datetime(2026, 9, 30, hour, tzinfo=CHINA), due).text
    '与整件时限相同'
    '1 个工作日'
    """
    if limit.unit not in {Unit.AS_CASE, Unit.HALF_OF_CASE}:
        return limit
    if case is None or (limit.unit is Unit.AS_CASE and received_at >= case.due_at):
        return Limit(Unit.DAYS, max(limit.amount, 1))
    return limit
