"""The department's own cards (牌): the list, and one with its evidence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.accounts.actors import DEPARTMENT, staff_only
from portal.cards import card_on, cards_on
from portal.desk.navigation import navigation


@staff_only(DEPARTMENT)
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """The cards given to the department, those issued last first."""
    return cards_on(request, "desk/cards.html", **navigation(request, "cards"))


@staff_only(DEPARTMENT)
@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card of the department: what it rests on, day by day, and whether it comes out the same again."""
    return card_on(request, pk, "desk/card.html", **navigation(request, "cards"))
