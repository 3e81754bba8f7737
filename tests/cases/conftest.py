"""An outside cause, three cases, and the decision that they wait."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.rules.flow import State
from cases.services import causes
from tests.cases.causing import DAY, LATEST, RECORD
from tests.conftest import MONDAY


@pytest.fixture
def cause(supervisor):
    return causes.record_cause(RECORD, actor=supervisor, now=MONDAY)


@pytest.fixture
def three(case_in) -> list[Case]:
    return [case_in(State.HANDLING) for _ in range(3)]


@pytest.fixture
def paused(cause, three, supervisor):
    """A cause approved on Tuesday for three cases, from Monday noon on."""
    causes.join_cases(cause.pk, [case.pk for case in three], actor=supervisor, now=MONDAY)
    noon = MONDAY.replace(hour=12)
    causes.approve_cause(
        cause.pk, paused_from=noon, latest_end=LATEST, actor=supervisor, now=MONDAY + DAY, seen=0
    )
    return cause
