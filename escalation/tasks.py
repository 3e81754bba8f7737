"""Tasks: thin doorways that read the clock and make one call. Beat queues both each minute (portal/celery.py)."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases.services import waiting
from cases.services.anchoring import take_anchor
from escalation.services import sweep as sweeping
from escalation.services import working

log = logging.getLogger("bancheng.changes")
LONGEST = 3300  # seconds for one change; one that takes longer goes on where it was


@shared_task(name="escalation.sweep")
def sweep() -> None:
    """Judge the clocks that are due."""
    sweeping.sweep(now=timezone.now())


@shared_task(name="escalation.refold")
def refold() -> None:
    """Fold what lags."""
    sweeping.refold_lagging(now=timezone.now())


@shared_task(name="escalation.anchor")
def anchor() -> None:
    """Anchor the heads of all timelines that moved since the last hour."""
    take_anchor(now=timezone.now())


@shared_task(name="escalation.causes", time_limit=1800)
def follow_causes() -> None:
    """Let the cases that wait for an outside cause follow what was decided about it. Safe twice, safe late, safe to be killed."""
    waiting.carry_out(clock=timezone.now)
    waiting.try_refused(clock=timezone.now)


@shared_task(name="escalation.change", time_limit=LONGEST, acks_late=True)
def change(change_id: int) -> None:
    """Go on with one change. Safe twice, safe late."""
    working.work_on(change_id, clock=timezone.now)


@shared_task(name="escalation.changes", time_limit=LONGEST)
def changes() -> None:
    """Let due changes begin, and go on with those that nobody works on. Each minute; safe twice, safe late."""
    working.take_up(clock=timezone.now)


def tell(change_id: int) -> bool:
    """Tell a worker of a change; without one it is taken up within a minute of their return. Returns whether it was told."""
    try:
        change.apply_async((change_id,))
    except (OperationalError, OSError):
        log.warning("no broker to tell of change %s", change_id)
        return False
    return True
