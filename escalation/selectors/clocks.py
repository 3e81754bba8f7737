"""Clocks as pages, lists and the API show them. The caller passes ids of cases it has fetched for its actor.

Each list is a fixed number of queries, whatever the number of rows; `now` decides how a clock stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.rules import words
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.timelines import timelines_of
from escalation.models import Clock
from escalation.rules.clocks import Key
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.explain import ExplainStep, Voice
from escalation.rules.hours import WorkTime
from escalation.rules.obligations import OBLIGATIONS, Obligation
from escalation.rules.pauses import Pause
from escalation.rules.standing import Standing, standing, standing_of_right
from escalation.selectors.explaining import Asked, explained
from escalation.selectors.versions import InForce, in_force


class ClockView(NamedTuple):
    """One clock as shown: what is owed, by when, and how it stands."""

    case_id: int
    share_id: int | None
    obligation: Obligation
    run: int
    label: str
    limit_text: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    provisional: bool
    calendar_version: int
    rule_version: int
    standing: Standing

    @property
    def key(self) -> Key:
        """What makes it one clock of its case."""
        return Key(self.obligation, self.share_id, self.run)

    @property
    def slug(self) -> str:
        """The clock in an address: obligation, run and, for a department's own, its share."""
        return "-".join(
            str(part) for part in (self.obligation.value, self.run, self.share_id) if part is not None
        )

    @property
    def is_running(self) -> bool:
        """Not yet done."""
        return self.stopped_at is None


def case_clocks(case_ids: Sequence[int], now: datetime) -> dict[int, list[ClockView]]:
    """Return all clocks of cases, the oldest first; two queries."""
    found: dict[int, list[ClockView]] = {case_id: [] for case_id in case_ids}
    for view in views_of(list(Clock.objects.filter(case_id__in=case_ids).order_by("started_at", "id")), now):
        found[view.case_id].append(view)
    return found


def dues_of(case_ids: Sequence[int], now: datetime, versions: InForce | None = None) -> dict[int, ClockView]:
    """Return for each case the clock that a list shows: the whole case's limit, or the acceptance before it; two queries."""
    order = (Obligation.ACCEPTANCE, Obligation.CASE)
    rows = Clock.objects.filter(
        case_id__in=case_ids, obligation__in=[obligation.value for obligation in order]
    )
    views = views_of(list(rows), now, versions)
    views.sort(key=lambda view: (order.index(view.obligation), view.run))
    return {view.case_id: view for view in views}


def due_of(case_id: int, now: datetime, versions: InForce | None = None) -> ClockView | None:
    """Return the clock that stands for one case (整件时限, or before acceptance 受理时限); one query when `versions` are at hand."""
    return dues_of([case_id], now, versions).get(case_id)


def share_dues(share_ids: Sequence[int], now: datetime) -> dict[int, ClockView]:
    """Return for each share the clock that counts now: the running one that ends first, or its last answer. Two queries."""
    rows = Clock.objects.filter(share_id__in=share_ids).order_by("run", "id")
    by_share: dict[int, list[ClockView]] = {}
    for view in views_of(list(rows), now):
        if view.share_id is not None:
            by_share.setdefault(view.share_id, []).append(view)
    return {share_id: share_clock(views) for share_id, views in by_share.items()}


def share_clock(views: Sequence[ClockView]) -> ClockView:
    """Of one share's clocks the running one that ends first (签收, 首次联系, 答复); of an answered share its last answer."""
    running = [view for view in views if view.is_running]
    answers = [view for view in views if view.obligation is Obligation.ANSWER]
    return min(running, key=lambda view: view.due_at) if running else (answers or views)[-1]


def overdue_clocks(
    actor: Actor,
    now: datetime,
    *,
    obligations: Sequence[Obligation] = (),
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[tuple[int, ClockView]]:
    """Return (id, clock) of running clocks past their due moment on cases the actor sees, longest over first.

    Keyset: pass the last (due_at, id) as `after`. Two queries.
    """
    found = Clock.objects.filter(
        stopped_at__isnull=True, due_at__lt=now, case_id__in=cases_seen_by(actor).values("id")
    )
    if obligations:
        found = found.filter(obligation__in=[obligation.value for obligation in obligations])
    if after is not None:
        found = found.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1])
    rows = list(found.order_by("due_at", "id")[:limit])
    return list(zip([row.pk for row in rows], views_of(rows, now), strict=True))


def explain_due(
    case_id: int,
    clock: ClockView,
    among: Sequence[ClockView] | None = None,
    voice: Voice = Voice.STAFF,
) -> list[ExplainStep]:
    """Answer 为什么是这一天 for one clock, day by day, under the versions that it was computed with; three queries.

    Two when `among`, all clocks of the case, are at hand.
    """
    rows: Iterable[tuple[str, int | None, int, int]] = (
        [(one.obligation, one.share_id, one.run, one.calendar_version) for one in among]
        if among is not None
        else Clock.objects.filter(case_id=case_id).values_list(
            "obligation", "share_id", "run", "calendar_version"
        )
    )
    numbers = {Key(Obligation(name), share_id, run): number for name, share_id, run, number in rows}
    asked = Asked(timelines_of([case_id])[case_id], numbers, in_force())
    return explained(asked, clock.key, voice)


def views_of(rows: Sequence[Clock], now: datetime, versions: InForce | None = None) -> list[ClockView]:
    """Return rows as views, under one reading of the versions in force."""
    versions = versions or (in_force() if rows else None)
    return [view_of(row, now, versions) for row in rows if versions]


def view_of(row: Clock, now: datetime, versions: InForce) -> ClockView:
    """One row; how it stands is told by the city's calendar of the row's version."""
    obligation, work_time = Obligation(row.obligation), versions.work_time(None, row.calendar_version)
    return ClockView(
        row.case_id,
        row.share_id,
        obligation,
        row.run,
        words.OBLIGATIONS[obligation.value],
        Limit(Unit(row.limit_unit), row.limit_amount).text,
        row.started_at,
        row.due_at,
        row.stopped_at,
        row.provisional,
        row.calendar_version,
        row.rule_version,
        _standing(row, now, work_time),
    )


def _standing(row: Clock, now: datetime, work_time: WorkTime) -> Standing:
    if OBLIGATIONS[Obligation(row.obligation)].is_right:
        return standing_of_right(row.due_at, row.stopped_at, now, work_time)
    paused = row.paused_from and row.paused_until and Pause(row.paused_from, row.paused_until)
    return standing(row.due_at, row.soon_at, row.stopped_at, now, work_time, paused or None)
