"""The one writer of events. Nothing else inserts into the timeline.

Call `record` only with the case row locked: the unique (case, version) turns a forgotten lock into an error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

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


_is_unheard: ContextVar[bool] = ContextVar("unheard", default=False)


@contextmanager
def unheard() -> Iterator[None]:
    """Tell no listener within, for many acts in a row: the caller tells them once, or lets the sweep read the cases at once."""
    token = _is_unheard.set(True)
    try:
        yield
    finally:
        _is_unheard.reset(token)


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
    if _is_unheard.get():
        return
    for listener in _listeners:
        try:
            with transaction.atomic():
                listener(case_id, now)
        except Exception:
            log.exception("fold of case %s failed and was left to the sweep", case_id)


class Entry(NamedTuple):
    """One event for `record_many`: what happened to which locked case, and since when it is true."""

    case_id: int
    kind: Kind
    happened_at: datetime
    share_id: int | None
    data: Mapping[str, Any]


def record_many(
    entries: Sequence[Entry], *, actor: Actor, post: HeldPost, now: datetime
) -> list[tuple[int, int]]:
    """Append events to many locked cases in three statements; returns (case, version) for each entry, in their order.

    For the system's own events, which start and stop no clock: a case that was folded up to its head stays so, because
    its `folded_version` moves along. Errors: ValueError as in `record`; IntegrityError when a case was not locked.
    """
    if not entries:
        return []
    found = Case.objects.filter(pk__in={entry.case_id for entry in entries})
    heads = {pk: (version, head) for pk, version, head in found.values_list("pk", "version", "head_hash")}
    events = []
    for entry in entries:
        if not now - KINDS[entry.kind].backdate <= entry.happened_at <= now:
            raise ValueError(f"{entry.kind} may not happen at {entry.happened_at} when recorded at {now}")
        version, head = heads[entry.case_id]
        event = Event(
            case_id=entry.case_id,
            version=version + 1,
            kind=entry.kind.value,
            share_id=entry.share_id,
            actor_id=actor.user_id,
            post_id=post.post_id,
            role=post.role.value,
            happened_at=entry.happened_at,
            recorded_at=now,
            data=dict(entry.data),
            prev_hash=head,
        )
        event.hash = chain_hash(event.prev_hash, event_body(event))
        heads[entry.case_id] = (event.version, event.hash)
        events.append(event)
    Event.objects.bulk_create(events, batch_size=1000)
    _move_heads(heads)
    return [(event.case_id, event.version) for event in events]


def _move_heads(heads: Mapping[int, tuple[int, str]]) -> None:
    """Set version and head of locked cases in one statement; the fold moves along where it stood at the head."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET version = v.version, head_hash = v.head,"
            " folded_version = CASE WHEN folded_version = cases_case.version THEN v.version ELSE folded_version END"
            " FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS v(id, version, head) WHERE cases_case.id = v.id",
            [list(heads), [version for version, _ in heads.values()], [head for _, head in heads.values()]],
        )
