"""The department's case page, looking at contact data, files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.errors import CaseNotFoundError
from cases.rules.flow import Act
from cases.selectors.cases import case_for
from cases.selectors.content import file_for
from cases.services.revealing import REVEALERS
from escalation.selectors.clocks import explain_due
from portal.accounts.actors import DEPARTMENT, actor_of, staff_only
from portal.acts import page_for
from portal.casepage import CasePage
from portal.desk.navigation import navigation
from portal.desk.own import OwnPart, own_part, used_text
from portal.downloads import download
from portal.once import OnceForm
from portal.reckonings import why_on
from portal.reveals import reveal_on
from portal.staff_forms import RevealForm


def _around(request: HttpRequest, page: CasePage) -> dict[str, Any]:
    """What the case page shows beside the case: the department's own part, what is asked of it, what it can do."""
    actor = actor_of(request)
    part = own_part(page, actor)
    return {
        "own": {post.department_id for post in actor.posts if post.department_id},
        "part": part,
        "used": used_text(part) if part else "",
        "sign_form": None if page.refusal_of(Act.SIGN) else OnceForm(initial={"version": page.case.version}),
        "offers": [offer for offer in page.offers if offer.act is not Act.SIGN],  # its button stands above
        "own_cards": [card for card in page.cards if part and card.department_id == part.share.department_id],
        "rest": part.rest if part else page,
        "may_reveal": bool(actor.roles & REVEALERS),
        **_reckoning(request, part),
        **navigation(request),
    }


def _reckoning(request: HttpRequest, part: OwnPart | None) -> dict[str, Any]:
    """怎么算的 for the one own clock that was asked about: its days cost three queries, so they are not told unasked."""
    asked = request.GET.get("why", "")
    clock = next((one for one in part.clocks if one.obligation.value == asked), None) if part else None
    return {"steps_of": asked, "why": explain_due(clock.case_id, clock) if clock else []}


@staff_only(DEPARTMENT)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case of which the department holds a share."""
    page = page_for(request, number)
    return render(request, "desk/case.html", {"page": page, "reveal": RevealForm(), **_around(request, page)})


@staff_only(DEPARTMENT)
@require_safe
def why(request: HttpRequest, number: str, clock: str) -> HttpResponse:
    """为什么是这一天: one clock of the case, day by day."""
    return why_on(request, number, clock, "desk/why.html", **navigation(request))


@staff_only(DEPARTMENT)
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and number in clear for a minute, with the reason logged."""
    back = reverse("desk:case", args=[number])
    return reveal_on(request, number, "desk/case.html", back, **_around(request, page_for(request, number)))


@staff_only(DEPARTMENT)
@require_safe
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of a case."""
    try:
        return download(file_for(case_for(actor_of(request), number), str(uid)))
    except CaseNotFoundError:
        raise Http404 from None
