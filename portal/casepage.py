"""The staff case page, put together once for all three staff rooms: what the actor sees, and what they can do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cases.models import Case
from cases.rules import words
from cases.rules.flow import CREATION, MOVES, Act, State
from cases.rules.grants import Actor, CaseFacts, granted, open_acts
from cases.rules.kinds import Kind
from cases.selectors.cases import case_for
from cases.selectors.content import FileLine, MaskedPerson, Text, files_for, masked_people, texts_for
from cases.selectors.facts import facts_of
from cases.selectors.queues import ShareLine, shares_of
from cases.selectors.timelines import Line, Since, lines_for, since_version
from escalation.rules.explain import ExplainStep
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView, case_clocks, explain_due

# The letter that does each act on a case page.
KEYS: Mapping[Act, str] = {
    Act.ACCEPT: "A",
    Act.REDIRECT: "R",
    Act.DISPATCH: "Z",
    Act.ANSWER: "Y",
    Act.PUBLISH: "P",
    Act.CLOSE: "B",
    Act.ERASE: "D",
}


# Which clock runs until an act is done: its due moment stands beside the act.
OWED: Mapping[Act, Obligation] = {
    Act.ACCEPT: Obligation.ACCEPTANCE,
    Act.DISPATCH: Obligation.DISPATCH,
    Act.ANSWER: Obligation.ANSWER,
    Act.PUBLISH: Obligation.CASE,
    Act.CLOSE: Obligation.CASE,
}


@dataclass(frozen=True)
class Offer:
    """An act as the panel 现在可以做 shows it: open with its due moment if it has one, or closed with the reason."""

    act: Act
    label: str
    key: str
    reason: str = ""
    due: ClockView | None = None


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
    now: datetime

    def refusal_of(self, act: Act) -> str:
        """Why the act cannot be done now, empty when it can."""
        if any(offer.act is act and not offer.reason for offer in self.offers):
            return ""
        return f"这件事现在是“{self.state}”，不能{words.ACTS[act.value]}。"

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
    due = next((clock for clock in reversed(clocks) if clock.share_id is None and clock.is_running), None)
    due = due or next((clock for clock in reversed(clocks) if clock.share_id is None), None)
    return CasePage(
        case=case,
        state=words.STATES[case.state],
        people=masked_people([case.pk])[case.pk],
        texts=texts_for(actor, case),
        files=files_for(actor, case),
        shares=shares_of(case.pk),
        lines=lines_for(actor, case.pk),
        clocks=clocks,
        due=due,
        why=explain_due(case.pk, due) if due else [],
        offers=offers_for(actor, facts_of(case), clocks),
        now=now,
    )


def offers_for(actor: Actor, facts: CaseFacts, clocks: Sequence[ClockView] = ()) -> list[Offer]:
    """The acts of this actor's posts: those possible now, and the later ones with the reason why not yet."""
    now_open = open_acts(actor, facts)
    offers = [Offer(act, words.ACTS[act.value], KEYS[act], due=_owed(act, clocks)) for act in now_open]
    for act in Act:
        if act in CREATION or act in now_open or not granted(actor, act, facts):
            continue
        reason = _closed_reason(act, facts.state)
        if reason:
            offers.append(Offer(act, words.ACTS[act.value], KEYS[act], reason))
    return offers


def _owed(act: Act, clocks: Sequence[ClockView]) -> ClockView | None:
    owed = (clock for clock in clocks if clock.is_running and clock.obligation is OWED.get(act))
    return min(owed, key=lambda clock: clock.due_at, default=None)


def _closed_reason(act: Act, state: State) -> str:
    """Why an act is not possible yet; acts that are behind the case are left out."""
    order = list(State)
    ahead = [source for source in MOVES[act].sources if order.index(source) > order.index(state)]
    if not ahead or act is Act.ERASE:
        return ""
    return f"现在不能：要等到“{words.STATES[min(ahead, key=order.index).value]}”"


# Kinds whose word takes the case as its object: 已受理此件, but 已答复反映人.
TRANSITIVE = frozenset({Kind.ACCEPTED, Kind.DISPATCHED, Kind.CLOSED})
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Conflict:
    """What others did since the form was rendered, for the page that keeps both texts.

    `happened` has a sentence for each step, `written` what they wrote meanwhile, `version` the case as it is now.
    """

    happened: list[str]
    written: list[Text]
    version: int


def conflict_of(actor: Actor, number: str, seen_version: int, now: datetime) -> Conflict:
    """Say who did what after `seen_version`, and what they wrote."""
    case = case_for(actor, number)
    steps = [step for step in since_version(actor, case.pk, seen_version) if step.actor_name]
    written = [text for text in texts_for(actor, case) if text.version > seen_version]
    return Conflict([_told(step, now) for step in steps], written, case.version)


def _told(step: Since, now: datetime) -> str:
    """同事 贺文静 刚刚（14:02）已受理此件。"""
    at = timezone.localtime(step.recorded_at)
    if now - step.recorded_at <= JUST_NOW:
        when = f"刚刚（{at:%H:%M}）"
    elif at.date() == timezone.localdate(now):
        when = f"今天 {at:%H:%M} "
    else:
        when = f"{at.month}月{at.day}日 {at:%H:%M} "
    this = "此件" if step.kind in TRANSITIVE else ""
    return f"同事 {step.actor_name} {when}{words.KINDS[step.kind.value]}{this}。"
