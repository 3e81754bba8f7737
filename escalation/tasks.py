"""Tasks: thin doorways that read the clock and make one call. Beat queues both each minute (portal/celery.py)."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from cases.services.anchoring import take_anchor
from escalation.services import sweep as sweeping


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
