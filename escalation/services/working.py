"""Who works on a change (改动) when: at once when it is small, else a worker, else whoever looks each minute.

What is wanted stands in the change's row: a worker is only told. Whoever is killed, or was not there to hear, loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q

from cases.errors import BusyError
from escalation.models import Change, Clock
from escalation.rules.changes import ChangeState
from escalation.selectors.running import is_running
from escalation.services.applying import alone, begin_due, carry_out
from escalation.services.showing import show_effect

log = logging.getLogger("bancheng.changes")

SILENT = timedelta(seconds=30)  # after which a change is taken up again
QUICK = 2_000  # running clocks; so many are done while the person waits
AT_ONCE = 5
UNSEEN = Q(state=ChangeState.PROPOSED.value, previewed_at=None)
UNDONE = Q(state=ChangeState.APPLYING.value)


def is_quick(now: datetime) -> bool:
    """Whether so few clocks run that a change is applied while the person waits."""
    return Clock.objects.filter(is_running(now))[: QUICK + 1].count() <= QUICK


def work_on(change_id: int, *, clock: Callable[[], datetime]) -> None:
    """Show the effect of a proposal, or go on with applying, if nobody else does. Safe twice, safe late, safe to be killed in."""
    if Change.objects.filter(UNDONE, pk=change_id).exists():
        carry_out(change_id, clock=clock)
        return
    with alone(change_id) as is_alone:
        if is_alone:
            show_effect(change_id, clock=clock)


def take_up(*, clock: Callable[[], datetime]) -> None:
    """Let approved packages begin whose day has come; go on with changes that show no sign of life, one failing or not."""
    now = clock()
    with suppress(BusyError):  # somebody has just let another one begin; its turn comes
        begin_due(now=now)
    silent = Change.objects.exclude(worked_at__gt=now - SILENT).order_by("pk").values_list("pk", flat=True)
    for change_id in [*silent.filter(UNDONE), *silent.filter(UNSEEN)[:AT_ONCE]]:
        try:
            work_on(change_id, clock=clock)
        except Exception:
            log.exception("change %s is taken up again next minute", change_id)
