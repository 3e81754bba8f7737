"""Clocks that a change of calendar or rules can touch, read in bulk: as plain numbers, in one query."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from cases.models import Event
from cases.rules.kinds import MOVES_LIMITS
from escalation.models import Clock
from escalation.rules.contents import CalendarContent
from escalation.rules.differences import Span, changed_spans, merged
from escalation.rules.hours import CHINA, ONE_DAY
from escalation.rules.obligations import OBLIGATIONS
from escalation.selectors.calendars import content_of

FETCH = 20_000
EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
BEFORE = timedelta(days=20)  # a reminder may lie before the first day that counts
_RIGHTS = sorted(obligation.value for obligation, row in OBLIGATIONS.items() if row.is_right)


class Numbers(NamedTuple):
    """A clock in numbers: moments in microseconds since 1970."""

    case_id: int
    share_id: int | None
    obligation: str
    run: int
    started: int
    due: int
    half: int | None
    soon: int | None
    overdue: int
    red: int | None
    amount: int
    unit: str
    provisional: bool
    rule_version: int
    hall_id: int
    role: str | None

    @property
    def rungs(self) -> tuple[int | None, ...]:
        """The four moments of the ladder."""
        return self[6:10]


def in_numbers(moment: datetime) -> int:
    """Return a moment as these rows hold it."""
    return (moment - EPOCH) // TICK


def moment_of(number: int) -> datetime:
    """Return the moment of a number."""
    return EPOCH + number * TICK


def changed_spans_of(content: CalendarContent, before: int, now: datetime) -> list[Span]:
    """Return the days that differ anywhere from the calendar `before`, or from one under which some clock runs."""
    numbers = Clock.objects.filter(is_running(now)).values_list("calendar_version", flat=True)
    found: list[Span] = []
    for number in {before, *numbers.order_by().distinct()}:
        old = content_of(number)
        for hall_id in {None, *old.places, *content.places}:
            found += changed_spans(old, content, hall_id)
    return merged(found)


def is_running(now: datetime) -> Q:
    """Clocks that a new calendar moves: running ones, and rights that have not lapsed."""
    return Q(stopped_at__isnull=True) | Q(obligation__in=_RIGHTS, stopped_at__gt=now)


def streamed(spans: Sequence[Span], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield the running clocks of all cases one of whose clocks covers a changed day; case by case, its own first.

    Inside a transaction. Not by a server-side cursor: the database would then use one core and plan for the first rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_STREAM, _bounds(spans, now))
        while rows := cursor.fetchmany(FETCH):
            yield from rows


def touched(case_ids: Sequence[int], spans: Sequence[Span], now: datetime) -> set[int]:
    """Return those of some cases that a calendar can touch: by a running clock, or by a stopped one that earned a card."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {**_bounds(spans, now), "ids": list(case_ids)})
        running = {case_id for (case_id,) in cursor.fetchall()}
    return running | cases_with_stopped_cards(spans, now, among=case_ids)


def moved_by_hand() -> set[int]:
    """Return the cases whose limits were suspended, extended or reclassified: few, from an index of their own."""
    kinds = [kind.value for kind in MOVES_LIMITS]
    return set(Event.objects.filter(kind__in=kinds).values_list("case_id", flat=True).distinct())


def cases_with_stopped_cards(
    spans: Sequence[Span], now: datetime, among: Collection[int] | None = None
) -> set[int]:
    """Return the cases with a card on a clock that has stopped and that covers a changed day.

    What was signalled before the first of them stays: a signal looks no further ahead than the working day that follows it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, {**_bounds(spans, now), "ids": None if among is None else list(among)})
        return {case_id for (case_id,) in cursor.fetchall()}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _bounds(spans: Sequence[Span], now: datetime) -> dict[str, Any]:
    first, last = spans[0][0], max(last for _, last in spans)
    return {
        "first": _midnight(first),
        "last": _midnight(last) + ONE_DAY + BEFORE,
        "now": now,
        "rights": _RIGHTS,
    }


_STREAM = """
SELECT clock.case_id, clock.share_id, clock.obligation, clock.run,
 (extract(epoch FROM clock.started_at) * 1000000)::bigint, (extract(epoch FROM clock.due_at) * 1000000)::bigint,
 (extract(epoch FROM clock.half_at) * 1000000)::bigint, (extract(epoch FROM clock.soon_at) * 1000000)::bigint,
 (extract(epoch FROM clock.overdue_at) * 1000000)::bigint, (extract(epoch FROM clock.red_at) * 1000000)::bigint,
 clock.limit_amount, clock.limit_unit, clock.provisional, clock.rule_version, whole.hall_id, share.role
FROM escalation_clock AS clock
JOIN cases_case AS whole ON whole.id = clock.case_id
LEFT JOIN cases_share AS share ON share.id = clock.share_id
WHERE (clock.stopped_at IS NULL OR (clock.obligation = ANY(%(rights)s) AND clock.stopped_at > %(now)s))
 AND clock.case_id IN (
  SELECT other.case_id FROM escalation_clock AS other
  WHERE (other.stopped_at IS NULL OR (other.obligation = ANY(%(rights)s) AND other.stopped_at > %(now)s))
   AND other.started_at < %(last)s AND greatest(other.overdue_at, other.red_at) >= %(first)s)
ORDER BY clock.case_id, clock.share_id NULLS FIRST, clock.run, clock.id
"""
_TOUCHED = """
SELECT DISTINCT clock.case_id FROM escalation_clock AS clock
WHERE clock.case_id = ANY(%(ids)s)
 AND (clock.stopped_at IS NULL OR (clock.obligation = ANY(%(rights)s) AND clock.stopped_at > %(now)s))
 AND clock.started_at < %(last)s AND greatest(clock.overdue_at, clock.red_at) >= %(first)s
"""
_STOPPED = """
SELECT DISTINCT card.case_id FROM escalation_card AS card JOIN escalation_clock AS clock
 ON clock.case_id = card.case_id AND clock.obligation = card.obligation AND clock.run = card.run
 AND clock.share_id IS NOT DISTINCT FROM card.share_id
WHERE card.at >= %(first)s AND clock.stopped_at IS NOT NULL
 AND (%(ids)s::bigint[] IS NULL OR card.case_id = ANY(%(ids)s))
 AND clock.started_at < %(last)s AND greatest(clock.overdue_at, clock.red_at) >= %(first)s
"""
