"""The board (超期看板): what is overdue and what soon will be, where each case is stuck, what departments have in hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cases.rules.grants import Actor
from escalation.selectors.boards import Figures, board
from escalation.selectors.condition import halted_change, last_sweep, years_missing
from escalation.selectors.doubts import waiting_doubts
from escalation.selectors.owed import owed, soon_until
from escalation.selectors.versions import InForce, in_force
from portal.accounts.actors import ADMINISTRATION, SUPERVISION, actor_of, staff_only
from portal.paging import place_of, place_text
from portal.supervisor.navigation import navigation
from portal.supervisor.openings import STEPS, department_asked
from portal.supervisor.stuck import gravest, red_next, stuck
from portal.supervisor.today import to_do_today

STALE = timedelta(minutes=5)  # a sweep older than this is said on the board
LIMIT = 999  # a figure is shown no further


def shown(figures: Figures, complete: bool) -> dict[str, str]:
    """Return the figures as the board shows them.

    >>> shown(Figures(soon=0, yellow=7, red=1000, overdue=999), complete=True)
    {'soon': '0', 'yellow': '7', 'red': '999+', 'overdue': '999'}
    >>> shown(Figures(soon=0, yellow=0, red=0, overdue=640), complete=False)["overdue"]
    '640+'
    """
    more = "" if complete else "+"
    return {
        name: f"{LIMIT}+" if number > LIMIT else f"{number}{more if number else ''}"
        for name, number in figures._asdict().items()
    }


def _whole(actor: Actor, now: datetime, soon: datetime, versions: InForce) -> dict[str, Any]:
    """What the first page of the whole board shows beside its list."""
    found, sweep = board(actor, now, soon), last_sweep()
    return {
        "board": found,
        "figures": shown(found.figures, found.complete),
        "steps": STEPS,
        "today": to_do_today(actor, now, versions),
        "sweep": sweep,
        "stale": sweep is None or now - sweep.as_of > STALE,
        "missing": years_missing(now, versions),
        "halted": halted_change(now),
        "doubts": waiting_doubts(),
        "reads_calendar": bool(actor.roles & ADMINISTRATION),
    }


@staff_only(SUPERVISION)
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Cases with something overdue, the longest over first; or with `tab=soon` those with something ending in a working day.

    The browser asks anew each minute for the part that changes, unless it was told to wait (`pause=1`); a call that fails
    leaves what was there, with the moment that it was true.
    """
    actor, now, versions = actor_of(request), timezone.now(), in_force()
    until, tab = soon_until(now, versions), "soon" if request.GET.get("tab") == "soon" else "overdue"
    (department_id, department), place = department_asked(request), place_of(request.GET.get("after", ""))
    soon = until if tab == "soon" else None
    found = owed(actor, now, soon=soon, department_id=department_id, after=place, versions=versions)
    context = {
        "rows": [(case, stuck(case, now), red_next(case, now), gravest(case.cards)) for case in found.rows],
        "end": place_text(found.end),
        "tab": tab,
        "now": now,
        "department": department,
        "department_id": department_id,
        "first": place is None,
        "paused": request.GET.get("pause") == "1",
        **({} if department_id or place else _whole(actor, now, until, versions)),
    }
    if request.htmx:
        response = render(request, "supervisor/_board.html", context)
    else:
        response = render(request, "supervisor/overdue.html", {**context, **navigation(request, tab)})
    patch_vary_headers(response, ["HX-Request"])
    return response
