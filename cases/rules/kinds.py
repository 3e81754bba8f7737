"""Kinds of event (流转记录) and who may read each.

An event says that something happened, when, by whom and to which share; it carries ids, codes and keyed digests, never
free text and never personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What happened."""

    SUBMITTED = "submitted"
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    REDIRECTED = "redirected"
    DISPATCHED = "dispatched"
    ANSWERED = "answered"
    PUBLISHED = "published"
    CLOSED = "closed"
    ERASED = "erased"
    RULES_APPLIED = "rules_applied"


class Audience(StrEnum):
    """Who may read an event of a kind."""

    EVERYONE = "everyone"  # the reporter too
    STAFF = "staff"  # window, departments with a share, supervisors
    SUPERVISION = "supervision"  # supervisors, leaders, discipline viewers


class KindRule(NamedTuple):
    """Audience, and how far back the event's `happened_at` may lie (补录)."""

    audience: Audience
    backdate: timedelta


SAME_MOMENT = timedelta(0)
ANY_TIME = timedelta(days=366 * 30)  # an import of an old paper register

KINDS: Mapping[Kind, KindRule] = MappingProxyType(
    {
        Kind.SUBMITTED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.REGISTERED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.ACCEPTED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.REDIRECTED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.DISPATCHED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.ANSWERED: KindRule(Audience.STAFF, ANY_TIME),
        Kind.PUBLISHED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.CLOSED: KindRule(Audience.EVERYONE, ANY_TIME),
        Kind.ERASED: KindRule(Audience.EVERYONE, SAME_MOMENT),
        Kind.RULES_APPLIED: KindRule(Audience.SUPERVISION, SAME_MOMENT),
    }
)


class Happening(NamedTuple):
    """One event as the fold reads it: times are aware UTC, `data` holds ids and codes only."""

    version: int
    kind: Kind
    happened_at: datetime
    recorded_at: datetime
    share_id: int | None
    data: Mapping[str, Any]


def may_read(kind: Kind, audience: Audience) -> bool:
    """Say whether a reader of `audience` may see events of `kind`.

    >>> may_read(Kind.ACCEPTED, Audience.EVERYONE)
    True
    >>> may_read(Kind.ANSWERED, Audience.EVERYONE)
    False
    >>> may_read(Kind.ANSWERED, Audience.STAFF)
    True
    >>> may_read(Kind.RULES_APPLIED, Audience.STAFF)
    False
    """
    order = (Audience.EVERYONE, Audience.STAFF, Audience.SUPERVISION)
    return order.index(KINDS[kind].audience) <= order.index(audience)
