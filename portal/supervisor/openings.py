"""All open cases (全部在办), and the narrower lists that the board's numbers lead to."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.rules import words
from cases.rules.flow import OPEN, State
from cases.selectors.shares import Step, open_page
from cases.selectors.timelines import department_names
from escalation.selectors.clocks import dues_of
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.paging import row_id_of
from portal.supervisor.navigation import navigation

STEPS: Mapping[str, str] = {
    Step.TO_SIGN: "待签收",
    Step.TO_CONTACT: "待联系",
    Step.HANDLING: "办理中",
    Step.TO_CHECK: "待核对",
    Step.TO_CLOSE: "待办结",
}
MOST_DIGITS = 9  # of the id of a department


def department_asked(request: HttpRequest) -> tuple[int | None, str]:
    """The department asked for, with its name; nothing for whatever is no department."""
    text = request.GET.get("department", "")
    number = row_id_of(text) if len(text) <= MOST_DIGITS else None
    names = department_names([number]) if number else {}
    return (number, names[number]) if number in names else (None, "")


@staff_only(SUPERVISION)
@require_safe
def open_cases(request: HttpRequest) -> HttpResponse:
    """All open cases, newest first; of one department, at one step or in one state, when the board's numbers were followed."""
    department_id, department = department_asked(request)
    asked, at = request.GET.get("state", ""), request.GET.get("step", "")
    state = State(asked) if asked in {state.value for state in OPEN} else None
    step = Step(at) if at in set(Step) else None
    found = open_page(
        actor_of(request),
        department_id=department_id,
        state=state,
        step=step,
        before=row_id_of(request.GET.get("before", "")),
    )
    dues = dues_of([row.id for row in found.rows], timezone.now())
    narrowed = STEPS[step] if step else words.STATES[state.value] if state else ""
    context = {
        "rows": [(row, dues.get(row.id)) for row in found.rows],
        "next": found.next_before,
        "department": department,
        "department_id": department_id,
        "state": state,
        "step": step,
        "narrowed": narrowed,
        **navigation(request, "" if department or narrowed else "open"),
    }
    return render(request, "supervisor/open_cases.html", context)
