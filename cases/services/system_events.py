"""Events that nobody's act leaves (系统自动): escalation records what it did, on cases that it has locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from cases import timeline
from cases.models import Suspension
from cases.rules.grants import SYSTEM
from cases.timeline import Entry

__all__ = ["Entry", "end_suspensions", "record_system_events"]


def record_system_events(entries: Sequence[Entry], *, now: datetime) -> list[tuple[int, int]]:
    """Record events of the system on locked cases, set-based; returns (case, version) for each, in order.

    Each event lies at its true instant, which may be before `now`; a case that was folded stays folded.
    """
    return timeline.record_many(entries, actor=SYSTEM, post=SYSTEM.posts[0], now=now)


def end_suspensions(suspension_ids: Sequence[int]) -> None:
    """Say of suspensions of locked cases that they ended when they were planned to (自动恢复计时), in one statement."""
    Suspension.objects.filter(pk__in=suspension_ids, ended_on__isnull=True).update(ended_on=F("planned_end"))
