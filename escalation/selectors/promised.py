"""What was promised to the reporter of one case, and why it is that day: for citizens' pages, in three queries."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.selectors.timelines import timelines_of
from escalation.models import Clock
from escalation.rules.clocks import Key
from escalation.rules.explain import ExplainStep, Voice
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView, view_of
from escalation.selectors.explaining import Asked, explained
from escalation.selectors.versions import in_force

# The clock that a reporter is told of: the whole case's, or the acceptance before there is one.
ORDER = (Obligation.CASE, Obligation.ACCEPTANCE)


class Promised(NamedTuple):
    """The clock that stands for the case, and its reckoning day by day."""

    due: ClockView
    why: list[ExplainStep]


def promised(case_id: int, now: datetime) -> Promised | None:
    """Return the latest run of the clock that stands for a case, explained; None before the case was folded."""
    rows = list(Clock.objects.filter(case_id=case_id))
    told = [row for row in rows if row.obligation in {obligation.value for obligation in ORDER}]
    if not told:
        return None
    row = min(told, key=lambda row: (ORDER.index(Obligation(row.obligation)), -row.run))
    versions = in_force()
    numbers = {Key(Obligation(r.obligation), r.share_id, r.run): r.calendar_version for r in rows}
    asked = Asked(timelines_of([case_id])[case_id], numbers, versions)
    view = view_of(row, now, versions)
    return Promised(view, explained(asked, view.key, Voice.CITIZEN))
