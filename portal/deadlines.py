"""When does a limit end? One question and its answer, as the command, a file of questions and the API ask it alike.

Every error is a CalendarError with one Chinese sentence. 0 working days end when business stops on the day itself, or on the next
working day when it is a rest day; 0 hours end at the moment itself, or at the next opening.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from cases.selectors.halls import active_halls
from escalation.rules.calendar import FIRST_DAY, LAST_DAY, CalendarError, RestDay
from escalation.rules.deadlines import MOST_DAYS, Deadline, Limit, Unit, deadline
from escalation.rules.explain import ExplainStep, Tongue, Voice, explain
from escalation.rules.hours import CHINA, MOST_HOURS, WorkTime
from escalation.selectors import in_force
from escalation.selectors.versions import InForce

MOST_WHOLE_HOURS = int(MOST_HOURS.total_seconds()) // 3600
LONGEST_SHOWN = 40  # characters of a bad input that an answer repeats
WHOLE = re.compile(r"[+-]?[0-9]{1,9}(\.0{1,9})?", re.ASCII)  # 3.0 as spreadsheets write it
DECIMAL = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
RANGE = f"{FIRST_DAY.year}年至{LAST_DAY.year}年"


class Asking(NamedTuple):
    """What questions are answered with: the versions in force, and the halls by code."""

    versions: InForce
    halls: Mapping[str, int]


class Question(NamedTuple):
    """A checked question."""

    received_at: datetime
    limit: Limit
    rest_day: RestDay
    hall_id: int | None


def asking() -> Asking:
    """Read versions and halls; two queries. Errors: CalendarError while there is no calendar."""
    return Asking(in_force(), {hall.code: hall.pk for hall in active_halls()})


def answer(asked: Mapping[str, Any], asking: Asking, *, with_steps: bool = True) -> dict[str, Any]:
    """Compute one due moment from received, days or hours, rest_day and hall as they were typed."""
    question = _question(asked, asking.halls)
    work_time = asking.versions.work_time(question.hall_id)
    due = deadline(question.received_at, question.limit, work_time, question.rest_day)
    found: dict[str, Any] = {
        "due_at": due.due_at.isoformat(),
        "provisional": due.provisional,
        "calendar_version": work_time.calendar.number,
    }
    if with_steps:
        found["steps"] = [step_data(step) for step in _steps(question, due, work_time, asking.versions)]
    return found


def step_data(step: ExplainStep) -> dict[str, Any]:
    """Return one step of an explanation as JSON says it."""
    on, until = (day and day.isoformat() for day in (step.on, step.until))
    return {"kind": step.kind.value, "text": step.text, "on": on, "number": step.number, "until": until}


def _steps(question: Question, due: Deadline, work_time: WorkTime, versions: InForce) -> list[ExplainStep]:
    tongue = Tongue(Voice.STAFF, {}, versions.source(question.hall_id))
    return explain(question.received_at, question.limit, due, work_time, tongue=tongue)


def _question(asked: Mapping[str, Any], halls: Mapping[str, int]) -> Question:
    policy, code = _text(asked, "rest_day") or RestDay.DEEMED.value, _text(asked, "hall")
    received_at = _moment(_text(asked, "received"))
    limit = _limit(_text(asked, "days"), _text(asked, "hours"))
    if policy not in {one.value for one in RestDay}:
        raise CalendarError(f"rest_day 只能是 deemed 或 natural，现为 {_short(policy)}。")
    if code and code not in halls:
        raise CalendarError(f"没有代码为 {_short(code)} 的大厅。")
    return Question(received_at, limit, RestDay(policy), halls.get(code))


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    return "" if value is None else str(value).strip()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}……"


def _moment(text: str) -> datetime:
    """Read a moment in China Standard Time unless it says another; a date alone means its beginning."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)
    except ValueError:
        raise CalendarError(
            f"收到的时刻写法无效：{_short(text) or '（空）'}，应写成 2026-09-30T10:00。"
        ) from None
    except OverflowError:
        raise CalendarError(f"收到的时刻 {_short(text)} 超出日历范围（{RANGE}）。") from None
    if not FIRST_DAY <= local.date() <= LAST_DAY:
        raise CalendarError(f"收到的时刻 {_short(text)} 超出日历范围（{RANGE}）。")
    return local


def _limit(days: str, hours: str) -> Limit:
    """Read exactly one of days and hours."""
    if bool(days) == bool(hours):
        raise CalendarError("请写工作日数（days）或工作小时数（hours）中的一个。")
    if days:
        if not WHOLE.fullmatch(days):
            raise CalendarError(f"时限应为整数：{_short(days)}。")
        return Limit(Unit.DAYS, int(_within(Decimal(days), MOST_DAYS, "个工作日")))
    if not DECIMAL.fullmatch(hours):
        raise CalendarError(f"工作小时数应为数字，如 4 或 1.5：{_short(hours)}。")
    minutes = _within(Decimal(hours), MOST_WHOLE_HOURS, "个工作小时") * 60
    if minutes % 1:
        raise CalendarError(f"工作小时数须合整分钟，如 1.5 或 0.25：{_short(hours)}。")
    return Limit(Unit.HOURS, int(minutes) // 60, minutes=int(minutes) % 60)


def _within(amount: Decimal, most: int, unit: str) -> Decimal:
    if not 0 <= amount <= most:
        raise CalendarError(f"时限应在 0 至 {most} {unit}之间，现为 {amount}。")
    return amount
