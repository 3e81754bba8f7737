"""Stages of one limit (时限的变化): its end as it was first known, and after each event that moved it.

An amendment moves no moment that had passed when it was recorded: what was approved after the due moment changes neither it
nor the yellow card, only what was still ahead (policy.md F1, F4). Pure functions; units: aware moments.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.rules.kinds import Happening, Kind
from escalation.rules.amendments import Pauses
from escalation.rules.deadlines import Deadline, Limit, Unit, deadline, resolve
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.ladder import Instants, instants
from escalation.rules.limits import RulePackage, Step
from escalation.rules.pauses import Pause, beyond, count_around
from escalation.rules.runs import Key


class Extension(NamedTuple):
    """Working days added to a limit (延期), and when that was recorded."""

    days: int
    recorded_at: datetime


class Reclassification(NamedTuple):
    """Another limit of the whole case (改定难度), from the original start, and when that was recorded."""

    before: Limit
    after: Limit
    recorded_at: datetime


class Terms(NamedTuple):
    """Under what a run is reckoned: when it starts, its step, the package and the working time."""

    started_at: datetime
    step: Step
    package: RulePackage
    work_time: WorkTime


class Stage(NamedTuple):
    """One stage, since the event `version` was recorded. `limit` is as promised, `counted` as it is counted from day zero."""

    version: int
    limit: Limit
    counted: Limit
    due: Deadline
    rungs: Instants
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    reclassifications: tuple[Reclassification, ...] = ()


NO_PAUSES = Pauses()


def stage_of(terms: Terms, version: int, *, case: Stage | None, pauses: Pauses = NO_PAUSES) -> Stage:
    """Return the first stage of a run; `case` is the stage of the whole case that a share's run derives its limit from."""
    limit = resolve(terms.step.limit, terms.started_at, case.due if case else None)
    counted = _counted(limit, terms, case)
    due = _due(counted, terms, case, pauses, 0)
    in_effect = _in_effect(pauses, due)
    return Stage(version, limit, counted, due, _rungs(terms, due, in_effect), in_effect)


def amended(
    before: Stage, event: Happening, key: Key, terms: Terms, *, case: Stage | None, pauses: Pauses
) -> Stage:
    """Return the stage that an amending event leads to."""
    at = event.recorded_at
    if before.due.due_at <= at:
        return _after_breach(before, event, terms, pauses)
    extensions, reclassifications = before.extensions, before.reclassifications
    limit, counted = before.limit, before.counted
    if event.kind is Kind.EXTENDED and event.share_id == key.share_id:
        extensions = (*extensions, Extension(int(event.data["days"]), at))
    if event.kind is Kind.RECLASSIFIED and key.share_id is None:
        limit = counted = terms.step.limit
        reclassifications = (*reclassifications, Reclassification(before.limit, limit, at))
    extra = sum(extension.days for extension in extensions)
    due = _ahead(_due(counted, terms, case, pauses, extra), at, terms)
    in_effect = _in_effect(pauses, due)
    rungs = _merged(before.rungs, _rungs(terms, due, in_effect), at)
    return Stage(event.version, limit, counted, due, rungs, in_effect, extensions, reclassifications)


def _after_breach(before: Stage, event: Happening, terms: Terms, pauses: Pauses) -> Stage:
    """What is already over stays so; a suspension still holds back what is ahead of it."""
    in_effect = _in_effect(pauses, before.due, also_after=True)
    red_at, ahead = before.rungs.red_at, _rungs(terms, before.due, in_effect).red_at
    if red_at is not None and ahead is not None and event.recorded_at < red_at:
        red_at = max(ahead, before.rungs.overdue_at)
    return before._replace(version=event.version, rungs=before.rungs._replace(red_at=red_at))


def _counted(limit: Limit, terms: Terms, case: Stage | None) -> Limit:
    """Half of what remains of a case becomes days of its own at the start, so that what moves the case later does not move it."""
    if limit.unit is not Unit.HALF_OF_CASE or case is None:
        return limit
    calendar = terms.work_time.calendar
    zero = calendar.received_on(terms.started_at.astimezone(CHINA).date(), terms.package.rest_day)
    case_day = case.due.due_at.astimezone(CHINA).date()
    remaining = count_around(calendar, zero, case_day, case.pauses) if case_day > zero else 0
    return Limit(Unit.DAYS, max(limit.amount, remaining // 2))


def _due(limit: Limit, terms: Terms, case: Stage | None, pauses: Pauses, extra_days: int) -> Deadline:
    """The due moment; a limit that is the case's own is moved by the case, and further by what concerns the share alone."""
    whole = limit.unit is Unit.AS_CASE
    return deadline(
        terms.started_at,
        limit,
        terms.work_time,
        terms.package.rest_day,
        case=case.due if case else None,
        pauses=beyond(pauses.own, pauses.of_case) if whole else (*pauses.of_case, *pauses.own),
        extra_days=extra_days,
    )


def _in_effect(pauses: Pauses, due: Deadline, *, also_after: bool = False) -> tuple[Pause, ...]:
    """The pauses that took days away between day zero and the due day (or after it)."""
    if not (pauses.of_case or pauses.own):
        return ()
    last = due.due_at.astimezone(CHINA).date()
    return tuple(
        pause
        for pause in sorted((*pauses.of_case, *pauses.own))
        if pause.from_on < pause.until_on
        and pause.until_on > due.counted_from
        and (also_after or pause.from_on <= last)
    )


def _rungs(terms: Terms, due: Deadline, pauses: tuple[Pause, ...]) -> Instants:
    due_on = due.due_at.astimezone(CHINA).date()
    step, calendar = terms.step, terms.work_time.calendar
    return instants(
        due.counted_from, due_on, calendar, terms.package.ladder, step.breach, step.grace_days, pauses
    )


def _ahead(due: Deadline, at: datetime, terms: Terms) -> Deadline:
    """A limit that is cut short leaves at least the next working day."""
    if due.due_at > at:
        return due
    next_day = terms.work_time.calendar.add(at.astimezone(CHINA).date(), 1)
    return due._replace(due_at=terms.work_time.closing(next_day))


def _merged(before: Instants, after: Instants, at: datetime) -> Instants:
    """The ladder after an amendment: what was signalled stays, what would lie in the past was not known then."""
    half_at, soon_at = (
        old if old is not None and old <= at else new if new is not None and new > at else None
        for old, new in ((before.half_at, after.half_at), (before.soon_at, after.soon_at))
    )
    return Instants(half_at, soon_at, after.overdue_at, after.red_at)
