"""Filing, accepting and dispatching through the services, against saving the same rows without any of what makes them a case.

The peer does what a plain portal does: one commit an act, one row for the case, one for each event and share. It seals
nothing, chains nothing, checks no right and starts no clock, so its figure is a bound, not an aim. Both write to a copy of a
small city that is thrown away; commits reach the disk.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from time import perf_counter

from django.db import transaction

from cases.models import Case, Event, Share
from cases.rules.classes import Channel, Difficulty
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.rules.kinds import Kind
from cases.services.content import Person
from cases.services.handling import dispatch_case
from cases.services.intake import Intake, accept_case, submit_case
from cases.services.numbers import next_number
from portal.benchmarks import Row, middle_and_p95
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.database import scratch_city
from portal.benchmarks.large.lines import reporter_of
from portal.benchmarks.large.stage import HALLS, Stage, set_stage

CITY, CASES, WARM_UP = 1_000, 400, 20
STATEMENT = "来过三趟都没收下，一会儿说缺场地证明，一会儿说系统里查不到，不知道到底要找谁。"
ACTS = ("file", "accept", "dispatch")


def run(cases: int = CASES, city: int = CITY, halls: int = HALLS) -> list[Row]:
    """Measure both in one copy of a city, the peer first."""
    with scratch_city(city, halls=halls):
        stage = set_stage(halls)
        for nth in range(WARM_UP):
            _create(stage, nth)
        began = perf_counter()
        for nth in range(cases):
            _save_bare(stage, nth)
        bare = cases / (perf_counter() - began)
        times = [_create(stage, nth) for nth in range(WARM_UP, WARM_UP + cases)]
    whole = Row("create.cases", cases / sum(map(sum, times)), "cases/s", bare)
    by_act = zip(ACTS, map(list, zip(*times, strict=True)), strict=True)
    return [whole, *(_row(f"create.{name}", taken) for name, taken in by_act)]


def _row(name: str, taken: list[float]) -> Row:
    middle, p95 = middle_and_p95([seconds * 1000 for seconds in taken])
    return Row(name, middle, "ms", p95=p95)


def _create(stage: Stage, nth: int) -> tuple[float, float, float]:
    """Bring one case to a department; return the seconds of each act."""
    now = AS_OF + timedelta(seconds=nth)
    hall, department = stage.halls[nth % len(stage.halls)], stage.departments[nth % len(stage.departments)]
    name, phone = reporter_of(nth)
    intake = Intake(STATEMENT, hall.id, (Person(name, phone),), Channel.ONLINE, department.matter_id)
    moments = [perf_counter()]
    number = next_number(day=now.date())
    submit_case(number=number, intake=intake, actor=citizen(), now=now)
    moments.append(perf_counter())
    accept_case(number=number, difficulty=Difficulty.ORDINARY, rule_version=1, actor=hall.actor, now=now)
    moments.append(perf_counter())
    dispatch_case(number=number, department_id=department.id, actor=hall.actor, now=now)
    moments.append(perf_counter())
    filed, accepted, dispatched = (after - before for before, after in pairwise(moments))
    return filed, accepted, dispatched


def _save_bare(stage: Stage, nth: int) -> None:
    """Save the same rows by the plain ORM, with as many commits."""
    now = AS_OF + timedelta(seconds=nth)
    hall, department = stage.halls[nth % len(stage.halls)], stage.departments[nth % len(stage.departments)]
    with transaction.atomic():
        case = Case.objects.create(
            number=f"bare{nth}",
            place="",
            state=State.FILED.value,
            channel=Channel.ONLINE.value,
            hall_id=hall.id,
            matter_id=department.matter_id,
            submitted_at=now,
            version=3,
            folded_version=3,
        )
        _event(case, 1, Kind.SUBMITTED, now)
    with transaction.atomic():
        case.state, case.accepted_at = State.ACCEPTED.value, now
        case.save()
        _event(case, 2, Kind.ACCEPTED, now)
    with transaction.atomic():
        case.state = State.HANDLING.value
        case.save()
        Share.objects.create(case=case, department_id=department.id, role="lead", dispatched_at=now)
        _event(case, 3, Kind.DISPATCHED, now)


def _event(case: Case, version: int, kind: Kind, now: datetime) -> None:
    Event.objects.create(
        case=case, version=version, kind=kind.value, role="", happened_at=now, recorded_at=now, hash=""
    )
