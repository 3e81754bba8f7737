"""The fold: one case's timeline under a rule version and a calendar version becomes its clocks (时限). Pure, repeatable.

`runs` pairs the events that start an obligation with those that stop it; `fold` gives each run its due moment, stage by stage
where suspensions, extensions and reclassifications move it. Source: policy.md F1–F4. Units: aware moments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules.kinds import Happening, Kind
from escalation.rules.amendments import Amendments, class_of
from escalation.rules.deadlines import Deadline, Limit
from escalation.rules.hours import WorkTime
from escalation.rules.ladder import Instants
from escalation.rules.limits import Breach, Rulebook, RulePackage, Step
from escalation.rules.obligations import OBLIGATIONS, Obligation, role_of, step_of
from escalation.rules.pauses import Pause
from escalation.rules.runs import Key, Run, runs, starts_at
from escalation.rules.stages import Extension, Reclassification, Stage, Terms, amended, stage_of

__all__ = ["Clock", "Extension", "Key", "Reclassification", "WorkTimeOf", "fold", "hall_of"]


class Clock(NamedTuple):
    """One run of one obligation (时限), running until `stopped_at`. A right (退回、申诉) stops by itself when it lapses."""

    key: Key
    started_at: datetime
    limit: Limit
    due: Deadline
    rungs: Instants
    stopped_at: datetime | None
    calendar_version: int
    rule_version: int
    deemed: bool = False  # counted from registration, because nobody decided in time (视为受理)
    pauses: tuple[Pause, ...] = ()  # of this clock, or for a share's of its case too; those in effect
    extensions: tuple[Extension, ...] = ()
    reclassifications: tuple[Reclassification, ...] = ()

    @property
    def changes(self) -> int:
        """How many suspensions, extensions and reclassifications are in effect."""
        return len(self.pauses) + len(self.extensions) + len(self.reclassifications)


# The calendar under which a run is judged: a row that exists keeps its version until a batch applies another.
WorkTimeOf = Callable[[Key], WorkTime]
_PLACES = {obligation: place for place, obligation in enumerate(Obligation)}


class _Stages(NamedTuple):
    """How the whole case's end was known to be at each moment: shares derive theirs from it."""

    run: Run
    terms: Terms
    stages: Sequence[Stage]

    @property
    def started_at(self) -> datetime:
        """When its counting starts."""
        return self.terms.started_at

    def at(self, version: int) -> Stage:
        """The stage that held when the event `version` was recorded."""
        return next((stage for stage in reversed(self.stages) if stage.version <= version), self.stages[0])


def fold(timeline: Sequence[Happening], rulebook: Rulebook, work_time_of: WorkTimeOf) -> list[Clock]:
    """Return every clock of one case, in the order of computing: case before share, earlier run before later.

    The same timeline, rules and calendars give the same clocks, however often and however late it is called.
    """
    folding = _Folding(timeline, rulebook, work_time_of)
    for run in sorted(runs(timeline), key=lambda run: (_PLACES[run.key.obligation], run.key.run)):
        folding.add(run)
    return folding.clocks


