"""The administration room at a standing clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from escalation.models import Change
from escalation.rules.contents import CalendarContent, from_json
from tests.portal.standing_clock import StandingClock, clock

__all__ = ["clock"]


@pytest.fixture
def at_room(signed_in, clock: StandingClock) -> Callable[[str], Client]:
    """`at_room("viewer")` is that person's browser at the standing clock."""
    return lambda username="admin": signed_in(username)


class Proposed:
    """What the pages proposed: (content, what was said beside it), as the table of changes has it."""

    def __getitem__(self, place: int) -> tuple[CalendarContent, dict[str, str]]:
        change = Change.objects.order_by("pk")[place]
        said = {"title": change.title, "basis": change.basis, "by_name": change.proposed_name}
        return from_json(change.document), said

    def __len__(self) -> int:
        return Change.objects.count()

    @property
    def address(self) -> str:
        """Where the last one is shown."""
        return reverse("administration:change", args=[Change.objects.latest("pk").pk])


@pytest.fixture
def proposed() -> Proposed:
    return Proposed()


def form_of(page) -> dict[str, str]:
    """The hidden fields of a rendered form."""
    form = page.context["form"]
    return {bound.html_name: str(bound.value() or "") for bound in form.hidden_fields()}
