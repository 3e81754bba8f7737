"""The left navigation of the administration room (日历和规则)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.actors import actor_of
from portal.accounts.rooms import NavRow, other_rooms
from portal.administration.guard import EDITORS

ROWS = (
    ("工作日历", "calendar"),
    ("放假通知", "calendar_notices"),
    ("停工和地方节日", "calendar_days"),
    ("办公时间", "hours"),
    ("日历版本", "calendar_versions"),
    ("规则", "rules"),
    ("改动", "changes"),
)


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html: the rows of the room, and whether the reader may edit."""
    roles = actor_of(request).roles
    return {
        "nav": [*_rows(current), *other_rooms(roles, "administration:calendar")],
        "may_edit": bool(roles & EDITORS),
    }


def _rows(current: str) -> list[NavRow]:
    return [(label, reverse(f"administration:{name}"), None, current == name, "") for label, name in ROWS]
