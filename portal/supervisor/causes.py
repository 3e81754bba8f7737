"""等省里的事: the list of outside causes (外部原因), which the bureau can print and take along, and one cause with its cases."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.rules.grants import Role
from cases.selectors.causes import (
    CauseLine,
    cause_with,
    causes_page,
    members_of,
    pending_count,
    reviews_of,
)
from escalation.selectors.pauses import days_lost, days_since, review_due
from escalation.selectors.versions import InForce, in_force
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.paging import row_id_of
from portal.supervisor.cause_forms import PressForm
from portal.supervisor.navigation import navigation


class CauseRow(NamedTuple):
    """A cause as the list and its page show it: how many working days it has lasted, and cost all cases together."""

    line: CauseLine
    lasted: int
    lost: int
    review_on: date | None
    stands: str  # new, paused, lapsed, ended
    is_review_late: bool


def row_of(line: CauseLine, now: datetime, versions: InForce) -> CauseRow:
    """Count what a cause has cost, without a query."""
    cause, today = line.cause, timezone.localdate(now)
    until = timezone.localdate(cause.ended_at) if cause.ended_at else today
    review_on = None
    if cause.reviewed_at and not cause.ended_at:
        review_on = review_due(cause.reviewed_at, now, versions)
    return CauseRow(
        line,
        days_since(cause.since, until, versions),
        sum(days_lost(line.spans, today, versions)),
        review_on,
        _stands(line, today),
        review_on is not None and review_on < today,
    )


def _stands(line: CauseLine, today: date) -> str:
    cause = line.cause
    if cause.ended_at:
        return "ended"
    if not cause.approved_at:
        return "new"
    return "lapsed" if cause.planned_end < today else "paused"


def may_decide(request: HttpRequest) -> bool:
    """Whether the person decides about causes, or only reads."""
    return Role.SUPERVISOR in actor_of(request).roles


def cause_or_404(pk: int) -> CauseLine:
    """The cause of a page, with its figures."""
    line = cause_with(pk)
    if line is None:
        raise Http404
    return line


@staff_only(SUPERVISION)
@require_safe
def causes(request: HttpRequest) -> HttpResponse:
    """What is waited for, the newest first; with `?ended=1` what is over."""
    now, versions, ended = timezone.now(), in_force(), request.GET.get("ended") == "1"
    lines, after = causes_page(ended=ended, before=row_id_of(request.GET.get("before", "")))
    rows = [row_of(line, now, versions) for line in lines]
    context = {
        "rows": rows,
        "ended": ended,
        "next": after,
        "now": now,
        "cases": sum(row.line.cases for row in rows),
        "lost": sum(row.lost for row in rows),
        "may_decide": may_decide(request),
        **navigation(request, "causes"),
    }
    return render(request, "supervisor/causes.html", context)


@staff_only(SUPERVISION)
@require_safe
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """One cause: what is known, how far the last decision has been carried out, which cases wait, each look at it.

    While a decision is being carried out, the part with the cases is asked for anew.
    """
    context = cause_context(request, cause_or_404(pk))
    if request.headers.get("HX-Request") == "true":
        return render(request, "supervisor/_cause_cases.html", context)
    return render(request, "supervisor/cause.html", {**context, **navigation(request, "causes")})


def cause_context(request: HttpRequest, line: CauseLine) -> dict[str, Any]:
    """What the page of one cause shows."""
    now, versions, found = timezone.now(), in_force(), line.cause
    problems = request.GET.get("problems") == "1"
    after = row_id_of(request.GET.get("after", ""))
    members, more = members_of(actor_of(request), found, after=after or 0, problems=problems)
    return {
        "row": row_of(line, now, versions),
        "cause": found,
        "members": [(member, uuid.uuid4()) for member in members],  # each press has a key of its own
        "next": more,
        "after": after,
        "problems": problems,
        "pending": pending_count(found),
        "reviews": reviews_of(found),
        "press": PressForm(initial={"version": found.revision}),
        "may_decide": may_decide(request),
    }
