"""Cases that wait for an outside cause (外部原因) follow what was decided about it: one job, one transaction for each case.

Whoever comes by carries on (`carry_out`): safe to be killed, safe twice. A case that refuses, because it was closed
meanwhile or stands still already, keeps the reason and stops no other.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from cases.errors import BusyError, CaseError
from cases.models import CauseCase, Suspension
from cases.rules.causes import Step, step_for
from cases.rules.classes import SuspensionReason
from cases.rules.coordination import CHINA
from cases.rules.grants import Actor, HeldPost, Role
from cases.selectors.timelines import lock_cases
from cases.services.perform import Asked
from cases.services.suspending import began_at, begun_at, renew_suspension, resume_case, suspend_case

log = logging.getLogger("bancheng.causes")

AT_ONCE = 20  # cases that are dealt with while the person waits


def pending(cause_id: int | None = None) -> QuerySet[CauseCase]:
    """Cases that have yet to follow the last decision about their cause."""
    found = CauseCase.objects.filter(done__lt=F("cause__revision"))
    return found if cause_id is None else found.filter(cause_id=cause_id)


def carry_out(*, now: datetime, cause_id: int | None = None, limit: int | None = None) -> int:
    """Bring cases to where their cause stands, each in its own transaction; returns how many were dealt with.

    A case that another holds, or that fails, is left for the next time and stops nobody.
    """
    rows = pending(cause_id).order_by("case_id", "pk").values_list("pk", "case_id")
    return sum(_one(member_id, case_id, now) for member_id, case_id in rows[:limit])


def _one(member_id: int, case_id: int, now: datetime) -> bool:
    try:
        return _follow(member_id, case_id, now)
    except Exception:
        log.exception("a case of cause member %s was left for the next time", member_id)
        return False


@transaction.atomic
def _follow(member_id: int, case_id: int, now: datetime) -> bool:
    """One case, locked first of all; somebody else may have dealt with it meanwhile."""
    lock_cases([case_id])
    member = CauseCase.objects.select_related("cause", "case").get(pk=member_id)
    if member.done >= member.cause.revision:
        return False
    problem = ""
    try:
        with transaction.atomic():
            if not _bring_about(member, now):
                return False
    except BusyError:
        return False
    except CaseError as refused:
        problem = refused.message[:200]
    CauseCase.objects.filter(pk=member_id).update(done=member.cause.revision, problem=problem)
    return True


def _bring_about(member: CauseCase, now: datetime) -> bool:
    """Do what is still to be done; False when it must wait."""
    cause, case = member.cause, member.case
    still = Suspension.objects.filter(case=case, cause=cause, ended_on__isnull=True).first()
    step = step_for(
        is_over=cause.ended_at is not None or member.left_at is not None,
        planned_end=cause.planned_end,
        stands_until=still.planned_end if still else None,
        today=now.astimezone(CHINA).date(),
    )
    asked = Asked(number=case.number, actor=_decider(member), now=now)
    if step is Step.SUSPEND:
        asked["happened_at"] = max(at for at in (cause.paused_from, member.from_at, begun_at(case)) if at)
        suspend_case(
            reason=SuspensionReason.UPSTREAM,
            planned_end=cause.planned_end,
            latest_end=cause.planned_end,
            text=f"外部原因：{cause.title}。{cause.evidence}。{cause.asked}。",
            cause_id=cause.pk,
            **asked,
        )
    elif still and step is Step.RENEW:
        learnt = cause.reviews.order_by("-pk").values_list("learnt", flat=True).first() or cause.title
        renew_suspension(
            of=still.version,
            planned_end=cause.planned_end,
            latest_end=cause.planned_end,
            text=learnt,
            **asked,
        )
    elif still and step is Step.RESUME:
        asked["happened_at"] = max(member.left_at or cause.ended_at or now, began_at(still))
        text = cause.ending or "不再等这个外部原因。"
        resume_case(of=still.version, text=text, **asked)
    return step is not Step.LATER


def _decider(member: CauseCase) -> Actor:
    """Who decided: whoever decided last about the cause, or, later, about this case. The decision stands if they have left."""
    cause = member.cause
    if cause.decided_at is None or member.asked_at > cause.decided_at or member.left_at:
        return Actor(member.asked_by_id, (HeldPost(member.asked_post_id, Role.SUPERVISOR),))
    return Actor(cause.decided_by_id, (HeldPost(cause.decided_post_id, Role.SUPERVISOR),))
