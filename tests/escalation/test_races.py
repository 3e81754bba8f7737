"""Several workers fold, sweep and act on the same cases at once: no deadlock, no lost stop, one truth."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F

from cases.models import Case, Department
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.selectors.chain import faults
from cases.selectors.timelines import lock_cases
from cases.services import additions, handling
from escalation.models import Card, Clock, Notice
from escalation.services.fold import fold_cases
from escalation.services.refold import refold_all
from escalation.services.sweep import refold_lagging, sweep
from tests.conftest import MONDAY, Filing, actor_named, seed_city

LATER = MONDAY + timedelta(days=40)


def together(works: list[Callable[[], object]]) -> None:
    """Run all at the same moment, each on a connection of its own; any error fails the test."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_folds_sweeps_and_acts_at_once_leave_one_truth():
    seed_city()
    filing = Filing()
    cases = [filing(State.ACCEPTED) for _ in range(6)]
    department, clerk, handler = (
        Department.objects.get(code="S02").pk,
        actor_named("clerk"),
        actor_named("shijian"),
    )

    def live(case: Case) -> None:
        handling.dispatch_case(number=case.number, department_id=department, actor=clerk, now=LATER)
        handling.answer_share(
            number=case.number,
            conclusion=Conclusion.DONE,
            text="已办好。",
            actor=handler,
            now=LATER + timedelta(hours=1),
        )

    def spoil_and_heal() -> None:
        for case in cases:
            with transaction.atomic():
                lock_cases([case.pk])
                Case.objects.filter(pk=case.pk).update(folded_version=0)
            refold_lagging(now=LATER)

    sweeps = [lambda hours=hours: sweep(now=LATER + timedelta(hours=hours)) for hours in (0, 1, 2, 3)]
    together(
        [
            *[lambda case=case: live(case) for case in cases],
            *sweeps,
            spoil_and_heal,
            lambda: list(refold_all()),
        ]
    )
    sweep(now=LATER + timedelta(days=1))

    state = list(Clock.objects.order_by("id").values_list())
    assert len(state) == 7 * len(cases)
    assert not Case.objects.exclude(folded_version=F("version")).exists()
    assert not Clock.objects.filter(obligation="answer", stopped_at__isnull=True).exists()
    assert list(faults()) == []
    fold_cases([case.pk for case in cases])
    sweep(now=LATER + timedelta(days=1))
    assert list(Clock.objects.order_by("id").values_list()) == state


@pytest.mark.django_db(transaction=True)
def test_a_case_in_other_hands_is_left_for_the_next_minute():
    seed_city()
    filing = Filing()
    held, free = filing(State.HANDLING), filing(State.HANDLING)
    locked, swept = Barrier(2), Barrier(2)

    def hold() -> None:
        with transaction.atomic():
            lock_cases([held.pk])
            locked.wait(timeout=30)
            swept.wait(timeout=30)

    def look() -> None:
        locked.wait(timeout=30)
        sweep(now=LATER)
        swept.wait(timeout=30)

    together([hold, look])
    waiting = set(Clock.objects.filter(next_signal_at__lte=LATER).values_list("case_id", flat=True))
    assert waiting == {held.pk}
    sweep(now=LATER + timedelta(minutes=1))
    assert not Clock.objects.filter(next_signal_at__lte=LATER).exists()
    assert free.pk


@pytest.mark.django_db(transaction=True)
def test_forty_workers_on_one_overdue_case_leave_one_card_of_each_colour():
    seed_city()
    case = Filing()(State.HANDLING)
    clerk, handler = actor_named("clerk"), actor_named("shijian")
    asked = {"number": case.number, "now": LATER}

    def fold() -> None:
        with transaction.atomic():
            lock_cases([case.pk])
            fold_cases([case.pk])

    def add() -> None:
        additions.supplement_case(text="补一句。", actor=clerk, **asked)

    def sign() -> None:
        handling.sign_share(actor=handler, **asked)

    works = [lambda n=n: sweep(now=LATER + timedelta(minutes=n)) for n in range(20)]
    together([*works, *[fold] * 9, *[add] * 10, sign])
    sweep(now=LATER + timedelta(hours=1))

    graver = Card.objects.filter(case=case, department__isnull=False).exclude(colour="blue")
    assert sorted(graver.values_list("colour", "number")) == [("red", 1), ("yellow", 1)]
    blues = Card.objects.filter(case=case, colour="blue").values_list("obligation", "at")
    assert len(set(blues)) == len(blues) == 1
    issued = case.events.filter(kind="card_issued").count()
    assert issued == Card.objects.filter(case=case).count()
    assert list(faults()) == []
    case.refresh_from_db()
    assert case.folded_version == case.version == 3 + 11 + issued
    told = Notice.objects.filter(case=case, card__isnull=False)
    assert told.count() == told.values("post", "card").distinct().count() > 0
    before = everything()
    assert [done[1:] for done in refold_all()] == [(0, 0)]
    assert everything() == before


def everything() -> list[tuple]:
    """Clocks, cards and notices with xmin: a row that was written again shows."""
    found: list[tuple] = []
    with connection.cursor() as cursor:
        for table in ("clock", "card", "notice"):
            cursor.execute(f"SELECT xmin::text, * FROM escalation_{table} ORDER BY id")
            found += cursor.fetchall()
    return found
