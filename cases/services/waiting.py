"""Cases that wait for an outside cause (外部原因) follow what was decided about it: one job, one transaction for each case.

Whoever comes by carries on (`carry_out`): safe to be killed, safe twice, safe late. A case that refuses, because it stands still
already for another reason or is not accepted yet, keeps that sentence, stops no other, and follows once it can (`try_refused`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from cases.errors import BusyError, CaseError
from cases.models import Case, Cause, CauseCase, Suspension
from cases.rules.causes import Step, step_for
from cases.rules.classes import SuspensionReason
from cases.rules.coordination import CHINA
from cases.rules.flow import ENDED, OPEN, State
from cases.rules.grants import Actor, HeldPost, Role
from cases.selectors.timelines import lock_cases
from cases.services.perform import Asked
from cases.services.suspending import began_at, begun_at, renew_suspension, resume_case, suspend_case

log = logging.getLogger("bancheng.causes")

AT_ONCE = 20  # cases that are dealt with while the person waits
Reader = Callable[[], datetime]


def pending(cause_id: int | None = None) -> QuerySet[CauseCase]:
    """Cases that have yet to follow the last decision about their cause."""
    found = CauseCase.objects.filter(done__lt=F("cause__revision"))
    return found if cause_id is None else found.filter(cause_id=cause_id)


def refused() -> QuerySet[CauseCase]:
    """Open cases that could not follow the last decision and whose time runs now."""
    still = Suspension.objects.filter(case_id=OuterRef("case_id"), share=None, ended_on__isnull=True)
    waiting = CauseCase.objects.filter(left_at=None, cause__ended_at=None, done=F("cause__revision"))
    states = [state.value for state in OPEN - {State.FILED}]
    return waiting.exclude(problem="").filter(~Exists(still), case__state__in=states)


def carry_out(*, clock: Reader, cause_id: int | None = None, limit: int | None = None) -> int:
    """Bring cases to where their cause stands, each in its own transaction; returns how many were dealt with.

    `clock` reads the time for each case. A case that another holds, or that fails, is left for the next time.
    """
    rows = pending(cause_id).order_by("case_id", "pk").values_list("pk", "case_id")
    return sum(_one(member_id, case_id, clock) for member_id, case_id in rows[:limit])


def try_refused(*, clock: Reader) -> int:
    """Let cases follow that could not, now that what kept them is over; returns how many were tried."""
    rows = refused().order_by("case_id", "pk").values_list("pk", "case_id")
    return sum(_one(member_id, case_id, clock, again=True) for member_id, case_id in rows)


def _one(member_id: int, case_id: int, clock: Reader, *, again: bool = False) -> bool:
    try:
        return _follow(member_id, case_id, clock, again)
    except Exception:
        log.exception("a case of cause member %s was left for the next time", member_id)
        return False


@transaction.atomic
def _follow(member_id: int, case_id: int, clock: Reader, again: bool) -> bool:
    """One case, locked first of all; somebody else may have dealt with it meanwhile."""
    if not lock_cases([case_id], skip_locked=True):
        return False
    member = CauseCase.objects.select_related("cause", "case").get(pk=member_id)
    if member.done >= member.cause.revision and not (again and member.problem):
        return False
    problem = ""
    try:
        with transaction.atomic():
            if not _bring_about(member, clock()):
                return False
    except BusyError:
        return False
    except CaseError as why:
        problem = why.message[:200]
    CauseCase.objects.filter(pk=member_id).update(done=member.cause.revision, problem=problem)
    return True


class _Owed(NamedTuple):
    """Since when a case is to stand still, until which day, and when that was over (`None`: it goes on)."""

    since: datetime
    until: date
    over_at: datetime | None


def _owed(member: CauseCase) -> _Owed | None:
    """What the decisions about a cause mean for one case; nothing for one that has ended, or whose pause somebody ended early."""
    cause, case = member.cause, member.case
    if State(case.state) in ENDED:
        return None
    since = max(at for at in (cause.paused_from, member.from_at, begun_at(case)) if at)
    over_at = min((at for at in (member.left_at, cause.ended_at) if at), default=None)
    until = min(cause.planned_end, over_at.astimezone(CHINA).date()) if over_at else cause.planned_end
    before = Suspension.objects.filter(case=case, share=None, ended_on__isnull=False)
    last = before.order_by("-version").first()
    if last and last.ended_on and last.ended_on > since.astimezone(CHINA).date():
        if last.cause_id == cause.pk and last.ended_on < last.planned_end:
            return None
        since = datetime.combine(last.ended_on, time.min, CHINA)
    return _Owed(since, until, over_at)


def _bring_about(member: CauseCase, now: datetime) -> bool:
    """Do what is still to be done; False when it must wait."""
    cause, case, today = member.cause, member.case, now.astimezone(CHINA).date()
    owed = _owed(member)
    if owed is None:
        return True
    still = _standing(case, cause)
    step = step_for(
        owed_from=owed.since.astimezone(CHINA).date(),
        owed_until=owed.until,
        is_over=owed.over_at is not None,
        stands_until=still.planned_end if still else None,
        today=today,
    )
    asked = Asked(number=case.number, actor=_decider(member), now=now)
    if step is Step.SUSPEND:
        _suspend(cause, owed, asked)
        still = _standing(case, cause) if owed.over_at and owed.until >= today else None
    if still and step is Step.RENEW:
        learnt = cause.reviews.order_by("-pk").values_list("learnt", flat=True).first() or cause.title
        end = {"planned_end": owed.until, "latest_end": owed.until}
        renew_suspension(of=still.version, text=learnt, **end, **asked)
    elif still and owed.over_at and step in {Step.RESUME, Step.SUSPEND}:
        asked["happened_at"] = max(owed.over_at, began_at(still))
        resume_case(of=still.version, text=cause.ending or "不再等这个外部原因。", **asked)
    return step is not Step.LATER


def _suspend(cause: Cause, owed: _Owed, asked: Asked) -> None:
    asked = Asked(**{**asked, "happened_at": owed.since})
    suspend_case(
        reason=SuspensionReason.UPSTREAM,
        planned_end=owed.until,
        latest_end=owed.until,
        text=f"外部原因：{cause.title}。{cause.evidence}。{cause.asked}。",
        cause_id=cause.pk,
        **asked,
    )


def _standing(case: Case, cause: Cause) -> Suspension | None:
    """What stands still in a case for this cause."""
    return Suspension.objects.filter(case=case, cause=cause, ended_on__isnull=True).first()


def _decider(member: CauseCase) -> Actor:
    """Who decided: whoever decided last about the cause, or, later, about this case. The decision stands if they have left."""
    cause = member.cause
    if cause.decided_at is None or member.asked_at > cause.decided_at or member.left_at:
        return Actor(member.asked_by_id, (HeldPost(member.asked_post_id, Role.SUPERVISOR),))
    return Actor(cause.decided_by_id, (HeldPost(cause.decided_post_id, Role.SUPERVISOR),))
