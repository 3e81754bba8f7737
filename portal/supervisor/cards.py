"""The register of cards (牌) and one card with its evidence, for supervisors, leaders and discipline viewers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cases.selectors.departments import department_choices
from escalation.selectors.cards import CardView, cards_of
from escalation.selectors.notices import told_of
from portal.accounts.actors import SUPERVISION, staff_only
from portal.cards import card_on, cards_on
from portal.supervisor.navigation import navigation


@staff_only(SUPERVISION)
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """All cards, those issued last first; one colour or one department with `?colour=` and `?department=`.

    With `?live=1` only those that count now (在办事项的牌), as the board's numbers do.
    """
    departments = department_choices()
    chosen = request.GET.get("department", "")
    department_id = next((pk for pk, _ in departments if str(pk) == chosen), None)
    live = request.GET.get("live") == "1"
    more = {"department_id": department_id, "departments": departments, "live": live}
    return cards_on(request, "supervisor/cards.html", **more, **navigation(request, "cards"))


@staff_only(SUPERVISION)
@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: what it rests on, day by day, whom it was told to, and whether it comes out the same again."""
    return card_on(request, pk, "supervisor/card.html", _beside, **navigation(request, "cards"))


def _beside(card: CardView) -> dict[str, Any]:
    """Whom the card was told to; the yellow that it replaces, and the red that replaces it. Two queries."""
    others = cards_of(card.case_id)
    return {
        "told": told_of(card.id),
        "replaced": next((one for one in others if one.superseded_by == card.id), None),
        "red": next((one for one in others if one.id == card.superseded_by), None),
    }
