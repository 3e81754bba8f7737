"""The inbox (我的收件箱), signing what is ticked in it, and the page that says what came of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.errors import BusyError, CaseError
from cases.rules.flow import Act
from cases.rules.grants import DOES
from cases.selectors.queues import rows_by_id
from cases.selectors.shares import own_shares
from cases.services.handling import sign_share
from escalation.selectors.clocks import share_dues
from escalation.selectors.inbox import inbox as inbox_of
from escalation.selectors.inbox import inbox_tab
from portal.accounts.actors import DEPARTMENT, actor_of, staff_only
from portal.acts import CONFLICT, UNPROCESSABLE
from portal.desk.navigation import TABS, navigation
from portal.once import OnceForm, already_done, once
from portal.paging import place_of, place_text

ROUTE, KEPT = "desk:sign_all", "signed"
MOST = 50  # as many as a page of the inbox holds


def _inbox_page(
    request: HttpRequest,
    form: OnceForm,
    *,
    problem: str = "",
    ticked: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """One tab; after a press that could not be carried out, with the reason and everything still ticked."""
    key = request.GET.get("tab", "")
    key = key if key in TABS else "waiting"
    tab, actor, now = TABS[key], actor_of(request), timezone.now()
    after = place_of(request.GET.get("after", ""))
    found = (
        inbox_tab(actor, now, tab.of, after=after)
        if tab.of
        else inbox_of(actor, now, answered=False, after=after)
    )
    may_sign = bool(actor.roles & DOES[Act.SIGN])
    context: dict[str, Any] = {
        "tasks": found.tasks,
        "end": place_text(found.end),
        "first": "after" not in request.GET,
        "key": key,
        "tab": tab,
        "form": form,
        "problem": problem,
        "ticked": ticked,
        "may_act": may_sign,
        "to_sign": may_sign and any(not (task.signed_at or task.answered_at) for task in found.tasks),
        **navigation(request, key),
    }
    return render(request, "desk/inbox.html", context, status=status)


@staff_only(DEPARTMENT)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What the department holds, one tab at a time: the most urgent first, or those answered, the newest first."""
    return _inbox_page(request, OnceForm())


@staff_only(DEPARTMENT)
@require_POST
def sign_all(request: HttpRequest) -> HttpResponse:
    """Sign for what is ticked, or for the one row whose button was pressed: each by its own act, all by one press.

    What one refusal says stops no other; the page that follows tells both, however often the button was pressed.
    """
    form, numbers = OnceForm(request.POST), _chosen(request)
    if not form.is_valid() or not numbers:
        return _inbox_page(request, OnceForm(), problem="请先勾选要签收的事项。", status=UNPROCESSABLE)
    key = form.cleaned_data["idem"]
    done = already_done(request, ROUTE, key)
    if done:
        return redirect(done)
    try:
        return once(request, ROUTE, key, lambda: _sign(request, numbers))
    except BusyError as busy:
        return _inbox_page(request, form, problem=busy.message, ticked=numbers, status=CONFLICT)


def _chosen(request: HttpRequest) -> list[str]:
    only = request.POST.getlist("only")
    return sorted(set(only or request.POST.getlist("number")))[:MOST]


def _sign(request: HttpRequest, numbers: Collection[str]) -> str:
    """Sign one after the other, in the order of their numbers as everybody locks them; returns where it is told.

    The outcome is written to the session in the same transaction: a second press finds what the first one did.
    """
    actor, now = actor_of(request), timezone.now()
    signed: list[int] = []
    refused: list[tuple[str, str]] = []
    for number in numbers:
        try:
            signed.append(sign_share(number=number, actor=actor, now=now).pk)
        except CaseError as error:
            refused.append((number, error.message))
    if len(numbers) == 1 and signed:
        return reverse("desk:case", args=[*numbers])
    request.session[KEPT] = {"signed": signed, "refused": refused}
    request.session.save()
    return reverse("desk:signed")


@staff_only(DEPARTMENT)
@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """What the last press signed for, with what comes next for each, and what it could not sign for and why."""
    kept = request.session.get(KEPT, {"signed": [], "refused": []})
    actor, now = actor_of(request), timezone.now()
    shares = list(own_shares(actor).filter(case_id__in=kept["signed"]).order_by("case_id"))
    rows = rows_by_id(actor, [share.case_id for share in shares])
    dues = share_dues([share.pk for share in shares], now)
    context = {
        "rows": [(rows[s.case_id], s, dues.get(s.pk)) for s in shares if s.case_id in rows],
        "refused": kept["refused"],
        **navigation(request),
    }
    return render(request, "desk/signed.html", context)
