"""What a calendar would do to all open clocks, before it is saved (改动预览): 100,000 open cases within seconds.

Clocks are read as plain numbers and reckoned again by the fold's own first stage, once for all that start on the same day
under the same limit. Cases whose limits were moved by hand, and cards, are told by `weighing`. The numbers are those that
applying comes to; a property test holds them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import nsmallest
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction

from escalation.rules.clocks import Key
from escalation.rules.contents import CalendarContent
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.differences import Span
from escalation.rules.hours import ONE_DAY
from escalation.rules.limits import Breach, Step
from escalation.rules.obligations import OBLIGATIONS, Obligation, step_of
from escalation.rules.previews import Doubt, Moved, Tally
from escalation.rules.stages import Stage, Terms, stage_of
from escalation.selectors.calendars import content_of
from escalation.selectors.running import (
    TICK,
    Numbers,
    cases_with_stopped_cards,
    changed_spans_of,
    in_numbers,
    moment_of,
    moved_by_hand,
    streamed,
)
from escalation.selectors.versions import InForce, in_force
from escalation.services.weighing import Shift, count, weigh

BATCH = 500
DAY, CHINA_AHEAD = ONE_DAY // TICK, timedelta(hours=8) // TICK
_BY_DAY = {Unit.DAYS, Unit.AS_CASE, Unit.HALF_OF_CASE}  # the hour of the start plays no part


class Preview(NamedTuple):
    """The effect: numbers, each due moment that moves, each card that comes into question, and how many clocks were read."""

    tally: Tally
    moved: list[Moved]
    doubts: list[Doubt]
    read: int


class _Again(NamedTuple):
    """A clock reckoned again; the first moment of its ladder, and the stage that shares derive theirs from."""

    due: int
    rungs: tuple[int | None, ...]
    provisional: bool
    first: int
    stage: Stage


# A due moment that moves, while there are very many: the sooner of both, case, share or 0, obligation, run, old and new.
_Line = tuple[int, int, int, str, int, int, int]


def preview_calendar(content: CalendarContent, *, now: datetime, most: int | None = None) -> Preview:
    """Return what would happen if the content became the calendar at `now`, with the first `most` lines. Writes nothing."""
    spans = changed_spans_of(content, content_of().number, now)
    if not spans:
        return Preview(Tally(), [], [], 0)
    preview = _Previewing(in_force().with_calendar(content), now)
    with transaction.atomic():
        preview.read_clocks(spans)
        preview.weigh_rest(spans)
    return preview.result(most)


class _Previewing:
    """One preview under way."""

    def __init__(self, versions: InForce, now: datetime) -> None:
        self.shift, self.now, self.now_number = Shift(versions, now), now, in_numbers(now)
        self.tally, self.doubts, self.read = Tally(), list[Doubt](), 0
        self._lines: list[_Line] = []
        self._quick = _Quick(versions)
        self._slow: list[int] = []  # told by the fold: moves and cards
        self._carded: list[int] = []  # moves are told, cards not yet

    def read_clocks(self, spans: Sequence[Span]) -> None:
        """Read the clocks of every case that the change can touch, and reckon each again."""
        by_hand = moved_by_hand()
        for case_id, rows in groupby(streamed(spans, self.now), key=itemgetter(0)):
            clocks = [Numbers._make(row) for row in rows]
            self.read += len(clocks)
            if case_id in by_hand or not self._tell(clocks):
                self._slow.append(case_id)

    def _tell(self, clocks: list[Numbers]) -> bool:
        """Count one case from its rows; False when only the fold can tell."""
        again = self._quick.case_again(clocks)
        if again is None:
            return False
        tally, is_doubtful, before = self.tally, False, len(self._lines)
        for row, new in zip(clocks, again, strict=True):
            old, due = row.due, new.due
            if due != old:
                tally.count_clock(row.obligation, due > old)
                sooner = old if old < due else due
                self._lines.append(
                    (sooner, row.case_id, row.share_id or 0, row.obligation, row.run, old, due)
                )
            if new.provisional != row.provisional:
                tally.count_provisional(row.provisional, new.provisional)
            if not is_doubtful and new.rungs != row[6:10]:
                is_doubtful = self._shows(row, new)
        if is_doubtful:
            self._carded.append(clocks[0].case_id)
        tally.cases += len(self._lines) > before
        return True

    def _shows(self, row: Numbers, new: _Again) -> bool:
        """Whether a signal has been given by one reckoning and not by the other."""
        now, started = self.now_number, row.started
        if new.first > now and all(at is None or at > now for at in row.rungs):
            return False
        return any(
            (before is not None and started < before <= now) != (after is not None and started < after <= now)
            for before, after in zip(row.rungs, new.rungs, strict=True)
        )

    def weigh_rest(self, spans: Sequence[Span]) -> None:
        """Let the fold tell what rows cannot: limits moved by hand, and cards."""
        slow = set(self._slow)
        cards = {*self._carded, *cases_with_stopped_cards(spans, self.now)} - slow
        for ids, is_slow in ((sorted(slow), True), (sorted(cards), False)):
            for start in range(0, len(ids), BATCH):
                weighed = weigh(ids[start : start + BATCH], self.shift, now=self.now)
                self.doubts += [doubt for one in weighed for doubt in one.doubts]
                if is_slow:
                    count(weighed, self.tally)
                    self._lines += [_line(moved) for one in weighed for moved in one.moved]

    def result(self, most: int | None) -> Preview:
        """Everything, or the first lines: what is due first at the top."""
        self.tally.count_doubts(self.doubts)
        lines = sorted(self._lines) if most is None else nsmallest(most, self._lines)
        return Preview(self.tally, [_moved(line) for line in lines], self.doubts, self.read)


def in_order(moved: Sequence[Moved]) -> list[Moved]:
    """Return due moments that move, the soonest old or new one first."""
    return sorted(moved, key=_line)


def _line(moved: Moved) -> _Line:
    old, new, key = in_numbers(moved.old_due_at), in_numbers(moved.new_due_at), moved.key
    return (min(old, new), moved.case_id, key.share_id or 0, key.obligation.value, key.run, old, new)


def _moved(line: _Line) -> Moved:
    _, case_id, share_id, obligation, run, old, new = line
    return Moved(case_id, Key(Obligation(obligation), share_id or None, run), moment_of(old), moment_of(new))


class _Quick:
    """Clocks reckoned from their rows, each kind of start once."""

    def __init__(self, versions: InForce) -> None:
        self._versions, self._rulebook = versions, versions.rulebook
        self._found: dict[tuple[Any, ...], _Again] = {}

    def case_again(self, clocks: list[Numbers]) -> list[_Again] | None:
        """Return the clocks of one case, in order (the case's own first); None when rows do not say enough."""
        case: _Again | None = None
        case_started = 0
        found: list[_Again] = []
        for row in clocks:
            derives = row.obligation == "answer"
            if derives and (case is None or row.started < case_started):
                return None
            new = self._clock_again(row, case if derives else None)
            if new is None:
                return None
            if row.obligation == "case":
                case, case_started = new, row.started
            found.append(new)
        return found

    def _clock_again(self, row: Numbers, case: _Again | None) -> _Again | None:
        day = (row.started + CHINA_AHEAD) // DAY
        exact = 0 if row.unit in _BY_DAY else row.started
        whole = (case.due, row.started >= case.due) if case else None
        limit = (row.amount, row.unit) if row.obligation == "case" else None
        key = (row.obligation, row.role, row.hall_id, row.rule_version, day, exact, whole, limit)
        if (known := self._found.get(key)) is not None:
            return known
        step = self._step(row)
        if step is None or (step.limit.unit in _BY_DAY) != (exact == 0):
            return None
        work_time = self._versions.work_time(row.hall_id)
        terms = Terms(moment_of(row.started), step, self._rulebook.version(row.rule_version), work_time)
        stage = stage_of(terms, row.run, case=case.stage if case else None)
        rungs = tuple(None if at is None else in_numbers(at) for at in stage.rungs)
        first = min(at for at in rungs if at is not None)
        new = self._found[key] = _Again(
            in_numbers(stage.due.due_at), rungs, stage.due.provisional, first, stage
        )
        return new

    def _step(self, row: Numbers) -> Step | None:
        """The limit of a clock; None when its row does not say all of it."""
        package, obligation = self._rulebook.version(row.rule_version), Obligation(row.obligation)
        if obligation is Obligation.CASE:
            unit = Unit(row.unit)
            return Step(Limit(unit, row.amount), package.case_breach) if unit is Unit.DAYS else None
        name = step_of(obligation, (row.role or "") if OBLIGATIONS[obligation].on_share else "")
        step = package.steps.get(name) if name else None
        return step._replace(breach=Breach.BLUE) if step and OBLIGATIONS[obligation].is_right else step
