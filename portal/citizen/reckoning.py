"""为什么是这一天: the due moment of a followed case, day by day, for the receipt and a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from escalation.rules.explain import ExplainStep, StepKind
from escalation.rules.explain_steps import BY_DAY, in_weeks, short_span
from escalation.selectors.calendars import holidays_between
from escalation.selectors.clocks import ClockView
from escalation.selectors.promised import promised
from portal.citizen.progress import Status, status_of

LONG_HOLIDAY = 3  # days of rest in a row that are named before anybody opens the reckoning


class Day(NamedTuple):
    """One row of the reckoning: a day, or a stretch in which time stands still."""

    label: str
    text: str
    counts: bool
    is_due: bool


class Week(NamedTuple):
    """Rows that stand together: a heading puts them away, the last week stands open, `notes` between weeks are sentences."""

    heading: str
    days: list[Day]
    is_open: bool
    notes: list[str] = []


class Reckoning(NamedTuple):
    """为什么是这一天: sentences before, one row a day, sentences after; the long holidays in between in words."""

    before: list[str]
    weeks: list[Week]
    after: list[str]
    holidays: list[str] = []


def reckoning_of(steps: Sequence[ExplainStep]) -> Reckoning:
    """Lay out an explanation as tables of days."""
    due_on = next((step.on for step in steps if step.kind is StepKind.DUE), None)
    by_day = [step for step in steps if step.kind in BY_DAY]
    places = [place for place, step in enumerate(steps) if step.kind in BY_DAY]
    first = (
        places[0] if places else next((n for n, s in enumerate(steps) if s.kind is StepKind.DUE), len(steps))
    )
    ends = {StepKind.COUNTED, StepKind.LEFT}
    together = in_weeks(by_day)
    weeks = [
        Week(
            week.heading,
            [
                Day(step.label, step.remark, step.kind in ends, step.on == due_on and step.kind in ends)
                for step in week.steps
            ],
            week.is_last,
            [step.text for step in week.steps] if len(together) > 1 and not week.heading else [],
        )
        for week in together
    ]
    return Reckoning(
        before=[step.text for step in steps[:first]],
        weeks=weeks if by_day else [],
        after=[step.text for step in steps[first:] if step.kind not in BY_DAY],
    )


def explained(case: Any, now: datetime) -> tuple[Status, Reckoning | None]:
    """The status with its reckoning, for the receipt and the page 为什么是这一天; four queries."""
    found = promised(case.pk, now)
    if found is None:
        return status_of(case, None), None
    holidays = holidays_text(found.due, case.hall_id)
    return status_of(case, found.due), reckoning_of(found.why)._replace(holidays=holidays)


def holidays_text(due: ClockView, hall_id: int) -> list[str]:
    """Say which long holidays lie before the due day; one query."""
    start, end = timezone.localdate(due.started_at), timezone.localdate(due.due_at)
    return [
        f"{short_span(holiday.first, holiday.last)}{holiday.name}放假，不算在内。"
        for holiday in holidays_between(start, end, hall_id)
        if holiday.days >= LONG_HOLIDAY
    ]
