"""The window's first answer to a case: accepted, handed to the right channel, or solved on the spot."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect as go_to
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.rules.classes import WINDOW_SETS
from cases.rules.flow import Act
from cases.services.closing import resolve_case
from cases.services.intake import accept_case, redirect_case
from escalation.selectors.promises import promises
from escalation.selectors.versions import rule_version_at
from portal.accounts.actors import WINDOW, staff_only
from portal.acts import page_for
from portal.counter.acts import WindowAct, window_act
from portal.counter.closing_forms import ResolveForm
from portal.counter.forms import AcceptForm, RedirectForm
from portal.counter.navigation import navigation
from portal.counter.slips import slip_of


@window_act
def accept(act: WindowAct) -> HttpResponse:
    """受理. With `?then=dispatch` (转部门 at registration) the dispatch follows at once."""
    now, case = timezone.now(), act.page.case
    limits = promises(case.hall_id, WINDOW_SETS, now)
    build = partial(
        AcceptForm, limits=limits, has_matter=case.matter_id is not None, statement=act.page.statement
    )
    then = act.request.GET.get("then") == Act.DISPATCH.value
    if then:
        act.target = reverse("counter:dispatch", args=[act.number])
    return act.run(
        build,
        lambda form: accept_case(**form.given(), rule_version=rule_version_at(now), **act.asked(form)),
        then=then,
    )


@window_act
def redirect(act: WindowAct) -> HttpResponse:
    """转其他渠道. Choosing a reason fills in its standard words, which the clerk may edit; then the slip is printed."""
    if "fill" in act.request.POST:
        return act.show(RedirectForm.filled(act.request.POST))
    act.target = reverse("counter:slip", args=[act.number])
    return act.run(RedirectForm, lambda form: redirect_case(**form.given(), **act.asked(form)))


@window_act
def resolve(act: WindowAct) -> HttpResponse:
    """现场解决: answered and closed while the person is still there."""
    return act.run(ResolveForm, lambda form: resolve_case(**form.given(), **act.asked(form)))


@staff_only(WINDOW)
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """《转办指引单》: one A4 page with two copies, printed by the browser; only of what was redirected."""
    page = page_for(request, number)
    found = slip_of(page)
    if found is None:
        return go_to("counter:case", number)
    return render(request, "counter/slip.html", {"page": page, "slip": found, **navigation(request)})
