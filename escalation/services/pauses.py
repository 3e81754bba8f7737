"""Suspensions end by themselves (自动恢复计时): the sweep writes down what the planned end has already done.

The fold counts a planned end from the day it is known, so nothing here moves a clock; the event and its notices tell people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from cases.rules.kinds import Kind
from cases.selectors.suspensions import Ended, over_on
from cases.selectors.timelines import LockedCase, lock_cases, timelines_of
from cases.services.system_events import Entry, end_suspensions, record_system_events
from escalation.rules.hours import CHINA
from escalation.services.notices import owe_new_notices

BATCH = 500


def end_pauses(*, now: datetime) -> int:
    """Write down every suspension whose planned end has passed, at its true instant; returns how many. Safe twice, safe late.

    Cases that others hold are left for the next minute.
    """
    today, ended, after = now.astimezone(CHINA).date(), 0, 0
    while batch := over_on(today, after=after, limit=BATCH):
        after = batch[-1].id
        with transaction.atomic():
            ended += _end(batch, today, now)
    return ended


def _end(batch: Sequence[Ended], today: date, now: datetime) -> int:
    """One batch: lock its cases first, then look again, because somebody may have renewed or ended one meanwhile."""
    locked = lock_cases(sorted({one.case_id for one in batch}), skip_locked=True)
    found = over_on(today, case_ids=[case.id for case in locked])
    if not found:
        return 0
    entries = [
        Entry(
            one.case_id,
            Kind.RESUMED,
            datetime.combine(one.planned_end + timedelta(days=1), time.min, CHINA),
            one.share_id,
            {"of": one.version, "ended_on": one.planned_end.isoformat(), "by_itself": True},
        )
        for one in found
    ]
    end_suspensions([one.id for one in found])
    record_system_events(entries, now=now)
    _tell([case for case in locked if case.id in {one.case_id for one in found}])
    return len(found)


def _tell(cases: Sequence[LockedCase]) -> None:
    """Owe the notices of what was just recorded: everything after the version at which each case was locked."""
    timelines = timelines_of([case.id for case in cases])
    owe_new_notices(
        timelines, {case.id: case.version for case in cases}, {case.id: case.hall_id for case in cases}
    )
