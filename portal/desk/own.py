"""The department's own part of a case (本单位的承办任务): what it owes, what it tried, what is asked of it, whom it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from cases.rules import words
from cases.rules.classes import CALL_ATTEMPTS, ShareRole
from cases.rules.flow import State
from cases.rules.grants import Actor
from cases.rules.kinds import Kind
from cases.selectors.content import Text
from cases.selectors.queues import ShareLine
from cases.selectors.timelines import Line
from escalation.rules.obligations import Obligation
from escalation.selectors.clocks import ClockView
from escalation.selectors.versions import in_force
from portal.casepage import CasePage, Ticket

ASKED = ("instruction", "supervision")  # what is asked of the departments stands above everything else
STEPS = (Obligation.SIGN, Obligation.CONTACT, Obligation.ANSWER)


@dataclass(frozen=True)
class OtherPart:
    """Another department's part: how far it is, and what it answered if it has."""

    ticket: Ticket
    answer: Text | None

    @property
    def share(self) -> ShareLine:
        """The other department's share."""
        return self.ticket.share


@dataclass(frozen=True)
class OwnPart:
    """The live share of the actor's department in one case, read from the case page; costs no query of its own."""

    page: CasePage
    ticket: Ticket

    @property
    def share(self) -> ShareLine:
        """The share itself."""
        return self.ticket.share

    @property
    def is_lead(self) -> bool:
        """Whether this department leads (主办)."""
        return self.share.role == ShareRole.LEAD.value

    @property
    def is_waiting(self) -> bool:
        """Whether this department's answer is still to come."""
        return self.share.answered_at is None and self.page.facts.state is State.HANDLING

    @property
    def clocks(self) -> list[ClockView]:
        """The latest run of each of its clocks: signing, first contact, answer."""
        latest: Mapping[Obligation, ClockView] = {clock.obligation: clock for clock in self.ticket.clocks}
        return [latest[step] for step in STEPS if step in latest]

    def clock_of(self, obligation: Obligation) -> ClockView | None:
        """The clock of one obligation."""
        return next((clock for clock in self.clocks if clock.obligation is obligation), None)

    @property
    def sign_clock(self) -> ClockView | None:
        """Until when it must be signed, while it is not."""
        return self.clock_of(Obligation.SIGN) if self.is_waiting and not self.share.signed_at else None

    @property
    def contact_clock(self) -> ClockView | None:
        """Until when the reporter must have been contacted, while that is owed."""
        clock = self.clock_of(Obligation.CONTACT)
        return clock if clock and self.owes_contact else None

    @property
    def tries(self) -> list[Line]:
        """Attempts that did not reach the reporter, oldest first."""
        return self._lines(Kind.CONTACT_TRIED)

    @property
    def tries_left(self) -> int:
        """After how many more attempts the first contact counts as made."""
        return max(CALL_ATTEMPTS - len(self.tries), 1)

    @property
    def owes_contact(self) -> bool:
        """Whether the first contact is still owed: it opens the reporter's number (users.md 1)."""
        return self.is_lead and self.is_waiting and self.share.contacted_at is None

    @property
    def owes_record(self) -> bool:
        """Whether the answer must bring the record of a contact: none has been tried so far (pages.md D3)."""
        return self.owes_contact and not self.tries

    @property
    def was_unreached(self) -> bool:
        """Whether the first contact counts as made although nobody was reached."""
        made = self._lines(Kind.CONTACTED)
        return bool(made) and not made[0].data.get("reached", True)

    @property
    def asked(self) -> list[Text]:
        """What window and supervisors ask of the departments in this round, oldest first."""
        return self._texts(*ASKED)

    @property
    def sent_back(self) -> Text | None:
        """Why the window asks for another answer, while that is owed."""
        return self._last("send_back") if self.is_waiting else None

    @property
    def answer(self) -> Text | None:
        """The department's last words for the reporter."""
        return self._last("answer")

    @property
    def internal(self) -> Text | None:
        """The note that went with them."""
        answer, note = self.answer, self._last("internal")
        return note if answer and note and note.version == answer.version else None

    @property
    def others(self) -> list[OtherPart]:
        """The parts of the other departments, lead first."""
        return [
            OtherPart(ticket, self._last("answer", ticket.share))
            for ticket in self.page.tickets
            if ticket.share.id != self.share.id
        ]

    @property
    def waits_for(self) -> list[str]:
        """Departments whose answers are still missing after this one's, with their part."""
        if self.is_waiting or self.page.facts.state is not State.HANDLING:
            return []
        return [
            f"{part.share.department} {words.SHARE_PARTS[part.share.role]}"
            for part in self.others
            if part.share.answered_at is None
        ]

    @property
    def rest(self) -> CasePage:
        """The case page without what stands above it: what is asked, and why another answer is wanted."""
        return self._without(*self.asked, self.sent_back)

    @property
    def beside_answer(self) -> CasePage:
        """The same beside the answer's form, where the other departments' answers stand by themselves too."""
        return self._without(*self.asked, self.sent_back, *(other.answer for other in self.others))

    def _without(self, *told: Text | None) -> CasePage:
        return replace(self.page, texts=[text for text in self.page.texts if text not in told])

    def _lines(self, kind: Kind) -> list[Line]:
        """Events of one kind of this share, oldest first."""
        return [
            line
            for line in reversed(self.page.lines)
            if line.kind is kind
            and line.department == self.share.department
            and line.happened_at >= self.share.dispatched_at
        ]

    def _texts(self, *purposes: str) -> list[Text]:
        return [
            text
            for text in self.page.texts
            if text.purpose in purposes and text.written_at >= self.share.dispatched_at
        ]

    def _last(self, purpose: str, share: ShareLine | None = None) -> Text | None:
        department = (share or self.share).department
        found = [text for text in self._texts(purpose) if text.department == department]
        return found[-1] if found else None


def own_part(page: CasePage, actor: Actor) -> OwnPart | None:
    """The part of the department the actor acts in; None for who sees the case by another post."""
    own = {post.department_id for post in actor.posts if post.department_id}
    return next((OwnPart(page, ticket) for ticket in page.tickets if ticket.share.department_id in own), None)


def used_text(part: OwnPart) -> str:
    """How long the department has had the case, in office hours of its hall, as people say it; one query."""
    work_time = in_force().work_time(part.page.case.hall_id)
    since, until = part.share.dispatched_at, part.share.answered_at or part.page.now
    day = work_time.calendar.on_or_after(timezone.localdate(since))
    whole = sum(
        (
            datetime.combine(day, end) - datetime.combine(day, start)
            for start, end in work_time.sessions_on(day)
        ),
        timedelta(0),
    )
    return spell(work_time.hours_between(since, max(since, until)), whole)


def spell(spent: timedelta, day: timedelta) -> str:
    """Say a span of office hours: minutes within the first hour, then hours, and days as long as the first one was.

    >>> hour, day = timedelta(hours=1), timedelta(hours=7)
    >>> spell(hour / 5, day), spell(2 * hour, day), spell(day, day), spell(2 * day + 3 * hour, day)
    ('12 分钟', '2 小时', '1 个工作日', '2 个工作日 3 小时')
    """
    days, rest = divmod(spent, day)
    hours = rest // timedelta(hours=1)
    if not days and not hours:
        return f"{rest // timedelta(minutes=1)} 分钟"
    return " ".join([f"{days} 个工作日"] * bool(days) + [f"{hours} 小时"] * bool(hours))
