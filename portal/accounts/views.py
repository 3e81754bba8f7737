"""After log-in: to the room of one's posts; and the switcher between units."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.rules.grants import Role
from portal.accounts.actors import (
    ADMINISTRATION,
    DEPARTMENT,
    SUPERVISION,
    WINDOW,
    actor_of,
    unit_for,
    units_for,
)

ROOMS: tuple[tuple[frozenset[Role], str], ...] = (
    (WINDOW, "counter:queue"),
    (DEPARTMENT, "desk:inbox"),
    (SUPERVISION, "supervisor:overdue"),
    (ADMINISTRATION, "admin:index"),
)


@login_required
@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """Send a person to the room of the posts they hold in the unit they act in."""
    roles = actor_of(request).roles
    for group, name in ROOMS:
        if roles & group:
            return redirect(name)
    return render(request, "account/no_post.html", status=403)


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest) -> HttpResponse:
    """Switch to another unit (换岗): posts in one unit act together, posts in different units need this page."""
    units = units_for(request)
    if request.method == "POST":
        chosen = request.POST.get("unit", "")
        if chosen in {unit.key for unit in units}:
            request.session["unit"] = chosen
        return redirect("rooms")
    return render(request, "account/unit.html", {"units": units, "current": unit_for(request)})
