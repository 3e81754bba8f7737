"""What a storm would do to 100,000 open cases, told before it is saved and then applied, against bare statements on the same rows.

Applying is rolled back, so that the city stays as it is; its savepoints cost what commits would, but for the disk.
"""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

from django.db import connection, transaction

from cases.rules.grants import Actor, HeldPost, Role
from escalation.models import Clock
from escalation.rules.contents import CalendarContent, with_days
from escalation.rules.holiday_notices import Layer, NoticeDay
from escalation.selectors.calendars import content_of
from escalation.services.applying import carry_out
from escalation.services.changes import confirm, propose_calendar
from escalation.services.previewing import preview_calendar
from escalation.services.showing import LINES, show_effect
from portal.benchmarks import Row, middle_and_p95
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.database import large_city
from portal.benchmarks.large.shapes import OPEN
from portal.benchmarks.large.stage import HALLS

CASES, APPLIED, TIMES = 100_000, 10_000, 3


def run(cases: int = CASES, applied: int = APPLIED, times: int = TIMES, halls: int = HALLS) -> list[Row]:
    """Preview in a city of open cases, apply in a smaller one of the same kind."""
    with large_city(cases, halls=halls, shapes=OPEN, kind="open"):
        previews = _previews(times)
    with large_city(applied, halls=halls, shapes=OPEN, kind="open"):
        return [*previews, _apply(applied)]


def _storm() -> CalendarContent:
    """Three days off for the whole city from tomorrow: nearly every open limit moves."""
    days = [NoticeDay((AS_OF + timedelta(days=n)).date(), True, "台风停工") for n in (1, 2, 3)]
    return with_days(content_of(), Layer.CITY, None, days, "测量")


def _previews(times: int) -> list[Row]:
    content, taken, bare = _storm(), [], []
    for _ in range(times):
        began = perf_counter()
        preview = preview_calendar(content, now=AS_OF, most=LINES)
        taken.append(perf_counter() - began)
        bare.append(_count_bare())
    if not preview.tally.clocks:
        raise RuntimeError("the storm moved nothing")
    (middle, p95), (counting, _) = middle_and_p95(taken), middle_and_p95(bare)
    return [
        Row("preview.calendar", middle, "s", counting, p95),
        Row("preview.clocks", preview.read / middle, "clocks/s", preview.read / counting),
        Row("preview.moved", preview.tally.clocks, "clocks"),
    ]


def _count_bare() -> float:
    """Seconds to count the same rows."""
    with connection.cursor() as cursor:
        began = perf_counter()
        cursor.execute(
            "SELECT count(*), max(clock.due_at) FROM escalation_clock AS clock"
            " JOIN cases_case AS whole ON whole.id = clock.case_id WHERE clock.stopped_at IS NULL"
        )
        return perf_counter() - began


def _apply(cases: int) -> Row:
    actor = Actor(None, (HeldPost(None, Role.SUPERVISOR),))
    with transaction.atomic():
        change = propose_calendar(
            _storm(), title="台风停工", basis="测量", note="", actor=actor, by_name="测量", now=AS_OF
        )
        show_effect(change.pk, clock=lambda: AS_OF)
        confirm(change.pk, actor=actor, by_name="测量", now=AS_OF)
        began = perf_counter()
        carry_out(change.pk, clock=lambda: AS_OF)
        taken = perf_counter() - began
        bare = _update_bare()
        transaction.set_rollback(True)
    return Row("preview.apply", cases / taken, "cases/s", cases / bare)


def _update_bare() -> float:
    """Seconds to rewrite the running clocks without looking at anything."""
    began = perf_counter()
    Clock.objects.filter(stopped_at__isnull=True).update(calendar_version=1)
    return perf_counter() - began
