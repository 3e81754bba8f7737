"""A clock that stands still at the doorway: views read Django's, and tests say what it shows."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from tests.conftest import MONDAY


class StandingClock:
    """What the doorway's clock shows: an ordinary working Monday, 09:30, until a test sets it."""

    def __init__(self) -> None:
        self.now: datetime = MONDAY


@pytest.fixture
def clock(monkeypatch) -> StandingClock:
    """`clock.now = …` sets the moment at which the next request is answered."""
    standing = StandingClock()
    monkeypatch.setattr(timezone, "now", lambda: standing.now)
    return standing
