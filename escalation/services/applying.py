"""A confirmed change reaches open cases (改动适用): one audited batch, in steps that survive being killed.

Cases are done in ascending order, so many in one transaction, locked first; the change row keeps behind which one to go on. A
case whose due moments move gets an event; cards are neither issued nor revoked here: those in question are listed for a
supervisor, and the clocks behind them are set so that no sweep issues them either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from cases.errors import BusyError
from cases.rules.kinds import Kind
from cases.selectors.timelines import lock_cases
from cases.services.system_events import Entry, record_system_events
from escalation.models import Change, Clock, RuleVersion
from escalation.rules.changes import ChangeKind, ChangeState
from escalation.rules.differences import Span
from escalation.rules.hours import CHINA
from escalation.rules.previews import Moved, Tally, tally_of
from escalation.selectors.calendars import content_of
from escalation.selectors.running import cases_with_stopped_cards, changed_spans_of, is_running, touched
from escalation.selectors.versions import in_force
from escalation.services.batches import in_batches
from escalation.services.fold import fold_cases
from escalation.services.listing import list_doubts
from escalation.services.locks import wait_for_folds
from escalation.services.showing import cases_of_older_rules
from escalation.services.weighing import Shift, Weighed, count, weigh

BATCH = 500
LOCKS = 0x6368616E  # advisory locks of changes
ONE_AT_A_TIME = "另一项改动正在适用于在办事项，请等它完成后再确认。"
Reader = Callable[[], datetime]


def begin(change: Change, now: datetime) -> Change:
    """Let a change begin to reach open cases. Errors: BusyError while another one does."""
    change.state, change.began_at = ChangeState.APPLYING.value, now
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError:
        raise BusyError(ONE_AT_A_TIME) from None
    return change


@transaction.atomic
def begin_due(*, now: datetime) -> None:
    """Let approved packages begin whose day has come, one at a time, the oldest first. Safe twice.

    One that a later package has replaced before its day never begins. Errors: BusyError when somebody else was faster.
    """
    if Change.objects.filter(state=ChangeState.APPLYING.value).exists():
        return
    today = now.astimezone(CHINA).date().isoformat()
    for change in Change.objects.filter(state=ChangeState.APPROVED.value).order_by("pk").select_for_update():
        effective_from = change.document["effective_from"]
        if RuleVersion.objects.filter(
            version__gt=change.version or 0, effective_from__lte=effective_from
        ).exists():
            change.state, change.finished_at = ChangeState.DROPPED.value, now
            change.save(update_fields=["state", "finished_at"])
        elif effective_from <= today:
            begin(change, now)
            return


def carry_out(change_id: int, *, clock: Reader, batch: int = BATCH) -> bool:
    """Go on with a change that is being applied, unless somebody else does; returns whether it is done.

    `clock` reads the time for each step. Safe to be killed in and to repeat.
    """
    with alone(change_id) as is_alone:
        change = Change.objects.filter(pk=change_id, state=ChangeState.APPLYING.value).first()
        if not is_alone or change is None:
            return not Change.objects.filter(pk=change_id, state=ChangeState.APPLYING.value).exists()
        work = _Calendar(change) if change.kind == ChangeKind.CALENDAR.value else _Rules(change)
        wait_for_folds()
        ids = [case_id for case_id in work.case_ids() if case_id > change.cursor]
        Change.objects.filter(pk=change_id).update(total=change.done + len(ids))
        for start in range(0, len(ids), batch):
            in_batches(
                ids[start : start + batch],
                lambda some: _step(change, work, some, clock()),
                lambda case_id: _leave_out(change_id, case_id, clock()),
                until_done=True,
            )
        done = clock()
        Change.objects.filter(pk=change_id, state=ChangeState.APPLYING.value).update(
            state=ChangeState.APPLIED.value, finished_at=done, worked_at=done
        )
    return True


def _step(change: Change, work: _Calendar | _Rules, ids: Sequence[int], now: datetime) -> None:
    """Do some cases, and write down that they are done; the transaction is the caller's."""
    locked = [case.id for case in lock_cases(ids)]
    weighed = work.apply(locked, now)
    doubts = [doubt for one in weighed for doubt in one.doubts]
    listed = list_doubts(change, doubts, now)

    def counted(tally: Tally) -> None:
        count(weighed, tally)
        tally.count_doubts(listed)

    _come_to(change.pk, ids, now, counted)


@transaction.atomic
def _leave_out(change_id: int, case_id: int, now: datetime) -> None:
    """Pass over a case that cannot be done: it keeps what it had, is counted, and stops no other."""

    def counted(tally: Tally) -> None:
        tally.errors += 1

    _come_to(change_id, [case_id], now, counted)


