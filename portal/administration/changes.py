"""改动: what was proposed of calendar and rules, what it would do, how far applying is, and what came of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from cases.errors import CaseError
from cases.rules.words import OBLIGATIONS
from cases.selectors.halls import active_halls
from escalation import tasks
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
    Line,
    change_of,
    changes_before,
    lines_kept,
    lines_of,
    lines_recorded,
)
from escalation.selectors.versions import in_force
from escalation.services import changes as services
from escalation.services.showing import effect_of
from escalation.services.working import is_quick, work_on
from portal.accounts.actors import SUPERVISION, actor_of, staff_only
from portal.administration.guard import READERS
from portal.administration.navigation import navigation
from portal.once import OnceForm, once

CONFLICT = 409
UNHEARD = timedelta(seconds=70)  # a worker, or whoever looks each minute, has had its time
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
    return _answer(request, pk, lambda pk, *, actor, by_name, now: services.look_again(pk, now=now))


@staff_only(READERS)
@require_safe
def change_lines(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every due moment that would move, or that a calendar has moved, as a table for spreadsheets."""
    found = _found(pk)
    if found.state == ChangeState.PROPOSED.value:
        lines = lines_of(effect_of(found, now=timezone.now()).moved)
    elif found.kind == ChangeKind.CALENDAR.value and found.version:
        lines = lines_recorded(found.version)
    else:
        raise Http404
    response = StreamingHttpResponse(_as_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="change-{pk}.csv"'
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> bytes:
        """Return the text as bytes."""
        return text.encode()


def _as_csv(lines: Iterator[Line]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield "\ufeff".encode()
    yield writer.writerow(["编号", "环节", "部门", "原到期", "新到期"])
    for line in lines:
        dues = (f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" for at in (line.old_due_at, line.new_due_at))
        yield writer.writerow([line.number, line.obligation, line.department, *dues])


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
        return _show(request, _found(pk), refused.message, CONFLICT)
    set_going(pk)
    return redirect(target)


def set_going(pk: int) -> None:
    """Do at once what is little; tell a worker of what is much."""
    if _is_working(_found(pk)):
        if is_quick(timezone.now()):
            work_on(pk, clock=timezone.now)
        else:
            tasks.tell(pk)


def _is_working(found: Change) -> bool:
    """Whether something is to be done about it by the portal, not by a person."""
    unseen = found.state == ChangeState.PROPOSED.value and found.previewed_at is None
    return unseen or found.state == ChangeState.APPLYING.value


def _show(request: HttpRequest, found: Change, problem: str = "", status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    is_working = _is_working(found)
    numbers = found.counts if found.state == ChangeState.APPLIED.value else found.preview or {}
    waits = found.state == ChangeState.PROPOSED.value
    context = {
        "change": found,
        "kind": KINDS[found.kind],
        "state": STATES[found.state],
        "is_calendar": found.kind == ChangeKind.CALENDAR.value,
        "is_working": is_working,
        "unheard": is_working and now - _last_sign(found) > UNHEARD,
        "counts": numbers,
        "by_obligation": _by_obligation(numbers),
        "said": (found.preview or {}) if found.state == ChangeState.APPLIED.value else {},
        "lines": [] if is_working else lines_kept(found),
        "simulation": _simulation(found),
        "may_confirm": waits and services.may_confirm(found, actor),
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


def _last_sign(found: Change) -> datetime:
    moments = (found.worked_at, found.began_at, found.approved_at, found.proposed_at)
    return max(moment for moment in moments if moment is not None)


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


def _content(found: Change) -> dict[str, Any]:
    """What the change says that the version before it does not, and whether it has been overtaken."""
    halls = {hall.pk: hall.name for hall in active_halls()}
    if found.kind == ChangeKind.CALENDAR.value:
        after = from_json(found.document)
        overtaken = found.state == ChangeState.PROPOSED.value and current_number() != after.number
        rows = calendar_differences(content_of(after.number), after, halls)
        return {"differences": rows, "overtaken": overtaken}
    package = parse_package(found.document)
    before = in_force().rulebook.version(package.version - 1)
    return {
        "differences": rule_differences(before, package),
        "old": f"第 {before.version} 版",
        "new": f"第 {package.version} 版",
        "effective_from": package.effective_from,
        "caption": "规则的差别",
    }
