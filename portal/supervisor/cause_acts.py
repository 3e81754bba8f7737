"""What the 专员 does about an outside cause (外部原因): record, let cases join, approve, review, end. One press for all its cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.errors import BadInputError, CaseError, NotAllowedError, StaleScreenError
from cases.rules import numbering
from cases.selectors.causes import candidates, waited_choices
from cases.services import causes as services
from cases.services.waiting import AT_ONCE, carry_out
from escalation.selectors.pauses import latest_end
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.acts import CONFLICT, UNPROCESSABLE
from portal.once import OnceForm, already_done, once
from portal.paging import row_id_of
from portal.supervisor.cause_forms import ApproveForm, EndForm, JoinForm, PressForm, RecordForm, ReviewForm
from portal.supervisor.causes import cause_context, cause_or_404, may_decide
from portal.supervisor.navigation import navigation

JUST_DECIDED = "别人刚刚对这个外部原因作了决定，请先看最新情况。您填的内容已保留，请核对后再提交。"
MOST_TYPED = 2000  # characters of numbers
METHODS = require_http_methods(["GET", "HEAD", "POST"])


class CauseAct:
    """One form about one cause, or about a new one: shown, carried out once, every refusal told with what was typed."""

    def __init__(self, request: HttpRequest, route: str, pk: int | None = None) -> None:
        self.request, self.route, self.pk = request, route, pk
        self.actor, self.now = actor_of(request), timezone.now()
        self.line = cause_or_404(pk) if pk is not None else None

    @property
    def cause(self) -> Any:
        """The cause as it stands."""
        return self.line.cause if self.line else None

    @property
    def revision(self) -> int:
        """How many decisions there are about it."""
        return self.line.cause.revision if self.line else 0

    def run(
        self, form_class: Callable[..., OnceForm], act: Callable[[OnceForm], int], **initial: Any
    ) -> HttpResponse:
        """Show the form, or carry it out; `act` returns the id of the cause to go to."""
        if self.request.method != "POST":
            return self.show(form_class(initial={"version": self.revision, **initial}))
        return self.carry_out(form_class(self.request.POST), act)

    def carry_out(self, form: OnceForm, act: Callable[[OnceForm], int]) -> HttpResponse:
        """Do it once; then deal with the first cases while the person waits, the rest is the worker's."""
        if not may_decide(self.request):
            return self.show(form, problem=NotAllowedError.message, status=CONFLICT)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        key = form.cleaned_data["idem"]
        if done := already_done(self.request, self.route, key):
            return redirect(done)
        try:
            response = once(self.request, self.route, key, lambda: _page_of(act(form)))
        except StaleScreenError as stale:
            form.data = form.data.copy()
            form.data["version"] = str(stale.version)
            return self.show(form, problem=JUST_DECIDED, status=CONFLICT)
        except BadInputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.show(form, status=UNPROCESSABLE)
        except CaseError as error:
            return self.show(form, problem=error.message, status=CONFLICT)
        if self.pk is not None:
            carry_out(clock=timezone.now, cause_id=self.pk, limit=AT_ONCE)
        return response

    def show(self, form: OnceForm, *, problem: str = "", status: int = 200, **more: Any) -> HttpResponse:
        """Render the form, named after its view."""
        context = {
            "form": form,
            "problem": problem,
            "cause": self.cause,
            "line": self.line,
            "may_decide": may_decide(self.request),
            **more,
            **navigation(self.request, "causes"),
        }
        return render(self.request, f"{self.route.replace(':', '/')}.html", context, status=status)


def _page_of(pk: int) -> str:
    return reverse("supervisor:cause", args=[pk])


@staff_only(SUPERVISION)
@METHODS
def cause_new(request: HttpRequest) -> HttpResponse:
    """登记外部原因."""
    act = CauseAct(request, "supervisor:cause_new")

    def record(form: RecordForm) -> int:
        return services.record_cause(form.record(), actor=act.actor, now=timezone.now()).pk

    return act.run(RecordForm, record)


@staff_only(SUPERVISION)
@METHODS
def cause_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """批准: the time of all its cases stands still from a given moment."""
    act = CauseAct(request, "supervisor:cause_approve", pk)

    def approve(form: ApproveForm) -> int:
        begins: datetime = form.cleaned_data["paused_from"]
        last = latest_end(max(timezone.localdate(begins), act.cause.since), act.now)
        asked = {"actor": act.actor, "now": timezone.now(), "seen": form.cleaned_data["version"]}
        services.approve_cause(pk, paused_from=begins, latest_end=last, **asked)
        return pk

    return act.run(ApproveForm, approve, paused_from=act.now)


@staff_only(SUPERVISION)
@METHODS
def cause_review(request: HttpRequest, pk: int) -> HttpResponse:
    """复核: what was learnt; longer, if needed, for all its cases at once."""
    act = CauseAct(request, "supervisor:cause_review", pk)
    last = latest_end(timezone.localdate(act.now), act.now)

    def review(form: ReviewForm) -> int:
        asked = {"actor": act.actor, "now": timezone.now(), "seen": form.cleaned_data["version"]}
        given = {name: form.cleaned_data[name] for name in ("learnt", "planned_end")}
        services.review_cause(pk, **given, latest_end=last, **asked)
        return pk

    return act.run(ReviewForm, review)


