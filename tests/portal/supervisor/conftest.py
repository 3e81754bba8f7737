"""The supervisors' room at a standing clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cases.models import Case, Department
from cases.rules.flow import State
from cases.services import handling
from tests.conftest import MONDAY, Filing, actor_named
from tests.portal.desk.conftest import joint
from tests.portal.standing_clock import StandingClock, clock

__all__ = ["clock", "joint"]


@pytest.fixture
def at_board(signed_in, clock: StandingClock) -> Callable[[str], Client]:
    """`at_board("viewer")` is that person's browser at the standing clock."""
    return lambda username="supervisor": signed_in(username)


@pytest.fixture
def sent_to(case_in: Filing) -> Callable[..., Case]:
    """`sent_to("S04")` is a case dispatched to that department."""

    def send(code: str, *, now=MONDAY) -> Case:
        accepted = case_in(State.ACCEPTED, now=now)
        department = Department.objects.get(code=code)
        return handling.dispatch_case(
            number=accepted.number, department_id=department.pk, actor=actor_named("clerk"), now=now
        )

    return send
