"""牌待定: cards that a change of calendar or rules puts in question, each decided with a reason by a supervisor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.errors import BadInputError, CaseError, NotAllowedError
from escalation.rules.changes import Decision
from escalation.selectors.doubts import DoubtView, doubt_of
from escalation.selectors.doubts import doubts as doubts_found
from escalation.selectors.standing import standings
from escalation.services.doubts import DECIDERS, LONGEST, decide_doubt
from portal.accounts.actors import ADMINISTRATION, SUPERVISION, actor_of, staff_only
from portal.once import OnceForm, already_done, once
from portal.supervisor.navigation import navigation

UNPROCESSABLE, CONFLICT = 422, 409
MOST_DIGITS = 9


class DoubtForm(OnceForm):
    """What is thought of the card, and why."""

    decision = forms.ChoiceField(
        label="决定",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个决定。", "invalid_choice": "请选一个决定。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=LONGEST,
        help_text="不要写反映人的姓名、电话等个人信息",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写理由。", "max_length": f"理由最多 {LONGEST} 个字。"},
    )

    def __init__(self, *args: Any, doubt: DoubtView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = doubt.choices


@staff_only(SUPERVISION)
@require_safe
def doubts(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; with `?done=1` the decided ones, the newest first; of one change with `?change=`."""
    decided, change_id = request.GET.get("done") == "1", _id(request.GET.get("change", ""))
    after = _id(request.GET.get("after", ""))
    found = doubts_found(decided=decided, change_id=change_id, after=after)
    stand = {} if decided else standings(found.rows, timezone.now())
    context = {
        "rows": [(row, stand.get(row.id)) for row in found.rows],
        "next_after": found.next_after,
        "first": after is None,
        "decided": decided,
        "change_id": change_id,
        "sees_changes": _sees_changes(request),
        **navigation(request, "doubts"),
    }
    return render(request, "supervisor/doubts.html", context)


@staff_only(SUPERVISION)
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """One card in question with both reckonings; supervisors decide."""
    found = doubt_of(pk)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show(request, found, DoubtForm(doubt=found))
    form, route = DoubtForm(request.POST, doubt=found), f"supervisor:doubt:{pk}"
    if not form.is_valid():
        return _show(request, found, form, UNPROCESSABLE)
    data = form.cleaned_data
    if found.decided_at is not None and not already_done(request, route, data["idem"]):
        return _show(request, found, form, CONFLICT)

    def act() -> str:
        decide_doubt(
            pk,
            decision=Decision(data["decision"]),
            reason=data["reason"],
            actor=actor_of(request),
            by_name=request.user.get_full_name(),
            now=timezone.now(),
        )
        return reverse("supervisor:doubts")

    try:
        return once(request, route, data["idem"], act)
    except BadInputError as refused:
        form.add_error(refused.field, refused.message)
        return _show(request, found, form, UNPROCESSABLE)
    except NotAllowedError:
        raise PermissionDenied from None
    except CaseError as refused:
        form.add_error(None, refused.message)
        return _show(request, doubt_of(pk) or found, form, CONFLICT)


def _show(request: HttpRequest, found: DoubtView, form: DoubtForm, status: int = 200) -> HttpResponse:
    is_decided = found.decided_at is not None
    context = {
        "doubt": found,
        "standing": None if is_decided else standings([found], timezone.now())[found.id],
        "form": form,
        "may_decide": bool(actor_of(request).roles & DECIDERS) and not is_decided,
        "overtaken": form.is_bound and is_decided,
        "sees_changes": _sees_changes(request),
        **navigation(request, "doubts"),
    }
    return render(request, "supervisor/doubt.html", context, status=status)


def _sees_changes(request: HttpRequest) -> bool:
    """Whether the page of a change is open to them: a follower reads the cards in question alone."""
    return bool(actor_of(request).roles & ADMINISTRATION)


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
