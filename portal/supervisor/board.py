"""The board: what is overdue and what soon will be, who owes it, what each department has in hand; and all open cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.rules import words
from cases.rules.coordination import WITH_DEPARTMENT
from cases.rules.flow import OPEN, State
from cases.rules.grants import Actor
from cases.selectors.shares import open_page, unattended
from cases.selectors.timelines import department_names
from escalation.selectors.boards import LIMIT, BoardFigures, board_figures, department_board, last_sweep
from escalation.selectors.clocks import dues_of
from escalation.selectors.owed import owed, soon_until
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.paging import place_of, place_text
from portal.supervisor.navigation import navigation

STALE = timedelta(minutes=5)  # a sweep older than this is said on the board
MOST_DIGITS = 9


def shown(figures: BoardFigures) -> dict[str, str]:
    """Return the figures as the board shows them.

    >>> shown(BoardFigures(overdue=0, soon=7, filed=1000, open=999))
    {'overdue': '0', 'soon': '7', 'filed': '999+', 'open': '999'}
    """
    return {
        name: f"{LIMIT}+" if number > LIMIT else str(number) for name, number in figures._asdict().items()
    }


def _department(request: HttpRequest) -> tuple[int | None, str]:
    """The department asked for, with its name; nothing for whatever is no department."""
    text = request.GET.get("department", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
    names = department_names([number]) if number else {}
    return (number, names[number]) if number in names else (None, "")


def _sweep(now: datetime) -> dict[str, Any]:
    swept_at = last_sweep()
    return {"swept_at": swept_at, "stale": swept_at is None or now - swept_at > STALE}


def _beside(actor: Actor, now: datetime, soon: datetime) -> dict[str, Any]:
    """What the first page of the whole board shows besides its list."""
    return {
        "board": department_board(actor, now, soon),
        "columns": [words.STATES[state.value] for state in WITH_DEPARTMENT],
        "unattended": unattended(actor, timezone.localdate(now)),
    }


@staff_only(SUPERVISION)
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Obligations past their due moment, the longest over first; or with `tab=soon` those ending within a working day."""
    actor, now = actor_of(request), timezone.now()
    tab, until = "soon" if request.GET.get("tab") == "soon" else "overdue", soon_until(now)
    (department_id, department), place = _department(request), place_of(request.GET.get("after", ""))
    soon = until if tab == "soon" else None
    found = owed(actor, now, soon=soon, department_id=department_id, after=place)
    context = {
        "rows": found.rows,
        "end": place_text(found.end),
        "tab": tab,
        "now": now,
        "department": department,
        "department_id": department_id,
        "first": place is None,
        "figures": shown(board_figures(actor, now, until)),
        **({} if department_id or place else _beside(actor, now, until)),
        **_sweep(now),
        **navigation(request, tab),
    }
    return render(request, "supervisor/overdue.html", context)


@staff_only(SUPERVISION)
@require_safe
def open_cases(request: HttpRequest) -> HttpResponse:
    """All open cases, newest first; of one department or in one state, when the board's figures were followed."""
    (department_id, department), before = _department(request), request.GET.get("before", "")
    asked = request.GET.get("state", "")
    state = State(asked) if asked in {state.value for state in OPEN} else None
    known = before.isascii() and before.isdecimal() and len(before) <= 2 * MOST_DIGITS
    found = open_page(
        actor_of(request), department_id=department_id, state=state, before=int(before) if known else None
    )
    dues = dues_of([row.id for row in found.rows], timezone.now())
    context = {
        "rows": [(row, dues.get(row.id)) for row in found.rows],
        "next": found.next_before,
        "department": department,
        "department_id": department_id,
        "state": state,
        **navigation(request, "" if department or state else "open"),
    }
    return render(request, "supervisor/open_cases.html", context)
