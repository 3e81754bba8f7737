"""The department's inbox, its case page, and the answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.errors import CaseError, CaseNotFoundError
from cases.rules.classes import Conclusion
from cases.selectors.cases import case_for
from cases.selectors.content import file_for
from cases.selectors.queues import department_inbox, waiting_shares
from cases.services.handling import answer_share
from cases.services.revealing import reveal_contact
from escalation.selectors.clocks import dues_of
from portal.accounts.actors import DEPARTMENT, actor_of, staff_only
from portal.acts import ActPage, page_for
from portal.desk.advice import advice_on
from portal.desk.forms import AnswerForm
from portal.downloads import download
from portal.staff_forms import RevealForm

LIMIT = 99


def navigation(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context for staff_base.html."""
    count = waiting_shares(actor_of(request), limit=LIMIT)
    inbox = reverse("desk:inbox")
    waiting = f"{LIMIT}+" if count > LIMIT else str(count)
    return {
        "nav": [
            ("待答复", inbox, waiting, current == "waiting", ""),
            ("已答复", f"{inbox}?tab=answered", None, current == "answered", ""),
        ]
    }


@staff_only(DEPARTMENT)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What the department holds, the earliest due first."""
    tab = "answered" if request.GET.get("tab") == "answered" else "waiting"
    before = request.GET.get("before", "")
    found = department_inbox(
        actor_of(request), answered=tab == "answered", before=int(before) if before.isdigit() else None
    )
    dues = dues_of([row.id for row in found.rows], timezone.now())
    rows = [(row, dues.get(row.id)) for row in found.rows]
    if tab == "waiting":
        rows.sort(
            key=lambda pair: (pair[1] is None, pair[1].due_at.timestamp() if pair[1] else 0, pair[0].id)
        )
    context = {"rows": rows, "next": found.next_before, "tab": tab, **navigation(request, tab)}
    return render(request, "desk/inbox.html", context)


def _case_context(request: HttpRequest, number: str, **more: Any) -> dict[str, Any]:
    own = [post.department_id for post in actor_of(request).posts if post.department_id]
    return {
        "page": page_for(request, number),
        "reveal": RevealForm(),
        "own": own,
        **navigation(request),
        **more,
    }


@staff_only(DEPARTMENT)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case of which the department holds a share."""
    return render(request, "desk/case.html", _case_context(request, number))


@staff_only(DEPARTMENT)
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and number in clear, with the reason logged."""
    form = RevealForm(request.POST)
    context = _case_context(request, number, reveal=form)
    try:
        context["shown"] = form.is_valid() and reveal_contact(
            number=number, purpose=form.cleaned_data["purpose"], actor=actor_of(request), now=timezone.now()
        )
    except CaseError as error:
        context["problem"] = error.message
    return render(request, "desk/case.html", context, status=200 if context.get("shown") else 422)


@staff_only(DEPARTMENT)
@require_GET
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of a case."""
    try:
        return download(file_for(case_for(actor_of(request), number), str(uid)))
    except CaseNotFoundError:
        raise Http404 from None


@staff_only(DEPARTMENT)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the department's share: write, look at it as the citizen will, send."""
    act = ActPage(request, number, "desk:answer", "desk/answer.html", reverse("desk:case", args=[number]))
    extra: dict[str, Any] = {**navigation(request), "file_url_name": "desk:file"}
    if request.method == "GET":
        return act.show(AnswerForm(initial={"version": act.page.case.version}), **extra)
    form = AnswerForm(request.POST)
    if form.is_valid() and "send" not in request.POST and "edit" not in request.POST:
        return act.show(form, preview=form.composed(), advice=advice_on(form.composed()), **extra)
    if "edit" in request.POST:
        return act.show(form, **extra)
    return act.carry_out(
        form,
        lambda: answer_share(
            number=number,
            conclusion=Conclusion(form.cleaned_data["conclusion"]),
            text=form.composed(),
            internal=form.cleaned_data["internal"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )
