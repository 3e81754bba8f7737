"""改动: what was proposed of calendar and rules, what it would do, how far applying is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from cases.errors import CaseError, NotAllowedError
from cases.rules.words import OBLIGATIONS
from cases.selectors.halls import active_halls
from escalation.models import Change
from escalation.rules.calendar import CalendarError
from escalation.rules.changes import KINDS, STATES, ChangeKind, ChangeState
from escalation.rules.contents import from_json
from escalation.rules.differences import differences as calendar_differences
from escalation.rules.hours import CHINA
from escalation.rules.limits import parse_package
from escalation.rules.sentences import differences as rule_differences
from escalation.selectors.calendars import content_of, current_number
from escalation.selectors.changes import (
    PAGE,
    SHOWN,
    change_of,
    changes_before,
    lines_kept,
)
from escalation.selectors.condition import halted_change
from escalation.selectors.versions import in_force
from escalation.services import changes as services
from escalation.services.packages import check_approvable
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.administration.change_lines import has_file
from portal.administration.going import is_unheard, is_working, set_going
from portal.administration.guard import READERS
from portal.administration.navigation import navigation
from portal.once import OnceForm, once

CONFLICT, FORBIDDEN = 409, 403
MOST_DIGITS = 9


@staff_only(READERS)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """All changes, the newest first: what waits for a decision stands out."""
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
    rows = changes_before(before)
    context = {
        "rows": [(change, KINDS[change.kind], STATES[change.state]) for change in rows[:PAGE]],
        "next_before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "first": before is None,
        "halted": halted_change(timezone.now()),
        **navigation(request, "changes"),
    }
    return render(request, "administration/changes.html", context)


@staff_only(READERS)
@require_safe
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what it says, what it does, and what may be done about it. The part that moves is asked for anew."""
    return _show(request, _found(pk))


@staff_only(READERS)
@require_POST
def change_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a calendar, approve a rule package: it is saved as a version, and its batch begins."""
    return _answer(request, pk, services.confirm)


@staff_only(READERS)
@require_POST
def change_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a proposal up."""
    return _answer(request, pk, services.drop)


@staff_only(READERS)
@require_POST
def change_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Work the effect out anew: cases have gone on since."""
    return _answer(
        request, pk, lambda pk, *, actor, by_name, now: services.look_again(pk, actor=actor, now=now)
    )


def _found(pk: int) -> Change:
    found = change_of(pk)
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, pk: int, do: Callable[..., Any]) -> HttpResponse:
    """Do one thing to a proposal, once for each form; what is refused is said on its page."""
    form = OnceForm(request.POST)
    if not form.is_valid():
        return _show(request, _found(pk), "请再按一次。", CONFLICT)
    target = reverse("administration:change", args=[pk])

    def act() -> str:
        do(pk, actor=actor_of(request), by_name=request.user.get_full_name(), now=timezone.now())
        return target

    try:
        once(
            request, f"administration:{request.resolver_match.url_name}:{pk}", form.cleaned_data["idem"], act
        )
    except CalendarError as refused:
        return _show(request, _found(pk), str(refused), CONFLICT)
    except CaseError as refused:
        status = FORBIDDEN if isinstance(refused, NotAllowedError) else CONFLICT
        return _show(request, _found(pk), refused.message, status)
    set_going(pk)
    return redirect(target)


def _show(request: HttpRequest, found: Change, problem: str = "", status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    works, overtaken = is_working(found), _overtaken(found, now)
    numbers = found.counts if found.state == ChangeState.APPLIED.value else found.preview or {}
    waits = found.state == ChangeState.PROPOSED.value
    context = {
        "change": found,
        "kind": KINDS[found.kind],
        "state": STATES[found.state],
        "is_calendar": found.kind == ChangeKind.CALENDAR.value,
        "is_working": works,
        "unheard": is_unheard(found, now),
        "overtaken": overtaken,
        "counts": numbers,
        "by_obligation": _by_obligation(numbers),
        "said": (found.preview or {}) if found.state == ChangeState.APPLIED.value else {},
        "lines": [] if works else list(lines_kept(found, SHOWN)),
        "has_file": has_file(found),
        "in_file": len((found.preview or {}).get("lines", [])),
        "simulation": _simulation(found),
        "may_confirm": waits and not overtaken and services.may_confirm(found, actor),
        "may_drop": waits and services.may_drop(found, actor),
        "sees_cases": bool(actor.roles & SUPERVISION),
        "form": OnceForm(),
        "problem": problem,
    }
    if request.htmx:
        response = render(request, "administration/_change.html", context, status=status)
    else:
        more = {**_content(found), **navigation(request, "changes")}
        response = render(request, "administration/change.html", {**context, **more}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _by_obligation(numbers: dict[str, Any]) -> list[tuple[str, int]]:
    """How many clocks of each obligation move, in the order of the glossary."""
    found = numbers.get("by_obligation", {})
    return [(label, found[name]) for name, label in OBLIGATIONS.items() if found.get(name)]


def _simulation(found: Change) -> dict[str, Any] | None:
    """The cards of the last 90 days under both packages, ready for a table."""
    told = (found.preview or {}).get("simulation")
    if not told:
        return None
    rows = [
        (colour, told["present"][colour], told["proposed"][colour]) for colour in ("blue", "yellow", "red")
    ]
    return {**told, "rows": rows}


def _overtaken(found: Change, now: datetime) -> str:
    """Why a proposal cannot be confirmed any more; empty while it can."""
    if found.state != ChangeState.PROPOSED.value:
        return ""
    if found.kind == ChangeKind.CALENDAR.value:
        is_old = current_number() != from_json(found.document).number
        return "提出以后，工作日历已经更新。请按现在的日历重新录入，再放弃这一份。" if is_old else ""
    try:
        check_approvable(found.document, today=now.astimezone(CHINA).date())
    except CalendarError as refused:
        return f"这一份不能再批准：{refused}"
    return ""


def _content(found: Change) -> dict[str, Any]:
    """What the change says that the version before it does not."""
    if found.kind == ChangeKind.CALENDAR.value:
        halls = {hall.pk: hall.name for hall in active_halls()}
        after = from_json(found.document)
        is_saved = after.number == found.version  # adopted as it stood, not proposed
        before = content_of(after.number - 1 if is_saved else after.number)
        return {"differences": calendar_differences(before, after, halls)}
    package = parse_package(found.document)
    old = in_force().rulebook.version(package.version - 1)
    return {
        "differences": rule_differences(old, package),
        "old": f"第 {old.version} 版",
        "new": f"第 {package.version} 版",
        "effective_from": package.effective_from,
        "caption": "规则的差别",
    }
