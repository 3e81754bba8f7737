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
    RESOLVED = "resolved"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    CONTACTED = "contacted"
    CONTACT_TRIED = "contact_tried"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    CLOSED = "closed"
    CALLED_BACK = "called_back"
    CALL_TRIED = "call_tried"
    RATED = "rated"
    REOPENED = "reopened"
    SUPPLEMENTED = "supplemented"
    WITHDRAWN = "withdrawn"
    SUPERVISED = "supervised"
    SUSPENDED = "suspended"
    RENEWED = "renewed"
    RESUMED = "resumed"
    EXTENDED = "extended"
    RECLASSIFIED = "reclassified"
    RETURNED = "returned"
    MEETING_CALLED = "meeting_called"
    MEETING_HELD = "meeting_held"
    MINUTES_FILED = "minutes_filed"
    RATER_CONTACTED = "rater_contacted"
    RECTIFIED = "rectified"
    APPEALED = "appealed"
    CALENDAR_APPLIED = "calendar_applied"
    CARD_ISSUED = "card_issued"
    RULES_APPLIED = "rules_applied"
    ERASED = "erased"


# What moves the end of a limit that already runs (中止、延期、改定难度).
MOVES_LIMITS = (Kind.SUSPENDED, Kind.RENEWED, Kind.RESUMED, Kind.EXTENDED, Kind.RECLASSIFIED)


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

_TO_EVERYONE = KindRule(Audience.EVERYONE, ANY_TIME)
_TO_STAFF = KindRule(Audience.STAFF, ANY_TIME)

KINDS: Mapping[Kind, KindRule] = MappingProxyType(
    {
        Kind.SUBMITTED: _TO_EVERYONE,
        Kind.REGISTERED: _TO_EVERYONE,
        Kind.ACCEPTED: _TO_EVERYONE,
        Kind.REDIRECTED: _TO_EVERYONE,
        Kind.RESOLVED: _TO_EVERYONE,
        Kind.DISPATCHED: _TO_EVERYONE,
        Kind.SIGNED: _TO_EVERYONE,
        Kind.CONTACTED: _TO_EVERYONE,
        Kind.CONTACT_TRIED: _TO_EVERYONE,
        Kind.ANSWERED: _TO_STAFF,
        Kind.SENT_BACK: _TO_STAFF,
        Kind.PUBLISHED: _TO_EVERYONE,
        Kind.CLOSED: _TO_EVERYONE,
        Kind.CALLED_BACK: _TO_EVERYONE,
        Kind.CALL_TRIED: _TO_EVERYONE,
        Kind.RATED: _TO_EVERYONE,
        Kind.REOPENED: _TO_EVERYONE,
        Kind.SUPPLEMENTED: _TO_EVERYONE,
        Kind.WITHDRAWN: _TO_EVERYONE,
        Kind.SUPERVISED: _TO_EVERYONE,
        Kind.SUSPENDED: _TO_EVERYONE,
        Kind.RENEWED: _TO_EVERYONE,
        Kind.RESUMED: _TO_EVERYONE,  # by itself at its planned end, recorded by a sweep that may run late
        Kind.EXTENDED: _TO_EVERYONE,
        Kind.RECLASSIFIED: _TO_EVERYONE,
        Kind.RETURNED: _TO_STAFF,
        Kind.MEETING_CALLED: _TO_STAFF,
        Kind.MEETING_HELD: _TO_STAFF,
        Kind.MINUTES_FILED: _TO_STAFF,
        Kind.RATER_CONTACTED: _TO_EVERYONE,
        Kind.RECTIFIED: _TO_EVERYONE,
        Kind.APPEALED: _TO_STAFF,
        Kind.CALENDAR_APPLIED: KindRule(Audience.EVERYONE, SAME_MOMENT),
        Kind.CARD_ISSUED: _TO_STAFF,  # recorded by a sweep that may run late, at its true instant
        Kind.RULES_APPLIED: KindRule(Audience.SUPERVISION, SAME_MOMENT),
        Kind.ERASED: KindRule(Audience.EVERYONE, SAME_MOMENT),
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
