"""The call-back (回访) as its page shows it: whom to call, what was answered, the attempts so far, and when it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cases.rules.classes import CALL_ATTEMPTS, CALL_DAYS
from cases.rules.coordination import is_tried_enough
from cases.rules.grants import Actor
from cases.rules.kinds import Kind
from cases.selectors.content import ClearPerson
from cases.selectors.timelines import Line
from cases.services.revealing import reveal_contact
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView
from portal.casepage import CasePage
from portal.counter.acts import WindowAct

ENDS = frozenset({Kind.CLOSED, Kind.RESOLVED})


@dataclass(frozen=True)
class Call:
    """What a clerk needs beside the telephone."""

    due: ClockView | None
    reply: str
    outcome: str
    tries: Sequence[Line]
    is_last_try: bool
    closed_it: bool

    @property
    def enough(self) -> str:
        """How many failed attempts are enough, as the page says it."""
        return f"满 {CALL_ATTEMPTS} 次、跨 {CALL_DAYS} 天"


def call_of(page: CasePage, actor: Actor) -> Call:
    """Read the call-back from the case page; costs no query."""
    since = page.case.closed_at
    tries = [line for line in reversed(page.lines) if line.kind is Kind.CALL_TRIED and _after(line, since)]
    end = next((line for line in page.lines if line.kind in ENDS), None)
    return Call(
        due=page.running(Obligation.CALL_BACK),
        reply=next((text.body for text in reversed(page.texts) if text.purpose == "reply"), ""),
        outcome=page.case.outcome,
        tries=tries,
        is_last_try=is_tried_enough([*(line.happened_at for line in tries), page.now]),
        closed_it=end is not None and end.actor_id is not None and end.actor_id == actor.user_id,
    )


def _after(line: Line, since: datetime | None) -> bool:
    return since is not None and line.happened_at >= since


def people_to_call(act: WindowAct) -> Sequence[ClearPerson]:
    """The people of the case in clear while the act, a call-back or a contact, is owed, nobody otherwise (users.md 1).

    Read, and entered into the access log, only when the page is rendered: an act that is carried out shows nobody.
    """
    return SimpleLazyObject(lambda: _people_to_call(act))


def _people_to_call(act: WindowAct) -> list[ClearPerson]:
    if act.page.refusal_of(act.act):
        return []
    return reveal_contact(number=act.number, purpose="contact", actor=act.actor, now=timezone.now())
