"""The queue, the case page, looking at contact data, files, finding."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.errors import CaseError, CaseNotFoundError
from cases.selectors.cases import case_for
from cases.selectors.content import file_for
from cases.selectors.lookup import found_by
from cases.selectors.queues import queue as queue_of
from cases.selectors.queues import rows_by_id
from cases.services.revealing import reveal_contact
from escalation.selectors.clocks import dues_of
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.acts import page_for
from portal.counter.navigation import TABS, navigation
from portal.downloads import download
from portal.staff_forms import RevealForm


@staff_only(WINDOW)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The hall's cases by what they wait for, newest first; a page of fifty."""
    tab = request.GET.get("tab", "filed")
    label, states = TABS.get(tab, TABS["filed"])
    before = request.GET.get("before", "")
    found = queue_of(actor_of(request), states, before=int(before) if before.isdigit() else None)
    dues = dues_of([row.id for row in found.rows], timezone.now())
    context = {
        "rows": [(row, dues.get(row.id)) for row in found.rows],
        "next": found.next_before,
        "tab": tab,
        "label": label,
        "tabs": [(key, name) for key, (name, _) in TABS.items()],
        **navigation(request, tab),
    }
    return render(request, "counter/queue.html", context)


@staff_only(WINDOW)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case with what can be done now."""
    context = {"page": page_for(request, number), "reveal": RevealForm(), **navigation(request)}
    return render(request, "counter/case.html", context)


@staff_only(WINDOW)
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and number in clear for a minute, with the reason logged."""
    form = RevealForm(request.POST)
    page = page_for(request, number)
    shown, problem = [], ""
    if form.is_valid():
        try:
            shown = reveal_contact(
                number=number,
                purpose=form.cleaned_data["purpose"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except CaseError as error:
            problem = error.message
    context = {"page": page, "reveal": form, "shown": shown, "problem": problem, **navigation(request)}
    return render(request, "counter/case.html", context, status=200 if shown else 422)


@staff_only(WINDOW)
@require_GET
def file(request: HttpRequest, number: str, uid: str) -> HttpResponse:
    """Download a file of a case."""
    try:
        return download(file_for(case_for(actor_of(request), number), str(uid)))
    except CaseNotFoundError:
        raise Http404 from None


@staff_only(WINDOW)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find by number, telephone, last four digits, name or pinyin initials. By POST: no number stands in an address."""
    text = request.POST.get("q", "").strip()
    ids = found_by(actor_of(request), text) if text else []
    rows = rows_by_id(actor_of(request), ids)
    if len(ids) == 1 and ids[0] in rows:
        return redirect("counter:case", rows[ids[0]].number)
    dues = dues_of(ids, timezone.now())
    context = {
        "rows": [(rows[pk], dues.get(pk)) for pk in ids if pk in rows],
        "q": text,
        **navigation(request),
    }
    return render(request, "counter/find.html", context)
