"""The window's acts on a case, one page each: show the form, or carry it out."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.rules import scope
from cases.rules.classes import WINDOW_SETS, Difficulty, Outcome, Recurrence
from cases.services import handling, intake
from escalation.selectors.promises import promises
from escalation.selectors.versions import rule_version_at
from portal.accounts.actors import WINDOW, staff_only
from portal.acts import ActPage
from portal.counter.forms import AcceptForm, CloseForm, PublishForm, RedirectForm
from portal.counter.navigation import navigation
from portal.staff_forms import DispatchForm

FORM_METHODS = ["GET", "POST"]


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
    build = partial(AcceptForm, limits=limits, has_matter=case.matter_id is not None)
    extra = navigation(request)
    if request.method == "GET":
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
    """转其他渠道."""
    act, extra = _act(request, number, "redirect"), {"reasons": scope.REASONS, **navigation(request)}
    if request.method == "GET":
        return act.show(RedirectForm(initial={"version": act.page.case.version}), **extra)
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
    """转办."""
    act, extra = _act(request, number, "dispatch"), navigation(request)
    matter = act.page.case.matter
    build = partial(DispatchForm, proposed=matter.department_id if matter else None)
    if request.method == "GET":
        return act.show(build(initial={"version": act.page.case.version}), **extra)
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
    """答复反映人."""
    act, extra = _act(request, number, "publish"), navigation(request)
    if request.method == "GET":
        answers = [text.body for text in act.page.texts if text.purpose == "answer"]
        first = {"version": act.page.case.version, "text": "\n\n".join(answers)}
        return act.show(PublishForm(initial=first), **extra)
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


@staff_only(WINDOW)
@require_http_methods(FORM_METHODS)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """办结."""
    act, extra = _act(request, number, "close"), navigation(request)
    if request.method == "GET":
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
