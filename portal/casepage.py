"""The staff case page, put together once for all three staff rooms: what the actor sees, and what they can do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from cases.models import Case
from cases.rules import words
from cases.rules.facts import CaseFacts
from cases.rules.flow import CREATION, ENDED, MOVES, Act, State
from cases.rules.grants import Actor, granted, open_acts
from cases.rules.refusals import refusal
from cases.selectors.cases import case_for
from cases.selectors.content import FileLine, MaskedPerson, Text, files_for, masked_people, texts_for
from cases.selectors.facts import facts_of
from cases.selectors.queues import ShareLine, shares_of
from cases.selectors.ratings import RatingLine, ratings_of
from cases.selectors.timelines import Line, lines_for
from escalation.rules.explain import ExplainStep
from escalation.rules.obligations import Obligation
from escalation.selectors.cards import CardView, cards_of
from escalation.selectors.clocks import ClockView, case_clocks, explain_due

# The letter that does each act on a case page.
KEYS: Mapping[Act, str] = {
    Act.ACCEPT: "A",
    Act.REDIRECT: "R",
    Act.RESOLVE: "X",
    Act.DISPATCH: "Z",
    Act.SIGN: "A",
    Act.CONTACT: "L",
    Act.ANSWER: "Y",
    Act.CARRY: "Y",
    Act.SEND_BACK: "T",
    Act.PUBLISH: "P",
    Act.CLOSE: "B",
    Act.CALL_BACK: "H",
    Act.REOPEN: "C",
    Act.SUPPLEMENT: "S",
    Act.WITHDRAW: "W",
    Act.SUPERVISE: "U",
    Act.CONTACT_RATER: "L",
    Act.RECTIFY: "G",
    Act.ERASE: "D",
}

# Recorded by services alone so far: their pages come with what must be asked for and decided (申请审批).
WITHOUT_PAGE = frozenset(
    {
        Act.SUSPEND,
        Act.RENEW,
        Act.RESUME,
        Act.EXTEND,
        Act.RECLASSIFY,
        Act.REDISPATCH,
        Act.CALL_MEETING,
        Act.HOLD_MEETING,
        Act.FILE_MINUTES,
    }
)

# Which clock runs until an act is done: its due moment stands beside the act.
OWED: Mapping[Act, Obligation] = {
    Act.ACCEPT: Obligation.ACCEPTANCE,
    Act.DISPATCH: Obligation.DISPATCH,
    Act.SIGN: Obligation.SIGN,
    Act.CONTACT: Obligation.CONTACT,
    Act.ANSWER: Obligation.ANSWER,
    Act.PUBLISH: Obligation.CHECK,
    Act.CLOSE: Obligation.CASE,
    Act.CALL_BACK: Obligation.CALL_BACK,
    Act.CONTACT_RATER: Obligation.RATING_CONTACT,
    Act.RECTIFY: Obligation.RECTIFY,
}

# What only some cases ever need: never shown as something to come.
AT_TIMES = frozenset({Act.CARRY, Act.CONTACT_RATER, Act.RECTIFY})
# What is always possible beside the next step, and what cannot be taken back: shown after the others, less loudly.
ASIDE = frozenset({Act.SUPPLEMENT, Act.WITHDRAW, Act.REOPEN, Act.SUPERVISE, Act.ERASE})


@dataclass(frozen=True)
class Offer:
    """An act as the panel 现在可以做 shows it: open with its due moment if it has one, or closed with the reason."""

    act: Act
    label: str
    key: str
    reason: str = ""
    due: ClockView | None = None

    @property
    def is_aside(self) -> bool:
        """Whether it stands beside the next step: always possible, or not to be taken back."""
        return self.act in ASIDE


class Ticket(NamedTuple):
    """One department's part in a case as a page shows it (承办任务): progress, own clocks, own cards."""

    share: ShareLine
    clocks: list[ClockView]
    cards: list[CardView]

    @property
    def due(self) -> ClockView | None:
        """The clock that runs out first, or the last that ran."""
        running = [clock for clock in self.clocks if clock.is_running]
        return min(running, key=lambda clock: clock.due_at, default=None) or next(reversed(self.clocks), None)


