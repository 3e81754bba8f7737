"""Quick registration at the counter and its result."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.errors import BadInputError, CaseError
from cases.rules.classes import Channel
from cases.rules.grants import Actor
from cases.selectors.halls import active_matters
from cases.selectors.lookup import cases_of_phone
from cases.selectors.queues import rows_by_id
from cases.services.content import Person
from cases.services.drafts import open_draft, seal_draft
from cases.services.intake import Intake, register_case
from cases.services.numbers import next_number
from escalation.selectors.clocks import due_of, explain_due
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.counter.forms import RegistrationForm
from portal.counter.navigation import navigation
from portal.once import already_done, once

ROUTE = "counter:new"
SHOWN_FOR = 1800  # seconds that the query code stays on the result page


@staff_only(WINDOW)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a case on one page."""
    form = RegistrationForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["idem"]
        done = already_done(request, ROUTE, key)
        if done:
            return redirect(done)
        now = timezone.now()
        number = next_number(day=timezone.localdate(now))
        try:
            return once(request, ROUTE, key, lambda: _register(request, form, number, now))
        except BadInputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        except CaseError as error:
            problem = error.message
    context = {"form": form, "problem": problem, "matters": active_matters(), **navigation(request, "new")}
    return render(request, "counter/new.html", context, status=422 if form.errors or problem else 200)


def _register(request: HttpRequest, form: RegistrationForm, number: str, now: datetime) -> str:
    actor = actor_of(request)
    filed = register_case(number=number, intake=_intake(form, actor), actor=actor, now=now)
    earlier = cases_of_phone(actor, form.cleaned_data["phone"]) if form.cleaned_data["phone"] else []
    request.session["registered"] = seal_draft(
        {
            "number": filed.case.number,
            "id": filed.case.pk,
            "code": filed.query_code,
            "at": now.isoformat(),
            "earlier": [pk for pk in earlier if pk != filed.case.pk],
        }
    )
    return reverse("counter:registered")


def _intake(form: RegistrationForm, actor: Actor) -> Intake:
    data = form.cleaned_data
    hall_id = next(post.hall_id for post in actor.posts if post.hall_id)
    reporter = Person(
        name=data["name"],
        phone=data["phone"],
        organisation=data["organisation"],
        credit_code=data["credit_code"],
    )
    principal = (Person(part="principal", name=data["principal"]),) if data["principal"] else ()
    return Intake(
        statement=data["statement"],
        hall_id=hall_id,
        people=(reporter, *principal),
        channel=Channel(data["channel"]),
        matter_id=data["matter"],
        obstacle_id=int(data["obstacle"]),
        first_unit_id=data["first_unit"],
        first_person=data["first_person"],
    )


@staff_only(WINDOW)
@require_GET
def registered(request: HttpRequest) -> HttpResponse:
    """Number and query code, to be read aloud and written down; the code is gone after half an hour."""
    kept = open_draft(request.session.get("registered", ""))
    now = timezone.now()
    if not kept or (now - datetime.fromisoformat(kept["at"])).total_seconds() > SHOWN_FOR:
        return redirect("counter:queue")
    actor = actor_of(request)
    rows = rows_by_id(actor, [kept["id"], *kept["earlier"]])
    if kept["id"] not in rows:
        return redirect("counter:queue")
    due = due_of(kept["id"], now)
    context = {
        "row": rows[kept["id"]],
        "code": kept["code"],
        "due": due,
        "why": explain_due(kept["id"], due) if due else [],
        "earlier": [rows[pk] for pk in kept["earlier"] if pk in rows],
        **navigation(request, "new"),
    }
    return render(request, "counter/registered.html", context)
