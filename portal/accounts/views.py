"""After log-in: to the room of one's posts; and the switcher between units."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.actors import actor_of, unit_for, units_for
from portal.accounts.rooms import room_of

UNPROCESSABLE = 422


@login_required
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """Send a person to the room of the posts they hold in the unit they act in."""
    roles = actor_of(request).roles
    room = room_of(roles)
    return (
        redirect(room) if room else render(request, "account/no_post.html", {"has_post": roles}, status=403)
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest) -> HttpResponse:
    """Switch to another unit (换岗): posts in one unit act together, posts in different units need this page."""
    units = units_for(request)
    context = {"units": units, "current": unit_for(request), "problem": ""}
    if request.method != "POST":
        return render(request, "account/unit.html", context)
    chosen = request.POST.get("unit", "")
    if chosen not in {unit.key for unit in units}:
        context["problem"] = "请选一个单位。"
        return render(request, "account/unit.html", context, status=UNPROCESSABLE)
    request.session["unit"] = chosen
    return redirect("rooms")
