"""The left navigation of the supervisors' room."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.actors import actor_of
from portal.accounts.rooms import other_rooms


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html. The counts stand on the board, so that a case page does not pay for them."""
    board, every = reverse("supervisor:overdue"), reverse("supervisor:open_cases")
    cards = reverse("supervisor:cards")
    tabs = [
        ("超期看板", board, None, current == "overdue", ""),
        ("将到期", f"{board}?tab=soon", None, current == "soon", ""),
        ("全部在办", every, None, current == "open", ""),
        ("牌", cards, None, current == "cards", ""),
        ("牌待定", reverse("supervisor:doubts"), None, current == "doubts", ""),
        ("等省里的事", reverse("supervisor:causes"), None, current == "causes", ""),
    ]
    return {"nav": [*tabs, *other_rooms(actor_of(request).roles, "supervisor:overdue")]}
