"""Suspensions (中止计时) in working days: how long one may be, when it is looked at again, what it has cost.

The numbers are those of the rule package in force. Source: policy.md F1 (20 working days, each and each renewal), users.md 68.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cases.selectors.causes import Span
from escalation.rules.hours import CHINA
from escalation.selectors.versions import InForce, in_force


def latest_end(from_on: date, now: datetime, versions: InForce | None = None) -> date:
    """Return the last day until which time may stand still, counted from the day it starts or is renewed."""
    versions = versions or in_force()
    days = versions.rulebook.in_force_at(now).parameters.suspension_most_days
    return versions.work_time().calendar.add(from_on, days)


def review_due(reviewed_at: datetime, now: datetime, versions: InForce | None = None) -> date:
    """Return the day by which somebody must have looked again (复核), counted from the last look."""
    versions = versions or in_force()
    days = versions.rulebook.in_force_at(now).parameters.suspension_review_days
    return versions.work_time().calendar.add(reviewed_at.astimezone(CHINA).date(), days)


def days_lost(spans: Iterable[Span], today: date, versions: InForce | None = None) -> list[int]:
    """Return for each span the working days that it has taken from all its cases until today."""
    calendar = (versions or in_force()).work_time().calendar
    found = [(span.from_on, min(span.ended_on or span.planned_end, today), span.cases) for span in spans]
    return [cases * calendar.count(begin, end) if end > begin else 0 for begin, end, cases in found]


def days_since(day: date, today: date, versions: InForce | None = None) -> int:
    """Return the working days after a day up to today."""
    return (versions or in_force()).work_time().calendar.count(day, today) if today > day else 0
