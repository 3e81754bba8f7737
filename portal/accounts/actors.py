"""Who is acting in this request: a person with all posts of one unit, or a citizen with the cases opened by code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases.rules.grants import Actor, Role, citizen
from cases.selectors.posts import Unit, actor_in, units_of

OPENED_FOR = timedelta(minutes=30)  # how long a citizen's session keeps a case open (trust.md 7.4)

WINDOW = frozenset({Role.CLERK, Role.CLERK_LEAD})
DEPARTMENT = frozenset({Role.LIAISON, Role.HANDLER, Role.HEAD})
SUPERVISION = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER, Role.VIEWER, Role.FOLLOWER})
REGISTER = SUPERVISION | {Role.CLERK_LEAD}  # who may take a register away, each as far as they see
# Who reads calendar and rules: those who enter them, those who answer for them, those who look on.
ADMINISTRATION = frozenset(
    {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SUPERVISOR, Role.BUREAU_LEADER, Role.VIEWER}
)


def units_for(request: HttpRequest) -> list[Unit]:
    """The units the logged-in person may act in today (one query a request)."""
    if not hasattr(request, "_units"):
        request._units = (
            units_of(request.user.pk, timezone.localdate()) if request.user.is_authenticated else []
        )
    return request._units


def unit_for(request: HttpRequest) -> Unit | None:
    """The unit chosen with the switcher, or the first."""
    units = units_for(request)
    chosen = request.session.get("unit")
    return next((unit for unit in units if unit.key == chosen), units[0] if units else None)


def actor_of(request: HttpRequest) -> Actor:
    """The staff actor of this request."""
    return actor_in(request.user.pk, unit_for(request))


def citizen_of(request: HttpRequest) -> Actor:
    """The citizen of this request: whoever knows number and code, for as long as the session keeps them."""
    now = timezone.now()
    opened = request.session.get("opened", {})
    return citizen(
        opened=frozenset(int(pk) for pk, until in opened.items() if datetime.fromisoformat(until) > now)
    )


def keep_open(request: HttpRequest, case_id: int) -> None:
    """Remember in the session that this citizen opened the case."""
    opened = dict(request.session.get("opened", {}))
    opened[str(case_id)] = (timezone.now() + OPENED_FOR).isoformat()
    request.session["opened"] = opened


View = Callable[..., HttpResponse]


def staff_only(roles: frozenset[Role]) -> Callable[[View], View]:
    """Guard a room: log-in first (302), then one of `roles` in the unit acted in (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not actor_of(request).roles & roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.guarded_by = roles
        return guarded

    return decorate
