"""The case page, looking at contact data, files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.errors import CaseNotFoundError
from cases.selectors.cases import case_for
from cases.selectors.content import file_for
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.acts import page_for
from portal.counter.navigation import navigation
from portal.downloads import download
from portal.reckonings import why_on
from portal.reveals import reveal_on
from portal.staff_forms import RevealForm


@staff_only(WINDOW)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case with what can be done now."""
    context = {"page": page_for(request, number), "reveal": RevealForm(), **navigation(request)}
    return render(request, "counter/case.html", context)


@staff_only(WINDOW)
@require_safe
def why(request: HttpRequest, number: str, clock: str) -> HttpResponse:
    """为什么是这一天: one clock of the case, day by day."""
    return why_on(request, number, clock, "counter/why.html", **navigation(request))


@staff_only(WINDOW)
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and number in clear for a minute, with the reason logged."""
    back = reverse("counter:case", args=[number])
    return reveal_on(request, number, "counter/case.html", back, **navigation(request))


@staff_only(WINDOW)
@require_safe
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of a case."""
    try:
        return download(file_for(case_for(actor_of(request), number), str(uid)))
    except CaseNotFoundError:
        raise Http404 from None
