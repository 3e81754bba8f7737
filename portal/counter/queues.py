"""The queue of the hall, earliest due first, with the one thing to do next; and finding a case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.rules import numbering, words
from cases.selectors.lookup import found_by
from cases.selectors.queues import rows_by_id
from escalation.selectors.clocks import case_clocks
from escalation.selectors.queues import DueRow, Place, clock_shown, due_queue
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.counter.navigation import ENDED_TAB, TABS, TURN, navigation
from portal.paging import place_of, place_text


@staff_only(WINDOW)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits at the hall, a page of fifty; what has ended, newest first."""
    key = request.GET.get("tab", "")
    key = key if key in {*TABS, "ended"} else "filed"
    tab, after = TABS.get(key, ENDED_TAB), place_of(request.GET.get("after", ""))
    found = due_queue(
        actor_of(request),
        tab.states,
        timezone.now(),
        after=Place(*after) if after else None,
        next_in=TURN,
        newest_first=tab is ENDED_TAB,
    )
    context = {
        "rows": found.rows,
        "end": place_text(found.end),
        "next": found.next,
        "turn": found.next and TURN[found.next.row.state],
        "turn_label": found.next and words.ACTS[TURN[found.next.row.state].value],
        "tab": key,
        "label": tab.label,
        "empty": tab.empty,
        **navigation(request, key),
    }
    return render(request, "counter/queue.html", context)


@staff_only(WINDOW)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find by number, telephone, last four digits, name or pinyin initials. By POST: no number stands in an address."""
    text = request.POST.get("q", "").strip()
    actor = actor_of(request)
    ids = found_by(actor, text) if text else []
    rows = rows_by_id(actor, ids)
    if len(ids) == 1 and ids[0] in rows:
        return redirect("counter:case", rows[ids[0]].number)
    clocks = case_clocks(ids, timezone.now())
    context = {
        "rows": [DueRow(rows[pk], clock_shown(clocks[pk])) for pk in ids if pk in rows],
        "q": text,
        "problem": _mistyped(text),
        **navigation(request),
    }
    return render(request, "counter/find.html", context)


def _mistyped(text: str) -> str:
    """What is wrong with a case number, when it is one."""
    try:
        numbering.parse(text)
    except numbering.NumberError as error:
        return str(error)
    return ""
