"""Which room belongs to which posts, and the way from one to another for who holds posts of both."""

from __future__ import annotations

from django.urls import reverse

from cases.rules.grants import Role
from portal.accounts.actors import ADMINISTRATION, DEPARTMENT, REGISTER, SUPERVISION, WINDOW

# Posts, address of their room, and what the way there is called; the first that fits is where one lands after log-in.
ROOMS: tuple[tuple[frozenset[Role], str, str], ...] = (
    (WINDOW, "counter:queue", "窗口"),
    (DEPARTMENT, "desk:inbox", "承办"),
    (SUPERVISION, "supervisor:overdue", "督办"),
    (REGISTER, "register:home", "台账"),
    (ADMINISTRATION, "administration:calendar", "日历和规则"),
    (frozenset({Role.SYSTEM_ADMIN}), "admin:index", "基础数据"),
)

NavRow = tuple[str, str, str | None, bool, str]


def room_of(roles: frozenset[Role]) -> str | None:
    """Return the name of the room where a person with these roles starts, None when no room is theirs.

    >>> room_of(frozenset({Role.HEAD})), room_of(frozenset({Role.LIAISON, Role.SUPERVISOR})), room_of(frozenset())
    ('desk:inbox', 'desk:inbox', None)
    """
    return next((name for group, name, _ in ROOMS if roles & group), None)


def other_rooms(roles: frozenset[Role], here: str) -> list[NavRow]:
    """Rows of the navigation for the other rooms that posts of the same unit open."""
    return [
        (label, reverse(name), None, False, "")
        for group, name, label in ROOMS
        if roles & group and name != here
    ]