@staff_only(SUPERVISION)
@METHODS
def cause_end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束: the time of all its cases runs again."""
    act = CauseAct(request, "supervisor:cause_end", pk)

    def end(form: EndForm) -> int:
        asked = {"actor": act.actor, "now": timezone.now(), "seen": form.cleaned_data["version"]}
        given = {name: form.cleaned_data[name] for name in ("ended_at", "ending")}
        services.end_cause(pk, **given, **asked)
        return pk

    return act.run(EndForm, end, ended_at=act.now)


class JoinAct(CauseAct):
    """Cases that could join, found by number, matter or the department that is waited for, each with a box to tick."""

    def look(self) -> dict[str, Any]:
        """What is asked for, and what was found."""
        asked = self.request.GET
        matters, departments = waited_choices()
        numbers, unread = _numbers(asked.get("numbers", ""))
        matter_id = _chosen(asked.get("matter", ""), matters)
        department_id = _chosen(asked.get("department", ""), departments)
        is_asked = bool(numbers or unread or matter_id or department_id)
        found = None
        if numbers or matter_id or department_id:
            found = candidates(
                self.actor,
                self.cause,
                numbers=numbers,
                matter_id=matter_id,
                department_id=department_id,
                before=row_id_of(asked.get("before", "")),
            )
        query = asked.copy()
        query.pop("before", None)
        return {
            "matters": matters,
            "departments": departments,
            "matter_id": matter_id,
            "department_id": department_id,
            "numbers": asked.get("numbers", "")[:MOST_TYPED],
            "unread": unread,
            "missing": sorted(set(numbers) - {row.number for row in found.rows}) if found and numbers else [],
            "rows": found.rows if found else [],
            "next": found.next_before if found else None,
            "query": query.urlencode(),
            "is_asked": is_asked,
        }

    def show(self, form: OnceForm, *, problem: str = "", status: int = 200, **more: Any) -> HttpResponse:
        """The list stands below what was asked for; what was ticked stays ticked."""
        chosen = set(form.data.getlist("cases")) if form.is_bound else set()
        return super().show(form, problem=problem, status=status, chosen=chosen, **self.look(), **more)


@staff_only(SUPERVISION)
@METHODS
def cause_join(request: HttpRequest, pk: int) -> HttpResponse:
    """加入: tick cases of a list. What is asked for stands in the address, what is ticked in the form."""
    act = JoinAct(request, "supervisor:cause_join", pk)

    def join(form: JoinForm) -> int:
        services.join_cases(pk, form.cleaned_data["cases"], actor=act.actor, now=timezone.now())
        return pk

    return act.run(JoinForm, join)


@staff_only(SUPERVISION)
@require_POST
def cause_again(request: HttpRequest, pk: int) -> HttpResponse:
    """再试一次 with the cases that could not follow."""
    return _pressed(
        request,
        pk,
        "supervisor:cause_again",
        lambda form, act: services.try_again(pk, actor=act.actor, now=act.now),
    )


@staff_only(SUPERVISION)
@require_POST
def cause_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """不再等: one case alone goes on."""
    return _pressed(
        request,
        pk,
        "supervisor:cause_leave",
        lambda form, act: services.leave_cause(
            pk, form.cleaned_data["case"] or 0, actor=act.actor, now=act.now
        ),
    )


class _Press(CauseAct):
    """A press on the cause's own page, where every refusal is told."""

    def show(self, form: OnceForm, *, problem: str = "", status: int = 200, **more: Any) -> HttpResponse:
        """The page of the cause with the sentence above it."""
        line = cause_or_404(self.pk or 0)
        context = {
            **cause_context(self.request, line),
            **navigation(self.request, "causes"),
            "problem": problem or "没有收到完整的内容，请再按一次。",
        }
        return render(self.request, "supervisor/cause.html", context, status=status)


def _pressed(
    request: HttpRequest, pk: int, route: str, do: Callable[[OnceForm, CauseAct], Any]
) -> HttpResponse:
    act = _Press(request, route, pk)

    def press(form: OnceForm) -> int:
        do(form, act)
        return pk

    return act.carry_out(PressForm(request.POST), press)


def _numbers(text: str) -> tuple[list[str], list[str]]:
    """Case numbers out of what was typed or pasted, one a line or between commas, and the pieces that are none."""
    numbers, unread = [], []
    for piece in filter(str.strip, re.split(r"[\n,，、;；]", text[:MOST_TYPED])):
        try:
            digits = numbering.parse(piece)
        except numbering.NumberError:
            digits = None
        (numbers if digits else unread).append(digits or piece.strip()[:30])
    return numbers, unread


def _chosen(text: str, choices: list[tuple[int, str]]) -> int | None:
    return next((pk for pk, _ in choices if str(pk) == text), None)
