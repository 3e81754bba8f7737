"""Home, halls and tracking."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from cases.errors import CaseNotFoundError
from cases.rules import scope, words
from cases.rules.flow import State, citizen_step
from cases.rules.grants import Actor
from cases.selectors.cases import case_for
from cases.selectors.content import file_for, files_for, texts_for
from cases.selectors.figures import figures
from cases.selectors.halls import active_halls, main_hall
from cases.selectors.queues import shares_of
from cases.selectors.timelines import lines_for
from cases.selectors.tracking import tracked_case
from escalation.selectors.clocks import due_of, explain_due
from escalation.selectors.opening import opening
from portal.accounts.actors import citizen_of, keep_open
from portal.citizen.forms import TrackForm
from portal.downloads import download
from portal.errors import error_page
from portal.shell import remember_theme, theme_of
from portal.throttle import spend

NOT_FOUND = "编号或查询码不对，请核对回执或跟踪卡后再试。"
ELSEWHERE = ("consumer", "emergency", "citizen_request", "legal_route")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: file, follow, call; what we take and what belongs elsewhere."""
    now = timezone.now()
    hall = main_hall()
    context = {
        "hall": hall,
        "opening": opening(hall.pk if hall else None, now),
        "figures": figures(now),
        "now": now,
        "elsewhere": [(code, scope.REASONS[code]) for code in ELSEWHERE if code in scope.REASONS],
    }
    response = render(request, "citizen/home.html", context)
    if request.GET.get("elder") == "1":
        remember_theme(response, theme_of(request))
    return response


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """All halls with address, telephone and hours."""
    return render(request, "citizen/halls.html", {"halls": active_halls()})


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Find a case by number and code. A wrong code and an unknown number answer alike."""
    form = TrackForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    problem = ""
    if request.method == "POST" and form.is_valid():
        if not spend(request, "track"):
            return error_page(request, 429)
        found = tracked_case(form.cleaned_data["number"], form.cleaned_data["secret"])
        if found:
            keep_open(request, found.case.pk)
            layers = {
                **request.session.get("layers", {}),
                found.case.number: "whole" if found.whole else "status",
            }
            request.session["layers"] = layers
            return redirect("citizen:case", found.case.number)
        problem = NOT_FOUND
    status = 422 if form.errors or problem else 200
    return render(request, "citizen/track.html", {"form": form, "problem": problem}, status=status)


@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case that was opened in this browser: everything with the code, the status layer with the last four digits."""
    page = case_page(citizen_of(request), number, timezone.now())
    if page is None:
        return redirect("citizen:track")
    layer = request.session.get("layers", {}).get(number)
    if layer != "whole":
        page = {key: page[key] for key in ("case", "state", "step", "steps", "due", "share_names", "ended")}
    return render(request, "citizen/case.html", {**page, "whole": layer == "whole"})


@require_GET
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of one's own case."""
    if request.session.get("layers", {}).get(number) != "whole":
        raise Http404
    try:
        found = file_for(case_for(citizen_of(request), number), str(uid))
    except CaseNotFoundError:
        raise Http404 from None
    return download(found)


def case_page(actor: Actor, number: str, now: datetime) -> dict[str, Any] | None:
    """What the receipt and the tracking page show, or None when the session may not see the case."""
    try:
        found = case_for(actor, number)
    except CaseNotFoundError:
        return None
    due = due_of(found.pk, now)
    state = State(found.state)
    departments = [share.department for share in shares_of(found.pk)]
    lines = [
        (line, words.citizen_event(line.kind.value, line.department)) for line in lines_for(actor, found.pk)
    ]
    return {
        "case": found,
        "state": words.CITIZEN_STATES[state.value],
        "step": citizen_step(state),
        "steps": words.CITIZEN_STEPS,
        "ended": state in (State.CLOSED, State.REDIRECTED, State.WITHDRAWN, State.REPLIED),
        "due": due,
        "why": explain_due(found.pk, due) if due else [],
        "share_names": departments,
        "texts": texts_for(actor, found),
        "files": files_for(actor, found),
        "lines": [(line, text) for line, text in lines if text],
        "now": now,
    }
