"""Cards (牌) as pages show them: of a case, of a unit, one with its reckoning, and whether it can be computed again.

On a case's page everybody who sees the case sees its cards: callers pass ids that they have fetched for their actor. Lists and
single cards are narrowed here: supervisors see all, a department and a hall those given to themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from cases.rules import words
from cases.rules.flow import OPEN
from cases.rules.grants import SEES, Actor, HeldPost, Reach
from escalation.errors import CardNotFoundError
from escalation.models import Card
from escalation.rules.cards import NUMBERED
from escalation.rules.explain import ExplainStep
from escalation.selectors.recomputing import folded_again

# A card counts while its case is open, has not been taken up again since, and no red has replaced it.
LIVE = Q(
    case__state__in=[state.value for state in OPEN],
    reopenings=F("case__reopenings"),
    superseded_by__isnull=True,
)
A_MOMENT = timedelta(minutes=5)  # a sweep comes each minute: what it finds later than this was found late


class CardView(NamedTuple):
    """One card as pages show it; `steps` explain its due moment day by day, on the page of one card only."""

    id: int
    case_id: int
    number: str
    place: str
    colour: str
    signal: str
    obligation: str
    obligation_label: str
    share_id: int | None
    unit: str
    department_id: int | None
    hall_id: int | None
    at: datetime
    recorded_at: datetime
    label: str
    points: int
    counted: bool
    is_late_entry: bool
    superseded_by: int | None
    evidence: dict[str, Any]
    steps: tuple[ExplainStep, ...] = ()


class CardSlice(NamedTuple):
    """A page of cards, the newest first, and the id after which the next page starts (None at the end)."""

    rows: list[CardView]
    next_before: int | None


def cards_of(case_id: int) -> list[CardView]:
    """The cards of a case, the newest instant first; one query."""
    return cards_of_cases([case_id])[case_id]


def cards_of_cases(case_ids: Collection[int]) -> dict[int, list[CardView]]:
    """The cards of each case, the newest instant first; one query."""
    return _by_case(case_ids, _shown())


def live_cards_of(case_ids: Collection[int]) -> dict[int, list[CardView]]:
    """The live cards of each case, the newest instant first; one query."""
    return _by_case(case_ids, _shown().filter(LIVE))


def _by_case(case_ids: Collection[int], cards: QuerySet[Card]) -> dict[int, list[CardView]]:
    found: dict[int, list[CardView]] = {case_id: [] for case_id in case_ids}
    for card in cards.filter(case_id__in=found).order_by("-at", "-pk"):
        found[card.case_id].append(_view(card))
    return found


class LiveCount(NamedTuple):
    """How many live cards of a colour a unit has; `department_id` is None for a hall."""

    colour: str
    department_id: int | None
    number: int


def live_counts(actor: Actor) -> list[LiveCount]:
    """Count live yellow and red cards by colour and department, as far as the actor may see them; one query."""
    found = (
        _seen_by(actor).filter(LIVE).filter(colour__in=sorted(NUMBERED)).order_by("colour", "department_id")
    )
    return [LiveCount(*row) for row in found.values_list("colour", "department_id").annotate(Count("pk"))]


def cards_page(
    actor: Actor,
    colour: str | None = None,
    department_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
    *,
    live: bool = False,
) -> CardSlice:
    """Cards that the actor may see, those issued last first, by keyset on the id; with `live` only live ones; one query."""
    found = _seen_by(actor)
    found = found.filter(LIVE) if live else found
    found = found.filter(colour=colour) if colour else found
    found = found.filter(department_id=department_id) if department_id is not None else found
    found = found.filter(pk__lt=before) if before is not None else found
    cards = list(found.order_by("-pk")[: limit + 1])
    rows = [_view(card) for card in cards[:limit]]
    return CardSlice(rows, rows[-1].id if len(cards) > limit else None)


def card_for(actor: Actor, card_id: int) -> CardView:
    """One card with its reckoning. Errors: CardNotFoundError, for a hidden card as for a missing one."""
    card = _seen_by(actor).filter(pk=card_id).first()
    if card is None:
        raise CardNotFoundError
    return _view(card)._replace(steps=tuple(folded_again(card).steps))


class Recomputed(NamedTuple):
    """Whether a card comes out the same when its case is folded again, and what differs: name → (then, now)."""

    same: bool
    differences: dict[str, tuple[object, object]]


def recomputed(card_id: int) -> Recomputed:
    """Compute a card's evidence again from the timeline, under the rules and calendars that it names; five queries.

    It differs when something was entered later that was true at its instant (补录), or when data were spoilt.
    """
    card = Card.objects.filter(pk=card_id).first()
    if card is None:
        raise CardNotFoundError
    then, now = card.evidence, folded_again(card).evidence
    names = sorted(then.keys() | now.keys())
    differences = {n: (then.get(n), now.get(n)) for n in names if then.get(n) != now.get(n)}
    return Recomputed(not differences, differences)


def card_label(colour: str, year: int | None, number: int | None) -> str:
    """Return how a card is cited: 〔2026〕黄第3号, or 蓝色提示 for one without a number."""
    name = words.COLOURS[colour]
    return f"〔{year}〕{name[0]}第{number}号" if number is not None else name


def _shown() -> QuerySet[Card]:
    return Card.objects.select_related("case", "department", "hall", "superseded_by")


def _seen_by(actor: Actor) -> QuerySet[Card]:
    reached = [_reached(post) for post in actor.posts]
    return _shown() if Q() in reached else _shown().filter(reduce(or_, reached, Q(pk__in=[])))


def _reached(post: HeldPost) -> Q:
    """What one post sees: the register belongs to supervision, a unit's own cards to the unit, none to citizens."""
    match SEES[post.role]:
        case Reach.ALL:
            return Q()
        case Reach.DEPARTMENT if post.department_id is not None:
            return Q(department_id=post.department_id)
        case Reach.HALL if post.hall_id is not None:
            return Q(hall_id=post.hall_id)
    return Q(pk__in=[])


def _view(card: Card) -> CardView:
    unit = card.department or card.hall
    superseded_by = getattr(card, "superseded_by", None)
    return CardView(
        card.pk,
        card.case_id,
        card.case.number,
        card.case.place,
        card.colour,
        card.signal,
        card.obligation,
        words.OBLIGATIONS[card.obligation],
        card.share_id,
        unit.name,
        card.department_id,
        card.hall_id,
        card.at,
        card.recorded_at,
        card_label(card.colour, card.year, card.number),
        card.points,
        card.counted,
        card.recorded_at - card.at > A_MOMENT,
        superseded_by.pk if superseded_by else None,
        card.evidence,
    )
