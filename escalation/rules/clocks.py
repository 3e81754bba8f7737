"""The fold: one case's timeline under a rule version and a calendar version becomes its clocks (时限). Pure, repeatable.

Two passes. `runs` pairs the events that start an obligation with those that stop it; `fold` gives each run its due moment.
Events are read in the order of (happened_at, version). Source: policy.md F1–F4. Units: aware moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cases.rules.classes import Difficulty, Nature
from cases.rules.kinds import Happening, Kind
from escalation.rules.deadlines import Deadline, Limit, deadline, resolve
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.ladder import Instants, instants
from escalation.rules.limits import Rulebook, RulePackage, Step
from escalation.rules.obligations import ENDINGS, OBLIGATIONS, Obligation, role_of, starts, step_of


class Key(NamedTuple):
    """What makes a clock of a case one: obligation, share, and the version of the event that started the run."""

    obligation: Obligation
    share_id: int | None
    run: int


@dataclass(frozen=True)
class Clock:
    """One run of one obligation (时限), running until `stopped_at`."""

    key: Key
    started_at: datetime
    limit: Limit
    due: Deadline
    rungs: Instants
    stopped_at: datetime | None
    calendar_version: int
    rule_version: int
    deemed: bool = False  # counted from registration, because nobody decided in time (视为受理)


@dataclass
class Run:
    """A started obligation, before its due moment is known."""

    key: Key
    start: Happening
    stopped_at: datetime | None = None


# The calendar under which a run is judged: a row that exists keeps its version until a batch applies another.
WorkTimeOf = Callable[[Key], WorkTime]


def runs(timeline: Iterable[Happening]) -> list[Run]:
    """Pair starts and stops; a start while the same obligation runs changes nothing, a stop without a start neither.

    >>> from datetime import timedelta
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=CHINA)
    >>> def event(version: int, kind: Kind, share: int | None = None) -> Happening:
    ...     return Happening(version, kind, noon + timedelta(hours=version), noon, share, {})
    >>> story = [event(1, Kind.SUBMITTED), event(2, Kind.ACCEPTED), event(3, Kind.DISPATCHED, 7), event(4, Kind.CLOSED)]
    >>> for run in runs(story):
    ...     print(run.key.obligation, run.key.share_id, run.key.run, run.stopped_at and f"{run.stopped_at:%H}")
    acceptance None 1 14
    dispatch None 2 15
    case None 2 16
    sign 7 3 16
    answer 7 3 16
    call_back None 4 None
    """
    found: list[Run] = []
    running: dict[tuple[Obligation, int | None], Run] = {}
    for event in sorted(timeline, key=lambda event: (event.happened_at, event.version)):
        for at in [at for at in running if _stops(event, *at)]:
            running.pop(at).stopped_at = event.happened_at
        for obligation, row in OBLIGATIONS.items():
            place = (obligation, event.share_id if row.on_share else None)
            if place not in running and starts(event, obligation):
                running[place] = Run(Key(obligation, place[1], event.version), event)
                found.append(running[place])
    return [run for run in found if not _was_done_on_paper(run)]


def _was_done_on_paper(run: Run) -> bool:
    """A step that began and ended before its register came into the portal has no moment of its own, and so no clock."""
    begins = starts_at(run.start, run.key.obligation)
    return begins > run.start.happened_at and run.stopped_at is not None and run.stopped_at <= begins


def starts_at(event: Happening, obligation: Obligation) -> datetime:
    """Return when an obligation begins that `event` starts.

    What a paper register tells of counts for the whole case from its own moment, for the steps from when it was entered:
    nobody could act in the portal before.
    """
    if event.data.get("paper") and obligation is not Obligation.CASE:
        return event.recorded_at
    return event.happened_at


def _stops(event: Happening, obligation: Obligation, share_id: int | None) -> bool:
    if event.kind in ENDINGS:
        return True
    return event.kind in OBLIGATIONS[obligation].stops and share_id in (None, event.share_id)


def fold(timeline: Sequence[Happening], rulebook: Rulebook, work_time_of: WorkTimeOf) -> list[Clock]:
    """Return every clock of one case, in the order of computing: case before share, earlier run before later.

    The same timeline, rules and calendars give the same clocks, however often and however late it is called.
    """
    order = list(Obligation)
    folding = _Folding(timeline, rulebook, work_time_of)
    for run in sorted(runs(timeline), key=lambda run: (order.index(run.key.obligation), run.key.run)):
        folding.add(run)
    return folding.clocks


class _Folding:
    """The second pass, with what later clocks need to know of earlier ones."""

    def __init__(self, timeline: Sequence[Happening], rulebook: Rulebook, work_time_of: WorkTimeOf) -> None:
        self.clocks: list[Clock] = []
        self._rulebook, self._work_time_of = rulebook, work_time_of
        pins = [event for event in timeline if event.data.get("rule_version")]
        self._pins = sorted(pins, key=lambda event: (event.happened_at, event.version))

    def add(self, run: Run) -> None:
        """Give one run its limit, due moment and ladder."""
        package, work_time = self._package(run), self._work_time_of(run.key)
        started_at, deemed = self._start(run, package)
        step, case = self._step(run, package), self._case_of(run)
        case_due = case.due if case else None
        limit = resolve(step.limit, started_at, case_due)
        due = deadline(started_at, limit, work_time, package.rest_day, case=case_due)
        due_on = due.due_at.astimezone(CHINA).date()
        rungs = instants(
            due.counted_from, due_on, work_time.calendar, package.ladder, step.breach, step.grace_days
        )
        versions = work_time.calendar.number, package.version
        self.clocks.append(Clock(run.key, started_at, limit, due, rungs, run.stopped_at, *versions, deemed))

    def _package(self, run: Run) -> RulePackage:
        """The version pinned by the accepting event, or by a batch (规则适用) while the run was open; else the one in force."""
        package = self._rulebook.in_force_at(run.start.happened_at)
        for pin in self._pins:
            is_open = run.stopped_at is None or pin.happened_at < run.stopped_at
            if pin.version <= run.key.run or (pin.kind is Kind.RULES_APPLIED and is_open):
                package = self._rulebook.version(int(pin.data["rule_version"]))
        return package

    def _start(self, run: Run, package: RulePackage) -> tuple[datetime, bool]:
        """When counting starts. Accepted too late, a case counts as accepted at registration (许可法 32(四), F1).

        A case taken up again counts from the reopening.
        """
        is_accepted = run.key.obligation is Obligation.CASE and run.start.kind is Kind.ACCEPTED
        if is_accepted and package.deemed_acceptance:
            acceptance = next((c for c in self.clocks if c.key.obligation is Obligation.ACCEPTANCE), None)
            if acceptance and run.start.happened_at > acceptance.due.due_at:
                return acceptance.started_at, True
        return starts_at(run.start, run.key.obligation), False

    def _step(self, run: Run, package: RulePackage) -> Step:
        """The limit of a run, and what its breach leads to."""
        data = run.start.data
        if run.key.obligation is Obligation.CASE:
            nature = Nature(data["nature"]) if data.get("nature") else None
            limit_of = package.limit_again if run.start.kind is Kind.REOPENED else package.case_limit
            return Step(limit_of(Difficulty(data["difficulty"]), nature), package.case_breach)
        on_share = OBLIGATIONS[run.key.obligation].on_share
        step = step_of(run.key.obligation, role_of(run.start) if on_share else "")
        if step is None:
            raise NotImplementedError(run.key)  # `runs` starts no such run
        return package.steps[step]

    def _case_of(self, run: Run) -> Clock | None:
        """The case's clock that a share's run belongs to: the last one started before it."""
        if not OBLIGATIONS[run.key.obligation].on_share:
            return None
        cases = [c for c in self.clocks if c.key.obligation is Obligation.CASE]
        before = [c for c in cases if c.started_at <= run.start.happened_at] or cases
        return before[-1] if before else None


def hall_of(timeline: Sequence[Happening]) -> int | None:
    """Return the hall whose calendar and hours govern the case: that of its first event."""
    return min(timeline, key=lambda event: event.version).data.get("hall_id") if timeline else None
