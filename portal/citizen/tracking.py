"""Following a case: by number and query code all of it, by number and last four digits its status only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.selectors.content import file_for
from cases.selectors.tracking import tracked_case
from portal.accounts.actors import citizen_of
from portal.citizen import opened, progress
from portal.citizen.forms import TrackForm
from portal.downloads import download
from portal.errors import too_many
from portal.throttle import spend

NOT_FOUND = "编号或查询码不对，请核对回执或跟踪卡后再试。"


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Find a case by number and code. A wrong code and an unknown number answer alike."""
    if request.method != "POST":
        return _form(request, TrackForm(initial={"number": _number_at_hand(request)}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _form(request, form)
    if not spend(request, "track"):
        return too_many(request)
    found = tracked_case(form.cleaned_data["number"], form.cleaned_data["secret"])
    if found is None:
        return _form(request, form, NOT_FOUND)
    opened.open_case(request, found.case.pk, found.case.number, whole=found.whole)
    return redirect("citizen:case", found.case.number)


def _form(request: HttpRequest, form: TrackForm, problem: str = "") -> HttpResponse:
    status = 422 if form.errors or problem else 200
    return render(request, "citizen/track.html", {"form": form, "problem": problem}, status=status)


def _number_at_hand(request: HttpRequest) -> str:
    """A number to fill in: from the address of a case, or from the receipt of this browser. A number is no secret."""
    asked = request.GET.get("number", "")
    kept = opened.receipt_of(request, timezone.now())
    return asked if _is_digits(asked) else kept.number if kept else ""


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 20


def _to_form(request: HttpRequest, number: str) -> HttpResponse:
    """Missing, hidden and expired cases all lead to the form, with the number filled in."""
    return redirect(reverse("citizen:track", query={"number": number} if _is_digits(number) else None))


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case that was opened in this browser: all of it, or its status only."""
    actor = citizen_of(request)
    found = progress.opened_case(actor, number)
    if found is None:
        return _to_form(request, number)
    whole = progress.whole_of(actor, found) if opened.is_whole(request, number) else None
    context = {"status": progress.current_status(found, timezone.now()), "whole": whole}
    return render(request, "citizen/case.html", context)


@require_safe
def why(request: HttpRequest, number: str) -> HttpResponse:
    """为什么是这一天: the due moment of an opened case, day by day."""
    found = progress.opened_case(citizen_of(request), number)
    if found is None:
        return _to_form(request, number)
    status, reckoning = progress.explained(found, timezone.now())
    return render(request, "citizen/why.html", {"status": status, "reckoning": reckoning})


@require_safe
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of one's own case."""
    found = progress.opened_case(citizen_of(request), number) if opened.is_whole(request, number) else None
    if found is None:
        raise Http404
    return download(file_for(found, str(uid)))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close what was opened, for the next person at the same computer."""
    opened.close_all(request)
    return redirect("citizen:home")
