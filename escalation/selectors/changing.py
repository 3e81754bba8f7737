"""Until when, and how far, a running limit may be changed (延期、改定难度): what callers pass on to the services of cases.

Source: policy.md F2 (reclassification before half the limit is used), F3 (extension); the numbers are those of the rule
version that the clock runs under. Units: aware moments, working days.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.selectors.timelines import timelines_of
from escalation.models import Clock as ClockRow
from escalation.rules import clocks as rules
from escalation.rules.clocks import Clock, Key
from escalation.rules.hours import CHINA, WorkTime
from escalation.rules.obligations import Obligation
from escalation.rules.parameters import Parameters
from escalation.rules.pauses import add_around, count_around
from escalation.selectors.versions import in_force


class Changing(NamedTuple):
    """What may still be done about one limit.

    `due_at` when it ends; `extend_until` the last moment to ask for more, `most_days` how many at most, `times` how often;
    `half_at` when half of it is used, after which a whole case is not reclassified.
    """

    due_at: datetime
    extend_until: datetime
    most_days: int
    times: int
    half_at: datetime


def changing(case_id: int, share_id: int | None = None) -> Changing | None:
    """Return this of a case's running limit, or of the answer that one of its shares owes; None when none runs.

    Three queries. The numbers are those of the clock, suspensions and earlier extensions included.
    """
    timeline, versions = timelines_of([case_id])[case_id], in_force()
    rows = ClockRow.objects.filter(case_id=case_id)
    numbers = {
        Key(Obligation(name), share, run): number
        for name, share, run, number in rows.values_list("obligation", "share_id", "run", "calendar_version")
    }
    hall_id = rules.hall_of(timeline)

    def work_time_of(key: Key) -> WorkTime:
        return versions.work_time(hall_id, numbers.get(key))

    wanted = Obligation.CASE if share_id is None else Obligation.ANSWER
    for clock in reversed(rules.fold(timeline, versions.rulebook, work_time_of)):
        if clock.stopped_at is None and clock.key[:2] == (wanted, share_id):
            parameters = versions.rulebook.version(clock.rule_version).parameters
            return changing_of(clock, work_time_of(clock.key), parameters)
    return None


def changing_of(clock: Clock, work_time: WorkTime, parameters: Parameters) -> Changing:
    """Return what may be done about a clock, without a query.

    Half of a limit that has no whole half (3 working days) is the close of the last day before it (the first).
    """
    calendar, due_at = work_time.calendar, clock.due.due_at
    zero, due_on = clock.due.counted_from, due_at.astimezone(CHINA).date()
    days = count_around(calendar, zero, due_on, clock.pauses) if due_on > zero else 0
    original = days - sum(extension.days for extension in clock.extensions)
    half_on = add_around(calendar, zero, max(1, days // 2), clock.pauses)
    ahead = parameters.extension_apply_days_before
    return Changing(
        due_at=due_at,
        extend_until=work_time.closing(calendar.back(due_on, ahead)) if ahead else due_at,
        most_days=max(1, min(parameters.extension_most_days, original)),
        times=parameters.extension_times,
        half_at=min(due_at, work_time.closing(half_on)),
    )
