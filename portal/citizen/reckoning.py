"""为什么是这一天: the due moment of a followed case, day by day, for the receipt and a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from escalation.rules.explain import ExplainStep, StepKind, day_text
from escalation.selectors.promised import promised
from portal.citizen.progress import Status, status_of


class Day(NamedTuple):
    """One row of the reckoning."""

    on: date
    text: str
    counts: bool
    is_due: bool


class Reckoning(NamedTuple):
    """为什么是这一天: sentences before, one row a day, sentences after."""

    before: list[str]
    days: list[Day]
    after: list[str]


def reckoning_of(steps: Sequence[ExplainStep]) -> Reckoning:
    """Lay out an explanation as a table of days."""
    by_day = (StepKind.DAY_ZERO, StepKind.COUNTED, StepKind.SKIPPED)
    due_on = next((step.on for step in steps if step.kind is StepKind.DUE), None)
    days = [
        Day(step.on, _without_date(step), step.kind is StepKind.COUNTED, step.on == due_on)
        for step in steps
        if step.kind in by_day and step.on
    ]
    first = (StepKind.RECEIVED, StepKind.DEEMED, StepKind.LIMIT)
    return Reckoning(
        before=[step.text for step in steps if step.kind in first],
        days=days,
        after=[step.text for step in steps if step.kind not in (*first, *by_day)],
    )


def _without_date(step: ExplainStep) -> str:
    text = step.text.removeprefix(day_text(step.on)) if step.on else step.text
    return text.rstrip("。").lstrip("，")


def explained(case: Any, now: datetime) -> tuple[Status, Reckoning | None]:
    """The status with its reckoning, for the receipt and the page 为什么是这一天; three queries."""
    found = promised(case.pk, now)
    if found is None:
        return status_of(case, None), None
    return status_of(case, found.due), reckoning_of(found.why)
