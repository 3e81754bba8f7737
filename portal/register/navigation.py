"""The left navigation of the register's room (台账)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.actors import actor_of
from portal.accounts.rooms import other_rooms
from portal.register.runs import IMPORTERS


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html; importing stands only there for whoever may."""
    roles = actor_of(request).roles
    rows = [
        ("台账", reverse("register:home"), None, current == "home", ""),
        ("导出台账", reverse("register:export"), None, current == "export", ""),
        ("照表填报", reverse("register:fill"), None, current == "fill", ""),
    ]
    if roles & IMPORTERS:
        rows.insert(1, ("导入台账", reverse("register:bring"), None, current == "bring", ""))
    return {"nav": [*rows, *other_rooms(roles, "register:home")]}
