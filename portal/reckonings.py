"""为什么是这一天 on a page of its own, for all staff rooms: one clock of a case day by day, and the way to the others."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.errors import CaseNotFoundError
from cases.selectors.cases import case_for
from cases.selectors.queues import shares_of
from escalation.selectors.clocks import case_clocks, explain_due
from portal.accounts.actors import actor_of


def why_on(request: HttpRequest, number: str, clock: str, template: str, **more: Any) -> HttpResponse:
    """Render the reckoning of the clock that an address names (ClockView.slug), as far as the actor sees the case."""
    try:
        case = case_for(actor_of(request), number)
    except CaseNotFoundError:
        raise Http404 from None
    clocks = case_clocks([case.pk], timezone.now())[case.pk]
    asked = next((one for one in clocks if one.slug == clock), None)
    if asked is None:
        raise Http404
    names = {share.id: share.department for share in shares_of(case.pk)}
    context = {
        "case": case,
        "clock": asked,
        "department": names.get(asked.share_id, ""),
        "steps": explain_due(case.pk, asked, clocks),
        "others": [(one, names.get(one.share_id, "")) for one in clocks],
        **more,
    }
    return render(request, template, context)
