"""The left navigation of the department's room: its two tabs with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cases.selectors.shares import inbox_counts
from portal.accounts.actors import actor_of
from portal.accounts.rooms import other_rooms

TABS: Mapping[str, str] = {"waiting": "待答复", "answered": "已答复"}
LIMIT = 99


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html."""
    actor, inbox = actor_of(request), reverse("desk:inbox")
    counts = inbox_counts(actor, limit=LIMIT)._asdict()
    tabs = [
        (
            label,
            f"{inbox}?tab={key}",
            f"{LIMIT}+" if counts[key] > LIMIT else str(counts[key]),
            current == key,
            "",
        )
        for key, label in TABS.items()
    ]
    return {"nav": [*tabs, *other_rooms(actor.roles, "desk:inbox")]}
