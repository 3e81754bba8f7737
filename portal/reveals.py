"""Showing a name and number in clear, for all staff rooms: with a reason, logged, and masked again after a minute."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.errors import CaseError
from cases.services.revealing import reveal_contact
from portal.accounts.actors import actor_of
from portal.acts import page_for
from portal.staff_forms import RevealForm

SHOWN_FOR = 60  # seconds


def reveal_on(request: HttpRequest, number: str, template: str, back: str, **more: Any) -> HttpResponse:
    """Render the room's case page with the people in clear, on this response only; without a reason, say so (422).

    After a minute the browser goes `back` to the masked page by itself; this needs no script.
    """
    form, page = RevealForm(request.POST), page_for(request, number)
    context = {"page": page, "reveal": form, "shown": [], "problem": "", "seconds": SHOWN_FOR, **more}
    if form.is_valid():
        try:
            context["shown"] = reveal_contact(
                number=page.case.number,
                purpose=form.cleaned_data["purpose"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except CaseError as error:
            context["problem"] = error.message
    response = render(request, template, context, status=200 if context["shown"] else 422)
    if context["shown"]:
        response.headers["Refresh"] = f"{SHOWN_FOR}; url={back}"
    return response
