"""Filing a case: one page after the other, the draft kept on every press, one result, a receipt."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import CaseError
from cases.rules.classes import Difficulty
from cases.rules.grants import citizen
from cases.services.intake import submit_case
from cases.services.numbers import next_number
from escalation.selectors.promises import promises
from portal.accounts.actors import citizen_of
from portal.citizen import drafts, opened, progress, wizard
from portal.citizen.answers import intake_of, rows_of
from portal.citizen.cautions import caution_for, heed
from portal.citizen.drafts import Draft
from portal.citizen.forms import CheckForm
from portal.citizen.reckoning import explained
from portal.citizen.wizard import CHECK, Place
from portal.once import already_done, once
from portal.shell import theme_of

ROUTE = "citizen:report"
TOLD = (Difficulty.ORDINARY, Difficulty.COMPLEX)  # the limits that a receipt names


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the first page that has no answer yet."""
    return redirect("citizen:report", wizard.first_open(theme_of(request), drafts.read(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, step: str) -> HttpResponse:
    """One page of the filing: show it, or keep what was typed and go on."""
    draft, theme = drafts.read(request), theme_of(request)
    if not wizard.is_step(step):
        raise Http404
    if step == CHECK and request.method == "POST":
        return _submitted(request, draft)
    place = wizard.place_of(step, theme, draft)
    if place is None or wizard.comes_too_early(place, draft):
        return _elsewhere(request, step, draft)
    if step == CHECK:
        return _check(request, draft, CheckForm())
    return _sent(request, place, draft) if request.method == "POST" else _page(request, place, draft)


def _elsewhere(request: HttpRequest, step: str, draft: Draft) -> HttpResponse:
    """A page that cannot be shown yet. Going back after sending leads to the receipt, not to an empty form."""
    if step == CHECK and draft.is_empty and opened.receipt_of(request, timezone.now()):
        return redirect("citizen:receipt")
    return redirect("citizen:report", wizard.first_open(theme_of(request), draft))


def _page(
    request: HttpRequest, place: Place, draft: Draft, form: wizard.PageForm | None = None
) -> HttpResponse:
    form = form or wizard.form_of(place.step, draft, today=timezone.localdate())
    checking = request.GET.get("return") == CHECK
    context = {
        "form": form,
        "place": place,
        "files": draft.files,
        "back": CHECK if checking else place.before,
    }
    return render(request, "citizen/report.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, place: Place, draft: Draft) -> HttpResponse:
    """Keep what a page sent, right or wrong; then show it again, or go where the pressed button leads."""
    form = wizard.form_of(place.step, draft, today=timezone.localdate(), data=request.POST)
    holds = wizard.keep(place.step, form, draft)
    if place.step.slug == "files":
        drafts.remove_file(draft, request.POST.get("remove", ""))
        drafts.take_files(form, request.FILES.getlist("files"), draft, now=timezone.now())
    drafts.write(request, draft)
    if "later" in request.POST:
        return redirect("citizen:home")
    if not holds or form.errors:
        return _page(request, place, draft, form)
    if "remove" in request.POST or "add" in request.POST:
        return redirect("citizen:report", place.step.slug)
    return redirect(_next(request, place, draft))


def _next(request: HttpRequest, place: Place, draft: Draft) -> str:
    """Where 继续 leads: a caution first, then the check page when one came from there, else the next page."""
    if place.step.slug == "problem" and caution_for(draft):
        return reverse("citizen:caution")
    if request.GET.get("return") == CHECK:
        return reverse("citizen:report", args=[wizard.first_open(theme_of(request), draft)])
    return reverse("citizen:report", args=[place.after])


@require_http_methods(["GET", "HEAD", "POST"])
def caution(request: HttpRequest) -> HttpResponse:
    """An interruption: a quicker channel, or numbers that nobody needs. The person decides."""
    draft = drafts.read(request)
    found = caution_for(draft)
    if found is None:
        return redirect("citizen:report", wizard.first_open(theme_of(request), draft))
    if request.method == "POST":
        heed(draft, found, hide="hide" in request.POST)
        drafts.write(request, draft)
        return redirect("citizen:caution")
    return render(request, "citizen/caution.html", {"caution": found})


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Give the draft up, with its files."""
    files = drafts.read(request).files
    drafts.leave(request)
    drafts.drop(files)
    return redirect("citizen:home")


def _check(request: HttpRequest, draft: Draft, form: CheckForm, problem: str = "") -> HttpResponse:
    steps = wizard.steps_for(theme_of(request), draft)
    context = {
        "form": form,
        "rows": rows_of(draft, [step.slug for step in steps]),
        "problem": problem,
        "place": Place(steps, len(steps) - 1),
    }
    return render(request, "citizen/check.html", context, status=422 if form.errors or problem else 200)


def _submitted(request: HttpRequest, draft: Draft) -> HttpResponse:
    """File the case, once for this form: whoever presses twice gets the same receipt."""
    form = CheckForm(request.POST)
    form.is_valid()
    key = form.cleaned_data.get("idem")
    if key is None:
        return redirect("citizen:report", CHECK)
    done = already_done(request, ROUTE, key)
    if done:
        return redirect(done)
    if wizard.first_open(theme_of(request), draft) != CHECK:
        return _elsewhere(request, CHECK, draft)
    if form.errors:
        return _check(request, draft, form)
    now = timezone.now()
    number = next_number(day=timezone.localdate(now))
    try:
        response = once(request, ROUTE, key, lambda: _file(request, draft, number, now))
    except CaseError as error:
        return _check(request, draft, form, error.message)
    drafts.drop(draft.files)
    return response


def _file(request: HttpRequest, draft: Draft, number: str, now: datetime) -> str:
    """Write case, receipt and emptied draft in one transaction: a crash after it loses neither number nor code."""
    filed = submit_case(number=number, intake=intake_of(draft), actor=citizen(), now=now)
    drafts.leave(request)
    opened.give_receipt(request, filed.case.number, filed.query_code, now)
    opened.open_case(request, filed.case.pk, filed.case.number, whole=True)
    request.session.save()
    return reverse("citizen:receipt")


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt, for half an hour in the same browser; after that the tracking form with the number filled in."""
    now = timezone.now()
    kept = opened.receipt_of(request, now)
    case = progress.opened_case(citizen_of(request), kept.number) if kept and kept.code else None
    if kept is None or case is None:
        return redirect("citizen:track")
    status, reckoning = explained(case, now)
    context = {
        "case": case,
        "code": kept.code,
        "minutes": opened.RECEIPT_MINUTES,
        "status": status,
        "reckoning": reckoning,
        "limits": [promise.limit_text for promise in promises(case.hall_id, TOLD, now).values()],
    }
    return render(request, "citizen/receipt.html", context)