def _come_to(change_id: int, ids: Sequence[int], now: datetime, counted: Callable[[Tally], None]) -> None:
    """Write down how far a change has come."""
    change = Change.objects.select_for_update().defer("preview", "document").get(pk=change_id)
    tally = tally_of(change.counts)
    counted(tally)
    change.counts, change.cursor, change.worked_at = tally.as_json(), ids[-1], now
    change.done += len(ids)
    change.save(update_fields=["counts", "cursor", "worked_at", "done"])


class _Calendar:
    """A new calendar: open clocks move to it; those that it cannot touch only take its number."""

    def __init__(self, change: Change) -> None:
        if change.version is None or change.began_at is None:
            raise ValueError(change.pk)
        self._number, self._began_at = change.version, change.began_at
        self._shift = Shift(in_force(), change.began_at)
        self._spans: list[Span] = changed_spans_of(
            content_of(change.version), change.version - 1, change.began_at
        )

    def case_ids(self) -> list[int]:
        """Every case with a running clock of an older calendar, or with a card that the new one may put in question."""
        older = Clock.objects.filter(is_running(self._began_at), calendar_version__lt=self._number)
        found = set(older.values_list("case_id", flat=True))
        if self._spans:
            found |= cases_with_stopped_cards(self._spans, self._began_at)
        return sorted(found)

    def apply(self, case_ids: Sequence[int], now: datetime) -> list[Weighed]:
        """Move the clocks of locked cases."""
        concerned = touched(case_ids, self._spans, self._began_at) if self._spans else set()
        weighed = weigh(sorted(concerned), self._shift, now=now) if concerned else []
        _hold_back(weighed)
        if concerned:
            fold_cases(sorted(concerned), open_at=self._began_at)
        rest = [case_id for case_id in case_ids if case_id not in concerned]
        Clock.objects.filter(
            is_running(self._began_at), case_id__in=rest, calendar_version__lt=self._number
        ).update(calendar_version=self._number)
        record_system_events(
            [
                Entry(
                    one.case_id,
                    Kind.CALENDAR_APPLIED,
                    now,
                    None,
                    {"calendar_version": self._number, "moved": [_told(moved) for moved in one.moved]},
                )
                for one in weighed
                if one.moved
            ],
            now=now,
        )
        return weighed


class _Rules:
    """A new rule package: cases with running clocks of an older one follow it from now on."""

    def __init__(self, change: Change) -> None:
        if change.version is None or change.began_at is None:
            raise ValueError(change.pk)
        self._version = change.version
        self._shift = Shift(in_force(), change.began_at, change.version)

    def case_ids(self) -> list[int]:
        """Every case with a running clock of an older package."""
        return list(cases_of_older_rules(self._version))

    def apply(self, case_ids: Sequence[int], now: datetime) -> list[Weighed]:
        """Pin the package to locked cases and fold them."""
        weighed = [one for one in weigh(case_ids, self._shift, now=now) if one.is_pinned]
        _hold_back(weighed)
        data = {"rule_version": self._version}
        record_system_events(
            [Entry(one.case_id, Kind.RULES_APPLIED, now, None, data) for one in weighed], now=now
        )
        fold_cases([one.case_id for one in weighed])
        return weighed


def _told(moved: Moved) -> list[Any]:
    """A due moment that moves, as the event says it."""
    old, new = moved.old_due_at.astimezone(CHINA), moved.new_due_at.astimezone(CHINA)
    return [moved.key.obligation.value, moved.key.share_id, moved.key.run, old.isoformat(), new.isoformat()]


def _hold_back(weighed: Sequence[Weighed]) -> None:
    """Set clocks behind the signals that only the new reckoning earned: listed, never issued by a sweep."""
    rows = [(one.case_id, key, until) for one in weighed for key, until in one.held.items()]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalation_clock AS clock SET judged_until = greatest(clock.judged_until, held.until)"
            " FROM unnest(%s::bigint[], %s::varchar[], %s::bigint[], %s::int[], %s::timestamptz[])"
            " AS held(case_id, obligation, share_id, run, until)"
            " WHERE clock.case_id = held.case_id AND clock.obligation = held.obligation AND clock.run = held.run"
            " AND clock.share_id IS NOT DISTINCT FROM held.share_id",
            [
                [case_id for case_id, _, _ in rows],
                [key.obligation.value for _, key, _ in rows],
                [key.share_id for _, key, _ in rows],
                [key.run for _, key, _ in rows],
                [until for _, _, until in rows],
            ],
        )


@contextmanager
def alone(change_id: int) -> Iterator[bool]:
    """Hold the change's lock for as long as this connection lives; a worker that is killed lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, change_id % 2**31])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, change_id % 2**31])
