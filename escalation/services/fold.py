"""时限重算: timelines become clock rows. Set-based, and safe to repeat: a fold that changes nothing writes nothing.

The caller holds the case rows' lock (an act does; the sweep and the refold command take it). A row keeps the calendar version
it was computed under; only the batch that applies a new calendar moves open clocks to it, never silently (design.md, Versions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cases.models import Case
from cases.rules.kinds import Happening
from cases.selectors.timelines import timelines_of
from cases.services.folding import mark_folded
from escalation.models import Clock
from escalation.rules import clocks as rules
from escalation.rules.clocks import Key
from escalation.rules.hours import WorkTime
from escalation.rules.ladder import next_signal_at
from escalation.rules.obligations import OBLIGATIONS, Obligation
from escalation.selectors.versions import InForce, in_force
from escalation.services.locks import fold_under_current_versions
from escalation.services.notices import owe_new_notices

_OBLIGATIONS = {obligation.value: obligation for obligation in Obligation}
IDENTITY = ["case", "share_id", "obligation", "run"]


class Row(NamedTuple):
    """The columns of a clock besides its identity, in plain values that compare fast."""

    started_at: datetime
    due_at: datetime
    half_at: datetime | None
    soon_at: datetime | None
    overdue_at: datetime
    red_at: datetime | None
    stopped_at: datetime | None
    judged_until: datetime
    next_signal_at: datetime | None
    limit_amount: int
    limit_unit: str
    paused_from: date | None
    paused_until: date | None
    changes: int
    deemed: bool
    provisional: bool
    calendar_version: int
    rule_version: int


class Stored(NamedTuple):
    """A row as it stands in the table."""

    pk: int
    row: Row


class Folded(NamedTuple):
    """What a fold did: cases read, clock rows written, clock rows removed."""

    cases: int
    written: int
    removed: int


def fold_case(case_id: int, now: datetime) -> None:
    """Fold one case at the end of an act (the listener of cases.timeline); `now` plays no part in the result."""
    del now
    fold_cases([case_id])


def fold_cases(case_ids: Sequence[int], *, open_at: datetime | None = None) -> Folded:
    """Rebuild the clocks of locked cases from their whole timelines, owe the notices of what is new, mark them as folded.

    With `open_at` the clocks that were open then move to the current calendar version; stopped ones always keep theirs.
    """
    fold_under_current_versions()
    timelines = timelines_of(case_ids)
    read_until = dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "folded_version"))
    present, versions = rows_of(case_ids), in_force()
    changed: list[Clock] = []
    gone: list[int] = []
    for case_id, timeline in timelines.items():
        stored = present.get(case_id, {})
        wanted = rows_wanted(timeline, stored, versions, open_at=open_at)
        changed += [
            Clock(case_id=case_id, **key._asdict(), **row._asdict())
            for key, row in wanted.items()
            if key not in stored or stored[key].row != row
        ]
        gone += [found.pk for key, found in stored.items() if key not in wanted]
    _write(changed, gone)
    owe_new_notices(
        timelines, read_until, {case_id: rules.hall_of(timeline) for case_id, timeline in timelines.items()}
    )
    mark_folded({case_id: timeline[-1].version for case_id, timeline in timelines.items() if timeline})
    return Folded(len(timelines), len(changed), len(gone))


def rows_of(case_ids: Sequence[int]) -> dict[int, dict[Key, Stored]]:
    """Return the clock rows of cases by key; one query."""
    found: dict[int, dict[Key, Stored]] = {}
    names = ("case_id", "obligation", "share_id", "run", "pk", *Row._fields)
    for case_id, obligation, share_id, run, pk, *row in Clock.objects.filter(
        case_id__in=case_ids
    ).values_list(*names):
        found.setdefault(case_id, {})[Key(_OBLIGATIONS[obligation], share_id, run)] = Stored(
            pk, Row._make(row)
        )
    return found


def rows_wanted(
    timeline: Sequence[Happening],
    stored: Mapping[Key, Stored],
    versions: InForce,
    *,
    open_at: datetime | None = None,
) -> dict[Key, Row]:
    """Return the rows that a case should have, given its timeline and those it has."""
    hall_id = rules.hall_of(timeline)

    def work_time_of(key: Key) -> WorkTime:
        found = stored.get(key)
        keeps = found is not None and (open_at is None or not is_open(key, found.row, open_at))
        return versions.work_time(
            hall_id, found.row.calendar_version if found is not None and keeps else None
        )

    folded = rules.fold(timeline, versions.rulebook, work_time_of)
    return {clock.key: _row(clock, stored.get(clock.key)) for clock in folded}


def is_open(key: Key, row: Row, at: datetime) -> bool:
    """Whether a clock still runs; a right (退回、申诉), which is stored with the moment when it lapses, until then."""
    if row.stopped_at is None:
        return True
    return OBLIGATIONS[key.obligation].is_right and row.stopped_at == row.due_at and row.stopped_at > at


def _row(clock: rules.Clock, stored: Stored | None) -> Row:
    """Return one row; what the sweep has judged so far is kept."""
    judged_until, pause = clock.started_at, clock.pauses[-1] if clock.pauses else None
    if stored is not None and stored.row.judged_until != stored.row.started_at:
        judged_until = stored.row.judged_until
    return Row(
        clock.started_at,
        clock.due.due_at,
        *clock.rungs,
        clock.stopped_at,
        judged_until,
        next_signal_at(clock.rungs, judged_until, clock.stopped_at),
        clock.limit.amount,
        clock.limit.unit.value,
        pause and pause.from_on,
        pause and pause.until_on,
        clock.changes,
        clock.deemed,
        clock.due.provisional,
        clock.calendar_version,
        clock.rule_version,
    )


def _write(changed: Sequence[Clock], gone: Sequence[int]) -> None:
    """Rows new and changed go in one statement: they are found by identity, not by primary key."""
    if changed:
        Clock.objects.bulk_create(
            changed, batch_size=1000, update_conflicts=True, unique_fields=IDENTITY, update_fields=Row._fields
        )
    if gone:
        Clock.objects.filter(pk__in=gone).delete()
