"""The department's inbox, its case page, looking at contact data, files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.errors import CaseNotFoundError
from cases.selectors.cases import case_for
from cases.selectors.content import file_for
from cases.services.revealing import REVEALERS
from escalation.selectors.inbox import inbox as inbox_of
from portal.accounts.actors import DEPARTMENT, actor_of, staff_only
from portal.acts import page_for
from portal.casepage import CasePage
from portal.desk.navigation import TABS, navigation
from portal.downloads import download
from portal.paging import place_of, place_text
from portal.reveals import reveal_on
from portal.staff_forms import RevealForm


@staff_only(DEPARTMENT)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What the department holds: waiting for its answer, the earliest due first; or answered, the newest first."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    found = inbox_of(
        actor_of(request),
        timezone.now(),
        answered=tab == "answered",
        after=place_of(request.GET.get("after", "")),
    )
    context = {
        "tasks": found.tasks,
        "end": place_text(found.end),
        "first": "after" not in request.GET,
        "tab": tab,
        "label": TABS[tab],
        **navigation(request, tab),
    }
    return render(request, "desk/inbox.html", context)


def _around(request: HttpRequest, page: CasePage) -> dict[str, Any]:
    """What the case page shows beside the case: whose departments are the actor's own, and their clocks."""
    actor = actor_of(request)
    own = {post.department_id for post in actor.posts if post.department_id}
    shares = {share.id for share in page.shares if share.department_id in own}
    return {
        "own": own,
        "own_clocks": [clock for clock in page.clocks if clock.share_id in shares],
        "may_reveal": bool(actor.roles & REVEALERS),
        **navigation(request),
    }


@staff_only(DEPARTMENT)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case of which the department holds a share."""
    page = page_for(request, number)
    return render(request, "desk/case.html", {"page": page, "reveal": RevealForm(), **_around(request, page)})


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
