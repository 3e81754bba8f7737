"""The one writer of events. Nothing else inserts into the timeline.

Call `record` only with the case row locked: the unique (case, version) turns a forgotten lock into an error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.models import Case, Event
from cases.rules.grants import Actor, HeldPost
from cases.rules.kinds import KINDS, Kind
from cases.vault.digests import chain_hash

log = logging.getLogger("bancheng.timeline")

# Called after each act, inside its transaction, each under a savepoint of its own: escalation folds the case here.
_listeners: list[Callable[[int, datetime], None]] = []


def on_recorded(listener: Callable[[int, datetime], None]) -> None:
    """Register `listener(case_id, now)`; registering twice changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def event_body(event: Event) -> dict[str, Any]:
    """Return what the hash covers: every column of the event but the hashes themselves."""
    return {
        "case": event.case_id,
        "version": event.version,
        "kind": str(event.kind),
        "share": event.share_id,
        "actor": event.actor_id,
        "post": event.post_id,
        "role": str(event.role),
        "happened_at": event.happened_at,
        "recorded_at": event.recorded_at,
        "data": event.data,
    }


def record(
    case: Case,
    kind: Kind,
    *,
    actor: Actor,
    post: HeldPost,
    now: datetime,
    happened_at: datetime | None = None,
    share_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event to a locked case, bump its version and save the case (with whatever else changed on it).

    `happened_at` may lie before `now` only as far as the kind allows; errors: ValueError otherwise.
    """
    happened_at = happened_at or now
    if not now - KINDS[kind].backdate <= happened_at <= now:
        raise ValueError(f"{kind} may not happen at {happened_at} when recorded at {now}")
    case.version += 1
    event = Event(
        case=case,
        version=case.version,
        kind=kind.value,
        share_id=share_id,
        actor_id=actor.user_id,
        post_id=post.post_id,
        role=post.role.value,
        happened_at=happened_at,
        recorded_at=now,
        data=dict(data or {}),
        prev_hash=case.head_hash,
    )
    event.hash = case.head_hash = chain_hash(event.prev_hash, event_body(event))
    event.save(force_insert=True)
    case.save()
    return event


def tell_listeners(case_id: int, now: datetime) -> None:
    """Let escalation fold the case, at the end of the act's transaction.

    A listener that fails rolls back to its savepoint and is logged; the case stays lagging and the sweep repairs it: it
    never stops the counter.
    """
    for listener in _listeners:
        try:
            with transaction.atomic():
                listener(case_id, now)
        except Exception:
            log.exception("fold of case %s failed and was left to the sweep", case_id)
