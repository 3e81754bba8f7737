"""Following a case: by number and query code all of it, by number and last four digits its status only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.selectors.content import file_for
from cases.selectors.tracking import tracked_case
from escalation.selectors.versions import in_force
from portal.accounts.actors import citizen_of
from portal.citizen import opened, progress, unsent
from portal.citizen.forms import TrackForm
from portal.citizen.offers import needed_of, offers_for
from portal.citizen.reckoning import explained
from portal.citizen.story import whole_of
from portal.downloads import download
from portal.errors import too_many
from portal.throttle import spend

NOT_FOUND = "编号或查询码不对，请核对回执或跟踪卡后再试。"


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Find a case by number and code. A wrong code and an unknown number answer alike."""
    if request.method != "POST":
        asked = {"number": _number_at_hand(request), "act": request.GET.get("act", "")}
        return _form(request, TrackForm(initial=asked))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _form(request, form)
    if not spend(request, "track"):
        return too_many(request)
    found = tracked_case(form.cleaned_data["number"], form.cleaned_data["secret"])
    if found is None:
        return _form(request, form, NOT_FOUND)
    opened.open_case(request, found.case.pk, found.case.number, whole=found.whole)
    act = form.cleaned_data["act"] if found.whole else ""
    return redirect(f"citizen:{act or 'case'}", found.case.number)


def _form(request: HttpRequest, form: TrackForm, problem: str = "") -> HttpResponse:
    act, number = str(form["act"].value() or ""), str(form["number"].value() or "")
    context = {
        "form": form,
        "problem": problem,
        "act": act if act in TrackForm.ACTS else "",
        "minutes": opened.RECEIPT_MINUTES,
        "is_waiting": not unsent.read(request, number, act).is_empty,
    }
    return render(request, "citizen/track.html", context, status=422 if form.errors or problem else 200)


def _number_at_hand(request: HttpRequest) -> str:
    """A number to fill in: from the address of a case, or from the receipt of this browser. A number is no secret."""
    asked = request.GET.get("number", "")
    kept = opened.receipt_of(request, timezone.now())
    return asked if opened.is_number(asked) else kept.number if kept else ""


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case that was opened in this browser: all of it, or its status only."""
    actor = citizen_of(request)
    found = progress.opened_case(actor, number)
    if found is None:
        return opened.to_form(number)
    now, versions = timezone.now(), in_force()
    status = progress.current_status(found, now, versions)
    offered = offers_for(actor, found, now, versions)
    whole = whole_of(actor, found) if opened.is_whole(request, number) else None
    needed = needed_of(status, offered, whole.rating if whole else None)
    context = {
        "status": status,
        "offers": offered,
        "others": [act for act in offered.acts if act is not needed.act],
        "whole": whole,
        "needed": needed,
        "done": whole.last_own if whole and request.GET.get("done") == whole.last_own else None,
    }
    return render(request, "citizen/case.html", context)


@require_safe
def why(request: HttpRequest, number: str) -> HttpResponse:
    """为什么是这一天: the due moment of an opened case, day by day."""
    found = progress.opened_case(citizen_of(request), number)
    if found is None:
        return opened.to_form(number)
    status, reckoning = explained(found, timezone.now())
    return render(request, "citizen/why.html", {"status": status, "reckoning": reckoning})


@require_safe
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of one's own case."""
    found = progress.opened_case(citizen_of(request), number) if opened.is_whole(request, number) else None
    if found is None:
        raise Http404
    return download(file_for(found, str(uid), own=True))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close what was opened, for the next person at the same computer."""
    opened.close_all(request)
    return redirect("citizen:home")
