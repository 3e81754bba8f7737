"""Clock rows as the evidence of cards reads them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from escalation.models import Clock
from escalation.rules.cards import Reckoning
from escalation.rules.clocks import Key
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.obligations import Obligation


def reckoning_of(clock: Clock) -> Reckoning:
    """Return what a clock row says of itself."""
    return Reckoning(
        Key(Obligation(clock.obligation), clock.share_id, clock.run),
        clock.started_at,
        clock.due_at,
        Limit(Unit(clock.limit_unit), clock.limit_amount),
        clock.deemed,
        clock.provisional,
        clock.calendar_version,
        clock.rule_version,
    )


class CaseCalendars:
    """The calendar versions under which the whole cases' clocks were computed."""

    def __init__(self, rows: Collection[tuple[int, datetime, int]]) -> None:
        """Take (case, start, calendar version), the earlier runs first."""
        self._rows: dict[int, list[tuple[datetime, int]]] = {}
        for case_id, started_at, number in rows:
            self._rows.setdefault(case_id, []).append((started_at, number))

    def of_share(self, case_id: int, share_clock: Reckoning) -> int | None:
        """Return that of the case's clock to which a share's clock belongs: the last one started before it."""
        rows = self._rows.get(case_id, [])
        before = [number for started_at, number in rows if started_at <= share_clock.started_at]
        numbers = before or [number for _, number in rows]
        return numbers[-1] if numbers else None


def case_calendars(case_ids: Collection[int]) -> CaseCalendars:
    """Read the cases' own clocks; one query."""
    rows = Clock.objects.filter(case_id__in=case_ids, obligation=Obligation.CASE.value).order_by("run")
    return CaseCalendars(list(rows.values_list("case_id", "started_at", "calendar_version")))
