"""The effect of a proposal, worked out and kept with it (改动的影响): for a calendar at once, for rules case by case.

Safe to interrupt and to repeat: what is kept is written at the end, in one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from escalation.models import Change, Clock
from escalation.rules.changes import ChangeKind, ChangeState
from escalation.rules.contents import from_json
from escalation.rules.limits import RulePackage, parse_package
from escalation.rules.previews import Doubt, Moved, Tally
from escalation.selectors.versions import in_force
from escalation.services.previewing import BATCH, Preview, in_order, preview_calendar
from escalation.services.simulating import simulate
from escalation.services.weighing import Shift, count, weigh

LINES = 100  # of a calendar, kept for the page: for the file all of them are worked out again, within seconds
RULES_LINES = 5_000  # of rules, kept for page and file: working them out is a job
Progress = Callable[[int, int], None]


def show_effect(change_id: int, *, clock: Callable[[], datetime]) -> None:
    """Work out and keep what a proposal would do. `clock` reads the time: also for the sign of life of a long run."""
    change = Change.objects.filter(pk=change_id, state=ChangeState.PROPOSED.value, previewed_at=None).first()
    if change is None:
        return
    now, is_calendar = clock(), change.kind == ChangeKind.CALENDAR.value
    tell = _Progress(change_id, clock)
    preview = effect_of(change, now=now, progress=tell, most=LINES)
    found: dict[str, Any] = {
        **preview.tally.as_json(),
        "read": preview.read,
        "lines": [line_json(one) for one in preview.moved[: LINES if is_calendar else RULES_LINES]],
        "doubts": [doubt_json(one) for one in preview.doubts[:LINES]],
    }
    if not is_calendar:
        found["simulation"] = simulate(parse_package(change.document), now=now, progress=tell)
    Change.objects.filter(pk=change_id, state=ChangeState.PROPOSED.value).update(
        preview=found, previewed_at=now, worked_at=clock()
    )


def effect_of(
    change: Change,
    *,
    now: datetime,
    progress: Progress = lambda done, total: None,
    most: int | None = None,
) -> Preview:
    """Return the effect of a proposal at `now`, of a calendar with the first `most` lines; writes nothing."""
    if change.kind == ChangeKind.CALENDAR.value:
        return preview_calendar(from_json(change.document), now=now, most=most)
    if not change.apply_to_open:
        return Preview(Tally(), [], [], 0)
    return preview_rules(parse_package(change.document), now=now, progress=progress)


def preview_rules(package: RulePackage, *, now: datetime, progress: Progress) -> Preview:
    """Return what a package would do to open cases: each is folded as if it followed it from now on."""
    shift = Shift(in_force().with_package(package), now, package.version)
    ids = cases_of_older_rules(package.version)
    tally, moved, doubts = Tally(), list[Moved](), list[Doubt]()
    for start in range(0, len(ids), BATCH):
        weighed = weigh(ids[start : start + BATCH], shift, now=now)
        count(weighed, tally)
        moved += [one for case in weighed for one in case.moved]
        doubts += [one for case in weighed for one in case.doubts]
        progress(min(len(ids), start + BATCH), len(ids))
    tally.count_doubts(doubts)
    return Preview(tally, in_order(moved), doubts, len(ids))


def cases_of_older_rules(version: int) -> Sequence[int]:
    """Return the cases that have a running clock of an older package."""
    found = Clock.objects.filter(stopped_at__isnull=True, rule_version__lt=version)
    return sorted(set(found.values_list("case_id", flat=True)))


def line_json(moved: Moved) -> list[Any]:
    """Return a line as JSON can hold it: case, obligation, share, run, old and new due moment."""
    key = moved.key
    return [
        moved.case_id,
        key.obligation.value,
        key.share_id,
        key.run,
        moved.old_due_at.isoformat(),
        moved.new_due_at.isoformat(),
    ]


def doubt_json(doubt: Doubt) -> list[Any]:
    """Return a card in question: case, why, colour, unit, obligation, signal, old and new instant."""
    return [
        doubt.case_id,
        doubt.why.value,
        doubt.colour.value,
        doubt.unit.department_id,
        doubt.unit.hall_id,
        doubt.mark.key.obligation.value,
        doubt.mark.signal.value,
        doubt.old_at and doubt.old_at.isoformat(),
        doubt.new_at and doubt.new_at.isoformat(),
    ]


class _Progress:
    """Writes down how far it is: also the sign of life of who works on it."""

    def __init__(self, change_id: int, clock: Callable[[], datetime]) -> None:
        self._change_id, self._clock = change_id, clock

    def __call__(self, done: int, total: int) -> None:
        Change.objects.filter(pk=self._change_id).update(done=done, total=total, worked_at=self._clock())
