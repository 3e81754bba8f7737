"""The supervisors' acts: dispatching when the window has not, stepping in, taking a case up again, erasing by law."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.rules import words
from cases.rules.classes import REOPENINGS
from cases.services.additions import supervise_case
from cases.services.aftercare import reopen_case
from cases.services.erasing import erase_case
from cases.services.handling import dispatch_case
from escalation.selectors.promises import share_promises
from escalation.selectors.reopening import reopen_until
from escalation.selectors.versions import rule_version_at
from portal.accounts.actors import SUPERVISION, staff_only
from portal.acts import ActPage
from portal.once import OnceForm
from portal.staff_forms import DispatchForm, ReopenForm
from portal.supervisor.forms import EraseForm, SuperviseForm
from portal.supervisor.navigation import navigation


class SupervisorAct(ActPage):
    """One act on one case by a supervisor."""

    def show(self, form: OnceForm, **more: Any) -> HttpResponse:
        """Render the form with the room's frame around it."""
        around = {"name": words.ACTS[self.act.value], "file_url_name": "supervisor:file"}
        return super().show(form, **{**around, **navigation(self.request), **more})


def supervisor_act(view: Callable[[SupervisorAct], HttpResponse]) -> Callable[..., HttpResponse]:
    """Make an act's page of a function that is named after its act: guarded, shown by GET, carried out by POST."""

    @staff_only(SUPERVISION)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, number: str) -> HttpResponse:
        name, target = view.__name__, reverse("supervisor:case", args=[number])
        return view(SupervisorAct(request, number, f"supervisor:{name}", f"supervisor/{name}.html", target))

    return page


@supervisor_act
def dispatch(act: SupervisorAct) -> HttpResponse:
    """转办, when the window has not. What is typed into the search narrows both lists and changes no choice."""
    matter = act.page.case.matter
    build = partial(DispatchForm, proposed=matter.department_id if matter else None)
    owed = share_promises(act.page.clocks, act.page.now)
    if "look" in act.request.POST:
        return act.show(DispatchForm.narrowed(act.request.POST, build), owed=owed)
    return act.run(build, lambda form: dispatch_case(**form.given(), **act.asked(form)), owed=owed)


@supervisor_act
def supervise(act: SupervisorAct) -> HttpResponse:
    """督办: what must be done, by whom and by when."""
    return act.run(
        SuperviseForm, lambda form: supervise_case(text=form.cleaned_data["text"], **act.asked(form))
    )


@supervisor_act
def reopen(act: SupervisorAct) -> HttpResponse:
    """重新办理: until the limit with a reason alone, later only with new facts; a third time it becomes 难点."""
    case, until = act.page.case, reopen_until(act.page.case)
    return act.run(
        partial(ReopenForm, is_late=until is not None and act.page.now > until),
        lambda form: reopen_case(
            **form.given(), until=until, rule_version=rule_version_at(act.page.now), **act.asked(form)
        ),
        until=until,
        becomes_hard=case.reopenings >= REOPENINGS,
    )


@supervisor_act
def erase(act: SupervisorAct) -> HttpResponse:
    """依法删除: key and sealed rows go, the timeline stays. What is erased already leads to the page that says so."""
    if act.page.case.erased_at:
        return redirect(act.target)
    return act.run(EraseForm, lambda form: erase_case(basis=form.cleaned_data["basis"], **act.asked(form)))
