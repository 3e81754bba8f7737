"""The left navigation of the counter: the three queues with their counts, and registration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cases.rules.flow import State
from cases.selectors.queues import count_up_to
from portal.accounts.actors import actor_of

TABS: dict[str, tuple[str, tuple[State, ...]]] = {
    "filed": ("待受理", (State.FILED, State.ACCEPTED)),
    "handling": ("部门办理中", (State.HANDLING,)),
    "reply": ("待核对答复", (State.ANSWERED, State.REPLIED)),
    "ended": ("已办结", (State.CLOSED, State.REDIRECTED, State.WITHDRAWN)),
}
COUNTED = ("filed", "handling", "reply")
LIMIT = 99


def shown(count: int) -> str:
    """Return a count as the navigation shows it.

    >>> shown(7), shown(100)
    ('7', '99+')
    """
    return f"{LIMIT}+" if count > LIMIT else str(count)


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html."""
    actor = actor_of(request)
    queue = reverse("counter:queue")
    rows: list[tuple[str, str, str | None, bool, str]] = [
        ("新登记", reverse("counter:new"), None, current == "new", "F2")
    ]
    for key, (label, states) in TABS.items():
        count = shown(count_up_to(actor, states, limit=LIMIT)) if key in COUNTED else None
        rows.append((label, f"{queue}?tab={key}", count, current == key, ""))
    return {"nav": rows, "find_url": reverse("counter:find")}