@dataclass(frozen=True)
class CasePage:
    """All that a staff page shows of one case."""

    case: Case
    state: str
    people: list[MaskedPerson]
    texts: list[Text]
    files: list[FileLine]
    shares: list[ShareLine]
    lines: list[Line]
    clocks: list[ClockView]
    due: ClockView | None
    why: list[ExplainStep]
    offers: list[Offer]
    facts: CaseFacts
    cards: list[CardView]
    ratings: list[RatingLine]
    now: datetime

    def refusal_of(self, act: Act) -> str:
        """Why the act cannot be done now, empty when it can."""
        is_open = any(offer.act is act and not offer.reason for offer in self.offers)
        return "" if is_open else refusal(self.facts, act)

    def running(self, obligation: Obligation) -> ClockView | None:
        """The clock of an obligation that runs now: of several shares' the first to run out."""
        return _running(obligation, self.clocks)

    @property
    def clock_rows(self) -> list[tuple[ClockView, str]]:
        """Each clock with the department that owes it, empty for those of the case."""
        names = {share.id: share.department for share in self.shares}
        return [(clock, names.get(clock.share_id, "")) for clock in self.clocks]

    @cached_property
    def tickets(self) -> list[Ticket]:
        """Each department's part with its own clocks and cards, lead first."""
        return [
            Ticket(
                share,
                [clock for clock in self.clocks if clock.share_id == share.id],
                [card for card in self.cards if card.share_id == share.id],
            )
            for share in self.shares
        ]

    @property
    def title(self) -> str:
        """What the case is about, for headings: the matter, or the first words."""
        return self.case.matter.name if self.case.matter_id else "事项待确定"

    @property
    def statement(self) -> str:
        """What the reporter wrote, empty after an erasure."""
        return next((text.body for text in self.texts if text.purpose == "statement"), "")

    @property
    def first_person(self) -> str:
        """Who dealt with it at the first window, if the reporter could say."""
        return next((text.body for text in self.texts if text.purpose == "first_person"), "")

    @property
    def written(self) -> list[Text]:
        """Everything written after the statement."""
        return [text for text in self.texts if text.purpose not in ("statement", "first_person")]


def case_page(actor: Actor, number: str, now: datetime) -> CasePage:
    """Fetch one case as this actor sees it. Errors: CaseNotFoundError, for hidden and missing alike."""
    case = case_for(actor, number)
    clocks = case_clocks([case.pk], now)[case.pk]
    due, shares = _heading_clock(clocks), shares_of(case.pk)
    facts = facts_of(case, shares)
    return CasePage(
        case=case,
        state=words.STATES[case.state],
        people=masked_people([case.pk])[case.pk],
        texts=texts_for(actor, case),
        files=files_for(actor, case),
        shares=shares,
        lines=lines_for(actor, case.pk),
        clocks=clocks,
        due=due,
        why=explain_due(case.pk, due, clocks) if due else [],
        offers=offers_for(actor, facts, clocks),
        facts=facts,
        cards=cards_of(case.pk),
        ratings=ratings_of(case.pk),
        now=now,
    )


def _heading_clock(clocks: Sequence[ClockView]) -> ClockView | None:
    """The clock beside the title: the whole case's while it runs, else the first to run out, else the last that ran."""
    own = [clock for clock in clocks if clock.share_id is None]
    running = [clock for clock in own if clock.is_running]
    whole = [clock for clock in running if clock.obligation is Obligation.CASE]
    return min(whole or running, key=lambda clock: clock.due_at, default=None) or next(reversed(own), None)


def offers_for(actor: Actor, facts: CaseFacts, clocks: Sequence[ClockView] = ()) -> list[Offer]:
    """The acts of this actor's posts: those possible now, and the later ones with the reason why not yet."""
    now_open = [act for act in open_acts(actor, facts) if act not in WITHOUT_PAGE]
    offers = [
        Offer(act, words.ACTS[act.value], KEYS[act], due=_running(OWED.get(act), clocks)) for act in now_open
    ]
    for act in Act:
        if act in CREATION or act in now_open or act in WITHOUT_PAGE or not granted(actor, act, facts):
            continue
        reason = _closed_reason(act, facts)
        if reason:
            offers.append(Offer(act, words.ACTS[act.value], KEYS[act], reason))
    return sorted(offers, key=lambda offer: (bool(offer.reason), offer.is_aside))


def _running(obligation: Obligation | None, clocks: Sequence[ClockView]) -> ClockView | None:
    found = (clock for clock in clocks if clock.is_running and clock.obligation is obligation)
    return min(found, key=lambda clock: clock.due_at, default=None)


def _closed_reason(act: Act, facts: CaseFacts) -> str:
    """Why an act of the usual way is not possible yet; acts behind the case and those beside the way are left out."""
    order = list(State)
    ahead = [source for source in MOVES[act].sources if order.index(source) > order.index(facts.state)]
    if not ahead or act in ASIDE or act in AT_TIMES or facts.state in ENDED:
        return ""
    return f"现在不能：要等到“{words.STATES[min(ahead, key=order.index).value]}”"
