"""The window's acts on a case, one page each: show the form, or carry it out."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.errors import CaseNotFoundError
from cases.rules.classes import WINDOW_SETS, Difficulty, Outcome, Recurrence
from cases.selectors.cases import case_for
from cases.services import handling, intake
from escalation.selectors.promises import promises
from escalation.selectors.versions import rule_version_at
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.acts import ActPage
from portal.counter.forms import AcceptForm, CloseForm, PublishForm, RedirectForm
from portal.counter.navigation import navigation
from portal.staff_forms import DispatchForm

FORM_METHODS = ["GET", "HEAD", "POST"]


def _act(request: HttpRequest, number: str, name: str) -> ActPage:
    target = reverse("counter:case", args=[number])
    return ActPage(request, number, f"counter:{name}", f"counter/{name}.html", target)


@staff_only(WINDOW)
@require_http_methods(FORM_METHODS)
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """受理."""
    act, now = _act(request, number, "accept"), timezone.now()
    case = act.page.case
    limits = promises(case.hall_id, WINDOW_SETS, now)
    has_matter = case.matter_id is not None
    build = partial(AcceptForm, limits=limits, has_matter=has_matter, statement=act.page.statement)
    extra = navigation(request)
    if request.method != "POST":
        return act.show(build(initial={"version": case.version}), **extra)
    form = build(request.POST)
    return act.carry_out(
        form,
        lambda: intake.accept_case(
            number=number,
            difficulty=Difficulty(form.cleaned_data["difficulty"]),
            matter_id=int(form.cleaned_data.get("matter") or 0) or None,
            rule_version=rule_version_at(now),
            actor=act.actor,
            now=now,
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )


@staff_only(WINDOW)
@require_http_methods(FORM_METHODS)
def redirect(request: HttpRequest, number: str) -> HttpResponse:
    """转其他渠道. Choosing a reason fills in its standard words, which the clerk may edit."""
    act, extra = _act(request, number, "redirect"), navigation(request)
    if request.method != "POST":
        return act.show(RedirectForm(initial={"version": act.page.case.version}), **extra)
    if "fill" in request.POST:
        return act.show(RedirectForm.filled(request.POST), **extra)
    form = RedirectForm(request.POST)
    return act.carry_out(
        form,
        lambda: intake.redirect_case(
            number=number,
            reason=form.cleaned_data["reason"],
            explanation=form.cleaned_data["explanation"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )


@staff_only(WINDOW)
@require_http_methods(FORM_METHODS)
def dispatch(request: HttpRequest, number: str) -> HttpResponse:
    """转办. What is typed into the search narrows the list of departments."""
    act, extra = _act(request, number, "dispatch"), navigation(request)
    matter = act.page.case.matter
    build = partial(DispatchForm, proposed=matter.department_id if matter else None)
    if request.method != "POST":
        return act.show(build(initial={"version": act.page.case.version}), **extra)
    if "look" in request.POST:
        return act.show(DispatchForm.narrowed(request.POST, build), **extra)
    form = build(request.POST)
    return act.carry_out(
        form,
        lambda: handling.dispatch_case(
            number=number,
            department_id=int(form.cleaned_data["department"]),
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )


@staff_only(WINDOW)
@require_http_methods(FORM_METHODS)
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """答复反映人. The preview beside the text is what the reporter will see."""
    if request.htmx and "preview" in request.POST:
        return _preview(request, number)
    act, extra = _act(request, number, "publish"), navigation(request)
    if request.method != "POST":
        return act.show(PublishForm(initial=_answered(act)), **extra)
    if "preview" in request.POST:
        return act.show(PublishForm(initial=request.POST.dict()), **extra)
    form = PublishForm(request.POST)
    return act.carry_out(
        form,
        lambda: handling.publish_reply(
            number=number,
            text=form.cleaned_data["text"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )


def _preview(request: HttpRequest, number: str) -> HttpResponse:
    """Only the preview, while the text is being typed: one query, for the sight of the case."""
    try:
        case_for(actor_of(request), number)
    except CaseNotFoundError:
        raise Http404 from None
    return render(request, "counter/_preview.html", {"text": request.POST.get("text", "")})


def _answered(act: ActPage) -> dict[str, Any]:
    """The department's words, from which the reply is written."""
    answers = [text.body for text in act.page.texts if text.purpose == "answer"]
    return {"version": act.page.case.version, "text": "\n\n".join(answers)}


@staff_only(WINDOW)
@require_http_methods(FORM_METHODS)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """办结."""
    act, extra = _act(request, number, "close"), navigation(request)
    if request.method != "POST":
        return act.show(CloseForm(initial={"version": act.page.case.version}), **extra)
    form = CloseForm(request.POST)
    return act.carry_out(
        form,
        lambda: handling.close_case(
            number=number,
            outcome=Outcome(form.cleaned_data["outcome"]),
            evidence=form.cleaned_data["evidence"],
            recurrence=Recurrence(form.cleaned_data["recurrence"]),
            recurrence_note=form.cleaned_data["recurrence_note"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )
