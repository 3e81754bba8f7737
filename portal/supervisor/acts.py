"""The supervisors' acts: dispatching when the window has not, and erasing by law."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.services.erasing import erase_case
from cases.services.handling import dispatch_case
from portal.accounts.actors import SUPERVISION, staff_only
from portal.acts import ActPage
from portal.staff_forms import DispatchForm
from portal.supervisor.forms import EraseForm
from portal.supervisor.navigation import navigation

FORM_METHODS = ["GET", "POST"]


def _act(request: HttpRequest, number: str, name: str) -> ActPage:
    target = reverse("supervisor:case", args=[number])
    return ActPage(request, number, f"supervisor:{name}", f"supervisor/{name}.html", target)


@staff_only(SUPERVISION)
@require_http_methods(FORM_METHODS)
def dispatch(request: HttpRequest, number: str) -> HttpResponse:
    """转办, when the window has not. What is typed into the search narrows the list of departments."""
    act, extra = (
        _act(request, number, "dispatch"),
        {**navigation(request), "file_url_name": "supervisor:file"},
    )
    matter = act.page.case.matter
    build = partial(DispatchForm, proposed=matter.department_id if matter else None)
    if request.method == "GET":
        return act.show(build(initial={"version": act.page.case.version}), **extra)
    if "look" in request.POST:
        return act.show(DispatchForm.narrowed(request.POST, build), **extra)
    form = build(request.POST)
    return act.carry_out(
        form,
        lambda: dispatch_case(
            number=number,
            department_id=int(form.cleaned_data["department"]),
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )


@staff_only(SUPERVISION)
@require_http_methods(FORM_METHODS)
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """依法删除: key and sealed rows go, the timeline stays. What is erased already leads to the page that says so."""
    act, extra = _act(request, number, "erase"), {**navigation(request), "file_url_name": "supervisor:file"}
    if act.page.case.erased_at:
        return redirect(act.target)
    if request.method == "GET":
        return act.show(EraseForm(initial={"version": act.page.case.version}), **extra)
    form = EraseForm(request.POST)
    return act.carry_out(
        form,
        lambda: erase_case(
            number=number,
            basis=form.cleaned_data["basis"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )
