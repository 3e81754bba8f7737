"""时限重算: timelines become clock rows. Set-based, and safe to repeat: a fold that changes nothing writes nothing.

The caller holds the case rows' lock (an act does; the sweep and the refold command take it). A row keeps the calendar version
it was computed under; only the batch that applies a new calendar moves open clocks to it, never silently (design.md, Versions).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.kinds import Happening
from cases.selectors.timelines import timelines_of
from cases.services.folding import mark_folded
from escalation.models import Clock
from escalation.rules import clocks as rules
from escalation.rules.clocks import Key
from escalation.rules.hours import WorkTime
from escalation.rules.ladder import Instants, next_signal_at
from escalation.rules.obligations import Obligation
from escalation.selectors.versions import InForce, in_force

IDENTITY = ["case", "share_id", "obligation", "run"]
COLUMNS = [
    "started_at",
    "due_at",
    *Instants._fields,
    "stopped_at",
    "judged_until",
    "next_signal_at",
    "limit_amount",
    "limit_unit",
    "deemed",
    "provisional",
    "calendar_version",
    "rule_version",
]


class Folded(NamedTuple):
    """What a fold did: cases read, clock rows written, clock rows removed."""

    cases: int
    written: int
    removed: int


def fold_case(case_id: int, now: datetime) -> None:
    """Fold one case at the end of an act (the listener of cases.timeline); `now` plays no part in the result."""
    del now
    fold_cases([case_id])


def fold_cases(case_ids: Sequence[int], *, apply_calendar: bool = False) -> Folded:
    """Rebuild the clocks of locked cases from their whole timelines and mark the cases as folded.

    With `apply_calendar` open clocks move to the current calendar version; stopped ones always keep theirs.
    """
    timelines = timelines_of(case_ids)
    present = rows_of(case_ids)
    versions = in_force()
    changed: list[Clock] = []
    gone: list[int] = []
    for case_id, timeline in timelines.items():
        rows = present.get(case_id, {})
        wanted = rows_wanted(case_id, timeline, rows, versions, apply_calendar=apply_calendar)
        changed += [row for key, row in wanted.items() if key not in rows or _differs(row, rows[key])]
        gone += [row.pk for key, row in rows.items() if key not in wanted]
    _write(changed, gone)
    mark_folded({case_id: timeline[-1].version for case_id, timeline in timelines.items() if timeline})
    return Folded(len(timelines), len(changed), len(gone))


def rows_of(case_ids: Sequence[int]) -> dict[int, dict[Key, Clock]]:
    """Return the clock rows of cases by key; one query."""
    found: dict[int, dict[Key, Clock]] = {}
    for row in Clock.objects.filter(case_id__in=case_ids):
        found.setdefault(row.case_id, {})[Key(Obligation(row.obligation), row.share_id, row.run)] = row
    return found


def rows_wanted(
    case_id: int,
    timeline: Sequence[Happening],
    present: dict[Key, Clock],
    versions: InForce,
    *,
    apply_calendar: bool = False,
) -> dict[Key, Clock]:
    """Return the rows that a case should have, unsaved, given those it has."""
    hall_id = rules.hall_of(timeline)

    def work_time_of(key: Key) -> WorkTime:
        row = present.get(key)
        keeps = row is not None and (row.stopped_at is not None or not apply_calendar)
        return versions.work_time(hall_id, row.calendar_version if row is not None and keeps else None)

    folded = rules.fold(timeline, versions.rulebook, work_time_of)
    return {clock.key: _row(case_id, clock, present.get(clock.key)) for clock in folded}


def _row(case_id: int, clock: rules.Clock, present: Clock | None) -> Clock:
    """Return one row; what the sweep has judged so far is kept."""
    judged_until = clock.started_at
    if present is not None and present.judged_until != present.started_at:
        judged_until = present.judged_until
    return Clock(
        pk=present.pk if present else None,
        case_id=case_id,
        **clock.key._asdict(),
        **clock.rungs._asdict(),
        started_at=clock.started_at,
        due_at=clock.due.due_at,
        stopped_at=clock.stopped_at,
        judged_until=judged_until,
        next_signal_at=next_signal_at(clock.rungs, judged_until, clock.stopped_at),
        limit_amount=clock.limit.amount,
        limit_unit=clock.limit.unit.value,
        deemed=clock.deemed,
        provisional=clock.due.provisional,
        calendar_version=clock.calendar_version,
        rule_version=clock.rule_version,
    )


def _differs(row: Clock, present: Clock) -> bool:
    return any(getattr(row, name) != getattr(present, name) for name in COLUMNS)


def _write(changed: Iterable[Clock], gone: Sequence[int]) -> None:
    rows = list(changed)
    for row in rows:
        row.pk = None  # found by identity, so that rows new and old go in one statement
    if rows:
        Clock.objects.bulk_create(
            rows, batch_size=1000, update_conflicts=True, unique_fields=IDENTITY, update_fields=COLUMNS
        )
    if gone:
        Clock.objects.filter(pk__in=gone).delete()
