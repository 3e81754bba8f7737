"""The notices of the reader's posts (通知): a list, opening one, marking all as read.

Looking at the list changes nothing: a notice is read when its button has led to the case, or by 全部标为已读. The button is
a form, for a link must not write; beside it the case's number stays a plain link, which may be opened in another tab and
leaves the notice as it is. Marking twice is marking once, so these forms need no key of their own.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from escalation.selectors.notices import notices_page
from escalation.services.notices import mark_read
from portal.accounts.actors import DEPARTMENT, SUPERVISION, WINDOW, actor_of, staff_only
from portal.accounts.rooms import other_rooms, room_of
from portal.paging import row_id_of

READERS = WINDOW | DEPARTMENT | SUPERVISION


def _room(request: HttpRequest) -> str:
    """The namespace of the room in which this reader opens cases."""
    return (room_of(actor_of(request).roles) or "").partition(":")[0]


@staff_only(READERS)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest notices first, each leading to its case in the reader's own room; 历史补录 is a list of its own."""
    actor, historical = actor_of(request), "historical" in request.GET
    found = notices_page(actor, row_id_of(request.GET.get("before", "")), historical=historical)
    context: dict[str, Any] = {
        "notices": found.rows,
        "end": found.next_before,
        "first": "before" not in request.GET,
        "historical": historical,
        "room": _room(request),
        "nav": other_rooms(actor.roles, ""),
    }
    return render(request, "notices/inbox.html", context)


@staff_only(READERS)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark all as read (全部标为已读)."""
    mark_read(actor=actor_of(request), now=timezone.now())
    return redirect("notices:inbox")


@staff_only(READERS)
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the case of a notice and mark the notice as read; whoever does not see the case gets a 404 there."""
    try:
        target = reverse(f"{_room(request)}:case", args=[request.POST.get("number", "")])
    except NoReverseMatch:
        raise Http404 from None
    mark_read(actor=actor_of(request), notice_ids=[pk], now=timezone.now())
    return redirect(target)
