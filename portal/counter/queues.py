"""The queue of the hall, earliest due first, with the one thing to do next; and finding a case."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.rules import numbering
from cases.rules.flow import Act, State
from cases.selectors.lookup import found_by
from cases.selectors.queues import Row, rows_by_id
from cases.selectors.today import today
from escalation.selectors.cards import CardView, cards_of_cases
from escalation.selectors.clocks import ClockView, case_clocks
from escalation.selectors.queues import DueRow, Place, clock_shown, due_queue, ended_queue
from portal.accounts.actors import WINDOW, actor_of, staff_only
from portal.casepage import KEYS
from portal.counter.navigation import AFTERWARDS, ENDED_STATES, ENDED_TAB, NEXT, TABS, TURN, navigation
from portal.paging import place_of, place_text


class Listed(NamedTuple):
    """A case in a list of the window: its clock, the cards that count, and the act that the window owes, if any."""

    row: Row
    due: ClockView | None
    cards: list[CardView]
    turn: Act | None

    @property
    def key(self) -> str:
        """The letter that leads to the act."""
        return KEYS[self.turn] if self.turn else ""


COLOURS = ("red", "yellow", "blue")  # the gravest first


def listed(found: DueRow) -> Listed:
    """Say what the window owes of a row, and its gravest cards: one of a colour, reminders only where nothing is worse."""
    turn = None if found.row.erased else TURN.get(found.row.state) or _afterwards(found)
    by_colour = {card.colour: card for card in found.cards if not card.superseded_by}
    cards = [by_colour[colour] for colour in COLOURS if colour in by_colour]
    worse = [card for card in cards if card.colour != COLOURS[-1]]
    return Listed(found.row, found.due, worse or cards, turn)


def _afterwards(found: DueRow) -> Act | None:
    """What is owed after the closing; a case without a clock (its fold failed) is called back."""
    if found.row.state is not State.CLOSED:
        return None
    if found.due is None:
        return Act.CALL_BACK
    return AFTERWARDS.get(found.due.obligation) if found.due.is_running else None


@staff_only(WINDOW)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits at the hall, a page of fifty; what has ended, newest first."""
    key = request.GET.get("tab", "")
    key = key if key in {*TABS, "ended"} else "filed"
    tab, after, now = TABS.get(key, ENDED_TAB), place_of(request.GET.get("after", "")), timezone.now()
    actor = actor_of(request)
    place = Place(*after) if after else None
    found = (
        ended_queue(actor, ENDED_STATES, now, after=place, next_in=NEXT)
        if tab is ENDED_TAB
        else due_queue(actor, tab.waiting, now, clocks=tab.clocks, after=place, next_in=NEXT)
    )
    context = {
        "rows": [listed(row) for row in found.rows],
        "end": place_text(found.end),
        "next": found.next and listed(found.next),
        "tab": key,
        "label": tab.label,
        "empty": tab.empty,
        "today": today(actor, timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)),
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
    clocks, cards = case_clocks(ids, timezone.now()), cards_of_cases(ids)
    context = {
        "rows": [listed(DueRow(rows[pk], clock_shown(clocks[pk]), cards[pk])) for pk in ids if pk in rows],
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