class _Folding:
    """The second pass, with what later clocks need to know of earlier ones."""

    def __init__(self, timeline: Sequence[Happening], rulebook: Rulebook, work_time_of: WorkTimeOf) -> None:
        self.clocks: list[Clock] = []
        self._cases: list[_Stages] = []
        self._rulebook, self._work_time_of = rulebook, work_time_of
        self._amendments = Amendments(timeline)
        pins = [event for event in timeline if event.data.get("rule_version")]
        self._pins = sorted(pins, key=lambda event: (event.happened_at, event.version))

    def add(self, run: Run) -> None:
        """Give one run its limit, due moment and ladder."""
        package, work_time, row = (
            self._package(run),
            self._work_time_of(run.key),
            OBLIGATIONS[run.key.obligation],
        )
        started_at, deemed = self._start(run, package)
        terms = Terms(started_at, self._step(run, package), package, work_time)
        stages = self._stages(run, terms)
        if run.key.obligation is Obligation.CASE:
            self._cases.append(_Stages(run, terms, stages))
        last, stopped_at = stages[-1], run.stopped_at
        if row.is_right:
            stopped_at = min(stopped_at or last.due.due_at, last.due.due_at)
        self.clocks.append(
            Clock(
                run.key,
                started_at,
                last.limit,
                last.due,
                last.rungs,
                stopped_at,
                work_time.calendar.number,
                package.version,
                deemed,
                last.pauses,
                last.extensions,
                last.reclassifications,
            )
        )

    def _stages(self, run: Run, terms: Terms) -> list[Stage]:
        """How the run's end was known at its start, and after each event that moved it (most have none)."""
        key, row = run.key, OBLIGATIONS[run.key.obligation]
        case = self._case_of(run, terms)
        if not row.pauses:
            return [stage_of(terms, key.run, case=case and case.at(key.run))]
        pauses = self._amendments.pauses(key.run, key.share_id)
        stages = [stage_of(terms, key.run, case=case and case.at(key.run), pauses=pauses)]
        for event in self._amendments.after(key.run, key.share_id, run.stopped_at):
            if event.kind is Kind.RECLASSIFIED and key.obligation is Obligation.CASE:
                terms = terms._replace(step=self._case_step(run, event, terms.package))
            pauses = self._amendments.pauses(event.version, key.share_id)
            stages.append(
                amended(stages[-1], event, key, terms, case=case and case.at(event.version), pauses=pauses)
            )
        return stages

    def _package(self, run: Run) -> RulePackage:
        """The version pinned by the accepting event, or by a batch (规则适用) while the run was open; else the one in force."""
        is_right = OBLIGATIONS[run.key.obligation].is_right
        for pin in reversed(self._pins):
            if pin.version <= run.key.run or (
                pin.kind is Kind.RULES_APPLIED
                and not is_right
                and (run.stopped_at is None or pin.happened_at < run.stopped_at)
            ):
                return self._rulebook.version(int(pin.data["rule_version"]))
        return self._rulebook.in_force_at(run.start.happened_at)

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
        if run.key.obligation is Obligation.CASE:
            return self._case_step(run, run.start, package)
        row = OBLIGATIONS[run.key.obligation]
        step = step_of(run.key.obligation, role_of(run.start) if row.on_share else "")
        if step is None:
            raise NotImplementedError(run.key)  # `runs` starts no such run
        found = package.steps[step]
        return found._replace(breach=Breach.BLUE) if row.is_right else found

    @staticmethod
    def _case_step(run: Run, event: Happening, package: RulePackage) -> Step:
        """The limit of a whole case, by the class that an event (受理、重新办理、改定难度) gives it."""
        limit_of = package.limit_again if run.start.kind is Kind.REOPENED else package.case_limit
        return Step(limit_of(*class_of(event)), package.case_breach)

    def _case_of(self, run: Run, terms: Terms) -> _Stages | None:
        """The case's clock that a share's run belongs to: the last one started before it."""
        if not OBLIGATIONS[run.key.obligation].on_share:
            return None
        before = [case for case in self._cases if case.started_at <= run.start.happened_at] or self._cases
        return self._counted_as(terms, before[-1]) if before else None

    def _counted_as(self, terms: Terms, case: _Stages) -> _Stages:
        """A case as the share's own package and calendar count it: a share that has ended keeps its end when the case moves on."""
        package, work_time = terms.package, terms.work_time
        if package is case.terms.package and work_time is case.terms.work_time:
            return case
        step = self._case_step(case.run, case.run.start, package)
        own = case.terms._replace(step=step, package=package, work_time=work_time)
        return case._replace(terms=own, stages=self._stages(case.run, own))


def hall_of(timeline: Sequence[Happening]) -> int | None:
    """Return the hall whose calendar and hours govern the case: that of its first event."""
    return min(timeline, key=lambda event: event.version).data.get("hall_id") if timeline else None
