"""Several workers fold, sweep and act on the same cases at once: no deadlock, no lost stop, one truth."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from cases.models import Case, Department
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.selectors.timelines import lock_cases
from cases.services import handling
from escalation.models import Clock
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
    assert len(state) == 4 * len(cases)
    assert not Case.objects.exclude(folded_version=4).exists()
    assert not Clock.objects.filter(obligation="answer", stopped_at__isnull=True).exists()
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
