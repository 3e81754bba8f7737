"""What is overdue, the case page, dispatching again, erasing by law."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.errors import CaseError, CaseNotFoundError
from cases.rules.flow import OPEN
from cases.selectors.cases import case_for
from cases.selectors.chain import faults
from cases.selectors.content import file_for
from cases.selectors.queues import count_up_to, queue, rows_by_id
from cases.services.erasing import erase_case
from cases.services.handling import dispatch_case
from cases.services.revealing import reveal_contact
from escalation.selectors.boards import board_figures
from escalation.selectors.clocks import dues_of, overdue_clocks, soon_clocks
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.acts import ActPage, page_for
from portal.downloads import download
from portal.staff_forms import DispatchForm, RevealForm
from portal.supervisor.forms import EraseForm

STALE = timedelta(minutes=5)  # a sweep older than this is said on the board


def navigation(current: str = "") -> dict[str, Any]:
    """Context for staff_base.html."""
    board = reverse("supervisor:overdue")
    return {
        "nav": [
            ("超期看板", board, None, current == "overdue", ""),
            ("将到期", f"{board}?tab=soon", None, current == "soon", ""),
            ("全部在办", reverse("supervisor:open_cases"), None, current == "open", ""),
        ]
    }


def _figures(request: HttpRequest, now: datetime) -> dict[str, Any]:
    figures = board_figures(actor_of(request), now)
    stale = figures.swept_at is None or now - figures.swept_at > STALE
    return {
        "figures": figures,
        "stale": stale,
        "open_count": count_up_to(actor_of(request), OPEN, limit=999),
        "now": now,
    }


@staff_only(SUPERVISION)
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """Running clocks past their due moment, longest over first; or those that end soon."""
    actor, now = actor_of(request), timezone.now()
    tab = "soon" if request.GET.get("tab") == "soon" else "overdue"
    clocks = soon_clocks(actor, now) if tab == "soon" else overdue_clocks(actor, now)
    cases = rows_by_id(actor, [clock.case_id for _, clock in clocks])
    rows = [(cases[clock.case_id], clock) for _, clock in clocks if clock.case_id in cases]
    context = {"rows": rows, "tab": tab, **_figures(request, now), **navigation(tab)}
    return render(request, "supervisor/overdue.html", context)


@staff_only(SUPERVISION)
@require_GET
def open_cases(request: HttpRequest) -> HttpResponse:
    """All open cases, newest first."""
    before = request.GET.get("before", "")
    found = queue(actor_of(request), OPEN, before=int(before) if before.isdigit() else None)
    dues = dues_of([row.id for row in found.rows], timezone.now())
    rows = [(row, dues.get(row.id)) for row in found.rows]
    context = {"rows": rows, "next": found.next_before, **navigation("open")}
    return render(request, "supervisor/open_cases.html", context)


def _case_context(request: HttpRequest, number: str, **more: Any) -> dict[str, Any]:
    page = page_for(request, number)
    return {
        "page": page,
        "reveal": RevealForm(),
        "faults": list(faults([page.case.number])),
        **navigation(),
        **more,
    }


@staff_only(SUPERVISION)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case, with the word of the chain."""
    return render(request, "supervisor/case.html", _case_context(request, number))


@staff_only(SUPERVISION)
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and number in clear, with the reason logged."""
    form = RevealForm(request.POST)
    context = _case_context(request, number, reveal=form)
    try:
        context["shown"] = form.is_valid() and reveal_contact(
            number=number, purpose=form.cleaned_data["purpose"], actor=actor_of(request), now=timezone.now()
        )
    except CaseError as error:
        context["problem"] = error.message
    return render(request, "supervisor/case.html", context, status=200 if context.get("shown") else 422)


@staff_only(SUPERVISION)
@require_GET
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of a case."""
    try:
        return download(file_for(case_for(actor_of(request), number), str(uid)))
    except CaseNotFoundError:
        raise Http404 from None


def _act(request: HttpRequest, number: str, name: str) -> ActPage:
    target = reverse("supervisor:case", args=[number])
    return ActPage(request, number, f"supervisor:{name}", f"supervisor/{name}.html", target)


@staff_only(SUPERVISION)
@require_http_methods(["GET", "POST"])
def dispatch(request: HttpRequest, number: str) -> HttpResponse:
    """转办, when the window has not."""
    act, extra = _act(request, number, "dispatch"), {**navigation(), "file_url_name": "supervisor:file"}
    matter = act.page.case.matter
    build = partial(DispatchForm, proposed=matter.department_id if matter else None)
    if request.method == "GET":
        return act.show(build(initial={"version": act.page.case.version}), **extra)
    form = build(request.POST)
    return act.carry_out(
        form,
        lambda: dispatch_case(
            number=number,
            department_id=int(form.cleaned_data["department"]),
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )


@staff_only(SUPERVISION)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """依法删除: key and sealed rows go, the timeline stays."""
    act, extra = _act(request, number, "erase"), {**navigation(), "file_url_name": "supervisor:file"}
    if request.method == "GET":
        return act.show(EraseForm(initial={"version": act.page.case.version}), **extra)
    form = EraseForm(request.POST)
    return act.carry_out(
        form,
        lambda: erase_case(
            number=number,
            basis=form.cleaned_data["basis"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )
