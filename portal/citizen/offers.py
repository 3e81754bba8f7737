"""What a reporter may do on a case now, until when it can be handled again, and what is asked of them first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from cases.rules import words
from cases.rules.classes import REOPENINGS, Resolution
from cases.rules.flow import Act, is_possible
from cases.rules.grants import Actor, open_acts
from cases.rules.kinds import Kind
from cases.rules.refusals import refusal
from cases.selectors.facts import own_facts
from escalation.selectors.reopening import reopen_until
from escalation.selectors.versions import InForce
from portal.citizen.progress import Status
from portal.citizen.story import Said

# The acts of a reporter, in the order offered.
ORDER = (Act.RATE, Act.REOPEN, Act.SUPPLEMENT, Act.WITHDRAW)
TOO_LATE = "网上直接重新办理的期限已经过了。有新的情况，请打电话或者到窗口告诉我们，我们为您重新办理。"


class Again(NamedTuple):
    """Whether a closed case can be handled again on this page: until when, how often it was, or why not."""

    until: datetime | None
    times: int
    refusal: str

    @property
    def nth(self) -> int:
        """Which time it would be."""
        return self.times + 1

    @property
    def most(self) -> int:
        """How often at most."""
        return REOPENINGS

    @property
    def is_open(self) -> bool:
        """It can."""
        return not self.refusal


class Offers(NamedTuple):
    """The acts that are open, and how it stands with handling again (None while the case is not closed)."""

    acts: list[Act]
    again: Again | None


def offers_for(actor: Actor, case: Any, now: datetime, versions: InForce) -> Offers:
    """What this reporter may do; no query."""
    found, again = open_acts(actor, own_facts(case)), again_for(actor, case, now, versions)
    if again and not again.is_open:
        found = [act for act in found if act is not Act.REOPEN]
    return Offers([act for act in ORDER if act in found], again)


def again_for(actor: Actor, case: Any, now: datetime, versions: InForce) -> Again | None:
    """Whether a case can be handled again; None when it is not closed, or erased."""
    facts = own_facts(case)
    if facts.is_erased or not is_possible(facts.state, Act.REOPEN):
        return None
    if Act.REOPEN not in open_acts(actor, facts):
        return Again(None, facts.reopenings, refusal(facts, Act.REOPEN))
    until = reopen_until(case, versions)
    return Again(until, facts.reopenings, TOO_LATE if until and now > until else "")


class Needed(NamedTuple):
    """What is asked of the reporter: what is so, what then, and the act that it leads to."""

    what: str
    then: str
    act: Act | None = None


def needed_of(status: Status, offers: Offers, rating: Said | None) -> Needed:
    """What the whole layer asks first: a rating, then perhaps to have it handled again; else what the status says."""
    what, then = status.needed
    if Act.RATE in offers.acts and rating:  # only after the window has mended what a bad rating was about
        mended = words.CITIZEN_KINDS[Kind.RECTIFIED.value]
        return Needed(f"{mended}，请您再评价一次：现在问题解决了吗？", "", Act.RATE)
    if Act.RATE in offers.acts:
        return Needed("请您评价：问题解决了吗？", "", Act.RATE)
    if rating and rating.resolution != Resolution.SOLVED.value and Act.REOPEN in offers.acts:
        return Needed("问题还没有全部解决。", "", Act.REOPEN)
    if rating:
        return Needed("谢谢您的评价。", "")
    if Act.SUPPLEMENT in offers.acts and not status.is_calm:
        return Needed(what, "还有没解决的，可以补充材料，也可以打电话告诉我们。")
    return Needed(what, then)
