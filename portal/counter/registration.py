"""Quick registration at the counter, what helps while typing, and its result."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import BadInputError, CaseError
from cases.rules import contacts
from cases.selectors.halls import matters_like
from cases.selectors.lookup import cases_of_phone
from cases.selectors.queues import rows_by_id
from cases.services.intake import register_case
from cases.services.numbers import next_number
from escalation.selectors.clocks import due_of, explain_due
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.counter.fresh import fresh_of, keep_fresh
from portal.counter.intake_form import RegistrationForm
from portal.counter.navigation import navigation
from portal.once import already_done, once

ROUTE = "counter:new"


@staff_only(WINDOW)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a case on one page."""
    form, problem = RegistrationForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            return _register_once(request, form)
        except BadInputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        except CaseError as error:
            problem = error.message
    status = 422 if form.errors or problem else 200
    context = {"form": form, "problem": problem, **navigation(request, "new")}
    return render(request, "counter/new.html", context, status=status)


def _register_once(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    key, now = form.cleaned_data["idem"], timezone.now()
    done = already_done(request, ROUTE, key)
    if done:
        return redirect(done)
    number = next_number(day=timezone.localdate(now))
    return once(request, ROUTE, key, lambda: _register(request, form, number, now))


def _register(request: HttpRequest, form: RegistrationForm, number: str, now: datetime) -> str:
    actor, phone = actor_of(request), form.cleaned_data["phone"]
    before = cases_of_phone(actor, phone) if phone else []
    filed = register_case(number=number, intake=form.intake(actor), actor=actor, now=now)
    keep_fresh(request, filed, before, now)
    return form.next_address(filed.case.number)


@staff_only(WINDOW)
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The matters that fit what is being typed, numbered: a fragment for the registration page."""
    text = request.GET.get("matter", "")
    context = {"found": matters_like(text), "asked": bool(text.strip()), "picked": ""}
    return render(request, "counter/matters.html", context)


@staff_only(WINDOW)
@require_POST
def earlier(request: HttpRequest) -> HttpResponse:
    """Earlier cases of the telephone number being typed: a fragment. By POST: no number stands in an address."""
    try:
        ids = cases_of_phone(actor_of(request), contacts.clean_phone(request.POST.get("phone", "")))
    except contacts.ContactError:
        ids = []
    rows = rows_by_id(actor_of(request), ids) if ids else {}
    return render(request, "counter/earlier.html", {"earlier": [rows[pk] for pk in ids if pk in rows]})


@staff_only(WINDOW)
@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    """Number and query code, to be read aloud and written down; the code is gone after half an hour."""
    fresh, now = fresh_of(request), timezone.now()
    rows = rows_by_id(actor_of(request), [fresh.case_id, *fresh.earlier]) if fresh else {}
    if fresh is None or fresh.case_id not in rows:
        return redirect("counter:queue")
    due = due_of(fresh.case_id, now)
    context = {
        "row": rows[fresh.case_id],
        "code": fresh.code,
        "due": due,
        "why": explain_due(fresh.case_id, due) if due else [],
        "earlier": [rows[pk] for pk in fresh.earlier if pk in rows],
        **navigation(request, "new"),
    }
    return render(request, "counter/registered.html", context)
