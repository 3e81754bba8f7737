"""A case and its departments, as the window sees to it: dispatched, asked to answer again, the answer published."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cases.errors import CaseNotFoundError
from cases.selectors.cases import case_for
from cases.services.closing import publish_reply
from cases.services.handling import carry_answer, dispatch_case
from cases.services.handling import send_back as send_back_share
from escalation.selectors.promises import share_promises
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.counter.acts import WindowAct, act_on, window_act
from portal.counter.answer_forms import CarryForm, PublishForm, SendBackForm
from portal.counter.answers import ANSWER_TEXTS, answers_of, check_clock, without
from portal.staff_forms import DispatchForm


@window_act
def dispatch(act: WindowAct) -> HttpResponse:
    """转办. What is typed into the search narrows both lists of departments and changes no choice."""
    matter = act.page.case.matter
    build = partial(DispatchForm, proposed=matter.department_id if matter else None)
    owed = share_promises(act.page.clocks, act.page.now)
    if "look" in act.request.POST:
        return act.show(DispatchForm.narrowed(act.request.POST, build), owed=owed)
    return act.run(build, lambda form: dispatch_case(**form.given(), **act.asked(form)), owed=owed)


@window_act
def carry(act: WindowAct) -> HttpResponse:
    """代录答复: what a unit without account has told the window."""
    units = [share for share in act.page.shares if not share.has_account]
    waiting = [share for share in units if share.answered_at is None]
    return act.run(  # once all are answered the form still takes them, and the service says what happened meanwhile
        partial(CarryForm, shares=waiting or units),
        lambda form: carry_answer(**form.given(), **act.asked(form)),
    )


@window_act
def send_back(act: WindowAct) -> HttpResponse:
    """请部门重新答复: which department, and what its answer lacks."""
    answers = answers_of(act.page)
    return act.run(
        partial(SendBackForm, answers=answers),
        lambda form: send_back_share(**form.given(), **act.asked(form)),
        answers=answers,
        rest=without(act.page, *ANSWER_TEXTS),
    )


@staff_only(WINDOW)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """答复反映人. The preview beside the text is what the reporter will see."""
    if request.htmx and "preview" in request.POST:
        return _preview(request, number)
    act = act_on(request, number, "publish")
    answers = answers_of(act.page)
    rest = without(act.page, *ANSWER_TEXTS)
    more = {"answers": answers, "check": check_clock(act.page), "rest": rest}
    if "preview" in request.POST:
        return act.show(PublishForm(initial=request.POST.dict()), **more)
    return act.run(
        PublishForm,
        lambda form: publish_reply(text=form.cleaned_data["text"], **act.asked(form)),
        initial={"text": answers[0].text if answers else ""},
        **more,
    )


def _preview(request: HttpRequest, number: str) -> HttpResponse:
    """Only the preview, while the text is being typed: one query, for the sight of the case."""
    try:
        case_for(actor_of(request), number)
    except CaseNotFoundError:
        raise Http404 from None
    return render(request, "counter/_preview.html", {"text": request.POST.get("text", "")})
