"""The case page with the word of the chain, looking at contact data, files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.errors import CaseNotFoundError
from cases.rules.flow import Act
from cases.selectors.cases import case_for
from cases.selectors.chain import faults
from cases.selectors.content import file_for
from cases.services.revealing import REVEALERS
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.acts import page_for
from portal.casepage import CasePage
from portal.downloads import download
from portal.reckonings import why_on
from portal.reveals import reveal_on
from portal.staff_forms import RevealForm
from portal.supervisor.navigation import navigation


def _around(request: HttpRequest, page: CasePage) -> dict[str, Any]:
    """What stands beside the case. Erasing is offered once only: the state of an erased case does not change."""
    is_erased = page.case.erased_at is not None
    return {
        "offers": [offer for offer in page.offers if not (is_erased and offer.act is Act.ERASE)],
        "faults": list(faults([page.case.number])),
        "may_reveal": bool(actor_of(request).roles & REVEALERS),
        **navigation(request),
    }


@staff_only(SUPERVISION)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case, with versions and the word of the chain."""
    page = page_for(request, number)
    context = {"page": page, "reveal": RevealForm(), **_around(request, page)}
    return render(request, "supervisor/case.html", context)


@staff_only(SUPERVISION)
@require_safe
def why(request: HttpRequest, number: str, clock: str) -> HttpResponse:
    """为什么是这一天: one clock of the case, day by day."""
    return why_on(request, number, clock, "supervisor/why.html", **navigation(request))


@staff_only(SUPERVISION)
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and number in clear for a minute, with the reason logged."""
    back, more = reverse("supervisor:case", args=[number]), _around(request, page_for(request, number))
    return reveal_on(request, number, "supervisor/case.html", back, **more)


@staff_only(SUPERVISION)
@require_safe
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of a case."""
    try:
        return download(file_for(case_for(actor_of(request), number), str(uid)))
    except CaseNotFoundError:
        raise Http404 from None
