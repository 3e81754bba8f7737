"""Cards (牌) on pages, for all staff rooms that have a register of them: the list, one card, its evidence in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cases.rules import words
from escalation.errors import CardNotFoundError
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.explain import day_text, moment_text
from escalation.selectors.cards import CardView, card_for, cards_page, recomputed
from portal.accounts.actors import actor_of
from portal.paging import row_id_of


class Fact(NamedTuple):
    """One thing that a card rests on, as a page says it."""

    label: str
    text: str


class Difference(NamedTuple):
    """A fact that comes out otherwise when the card is computed again."""

    label: str
    then: str
    now: str


def cards_on(request: HttpRequest, template: str, **more: Any) -> HttpResponse:
    """Render the register: the cards that the actor may see, narrowed by `?colour=`, those issued last first.

    `more` may bring `department_id` and `live` to narrow it further; everything in it reaches the template.
    """
    colour = request.GET.get("colour", "")
    colour = colour if colour in words.COLOURS else ""
    found = cards_page(
        actor_of(request),
        colour=colour or None,
        department_id=more.get("department_id"),
        before=row_id_of(request.GET.get("before", "")),
        live=bool(more.get("live")),
    )
    context = {
        "cards": found.rows,
        "end": found.next_before,
        "first": "before" not in request.GET,
        "colour": colour,
        "colours": [("", "全部"), *words.COLOURS.items()],
        **more,
    }
    return render(request, template, context)


def card_on(
    request: HttpRequest,
    card_id: int,
    template: str,
    beside: Callable[[CardView], Mapping[str, Any]] = lambda card: {},
    **more: Any,
) -> HttpResponse:
    """Render one card with its evidence, or 404. `?again=1` computes it anew (重新计算) and changes nothing.

    `beside` says what else a room shows of the card.
    """
    try:
        card = card_for(actor_of(request), card_id)
    except CardNotFoundError:
        raise Http404 from None
    context: dict[str, Any] = {"card": card, "facts": facts_of(card.evidence), "recomputed": None}
    if "again" in request.GET:
        again = recomputed(card.id)
        context |= {"recomputed": again, "differences": differences_of(card, again.differences)}
    return render(request, template, {**context, **beside(card), **more})


def facts_of(evidence: Mapping[str, Any]) -> list[Fact]:
    """What a card rests on, in the order in which a person asks: what was owed, since when, until when, how long over."""
    rows = [
        ("环节", words.OBLIGATIONS.get(evidence["obligation"], evidence["obligation"])),
        ("时限", Limit(Unit(evidence["limit"]["unit"]), evidence["limit"]["amount"]).text),
        ("从什么时候开始", _moment(evidence["started_at"])),
        ("计时的当日", _day_zero(evidence)),
        ("到期", _moment(evidence["due_at"]) + ("（暂定）" if evidence["provisional"] else "")),
        ("亮牌时刻", _moment(evidence["instant"])),
        ("当时", words.SIGNALS[evidence["signal"]] + _over(evidence["days_over"])),
        ("首次从轻", _forgiven(evidence["first_lateness"])),
        ("视为受理", "是，登记后没有按时决定是否受理" if evidence["deemed"] else ""),
        (
            "依据的版本",
            f"规则第 {evidence['rule_version']} 版，工作日历第 {evidence['calendar_version']} 版",
        ),
    ]
    return [Fact(label, text) for label, text in rows if text]


def differences_of(card: CardView, found: Mapping[str, tuple[object, object]]) -> list[Difference]:
    """What comes out otherwise, in the words of the facts; what no fact speaks of stands under its own name."""
    anew = {**card.evidence, **{name: now for name, (_, now) in found.items()}}
    if None in (anew.get("started_at"), anew.get("due_at"), anew.get("limit")):
        return [Difference("这张牌", "已记录", "现在算不出来")] if found else []
    then, now = dict(facts_of(card.evidence)), dict(facts_of(anew))
    told = [
        Difference(label, then.get(label, "没有"), now.get(label, "没有"))
        for label in {**then, **now}
        if then.get(label) != now.get(label)
    ]
    return told or [Difference(name, str(was), str(is_now)) for name, (was, is_now) in found.items()]


def _moment(text: str) -> str:
    return moment_text(datetime.fromisoformat(text))


def _day_zero(evidence: Mapping[str, Any]) -> str:
    """Only working days have a day that does not count; hours run from the moment itself."""
    if evidence["limit"]["unit"] != Unit.DAYS.value:
        return ""
    return day_text(date.fromisoformat(evidence["counted_from"])) + "，当日不计"


def _over(days: int) -> str:
    return f"，到期后第 {days} 个工作日" if days else ""


def _forgiven(is_first: bool | None) -> str:
    """Only signing and first contact are forgiven the first time; None for all else."""
    if is_first is None:
        return ""
    return "近期第一次，只提示，不给黄牌" if is_first else "近期已有过，不再从轻"
