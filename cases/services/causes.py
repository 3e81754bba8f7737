"""Outside causes (外部原因): recorded, joined by cases, approved, looked at again (复核), ended. Decisions of the 专员.

A decision is one row; `cases.services.waiting` carries out what it means for each case. Source: users.md 68.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from cases.errors import (
    BadInputError,
    IllegalMoveError,
    NotAllowedError,
    StaleScreenError,
)
from cases.models import Cause, CauseCase, CauseReview, Suspension
from cases.rules.causes import CauseKind
from cases.rules.coordination import CHINA
from cases.rules.grants import Actor, Role
from cases.selectors.cases import cases_seen_by
from cases.selectors.timelines import lock_cases
from cases.services.content import required

MOST = 500  # cases that may join in one press


class Record(NamedTuple):
    """What is known of a cause: which system or question, since when, what it rests on, who asked whom, until when."""

    kind: CauseKind
    title: str
    since: date
    evidence: str
    asked: str
    sentence: str
    planned_end: date


_MISSING = {
    "title": "请写是哪个系统，或者是什么政策问题。",
    "evidence": "请写依据：通知、工单号或请示文号。",
    "asked": "请写谁在什么时候向上级请示或报修。",
    "sentence": "请写一句告诉反映人的实话。",
}


def _most(model: type[models.Model], field: str) -> int | None:
    """How many characters a text of the model may have."""
    found = model._meta.get_field(field)
    return found.max_length if isinstance(found, models.CharField) else None


def record_cause(record: Record, *, actor: Actor, now: datetime) -> Cause:
    """Write a cause down (登记外部原因). Nothing stands still before it is approved."""
    user_id, _ = _supervisor(actor)
    texts = {
        name: required(name, getattr(record, name), message, most=_most(Cause, name))
        for name, message in _MISSING.items()
    }
    if record.since > now.astimezone(CHINA).date():
        raise BadInputError("since", "开始日期不能晚于今天。")
    if record.planned_end <= max(record.since, now.astimezone(CHINA).date()):
        raise BadInputError("planned_end", "计划结束日期要晚于今天。")
    return Cause.objects.create(
        **{**record._asdict(), "kind": record.kind.value, **texts},
        recorded_by_id=user_id,
        recorded_at=now,
    )


@transaction.atomic
def join_cases(cause_id: int, case_ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """Let cases wait for a cause; returns how many were not waiting for it yet. After the approval they stand still from now on."""
    user_id, post_id = _supervisor(actor)
    if len(case_ids) > MOST:
        raise BadInputError("cases", f"一次最多加入 {MOST} 件，请分几次。")
    seen = set(cases_seen_by(actor).filter(pk__in=case_ids).values_list("pk", flat=True))
    if not seen:
        raise BadInputError("cases", "请选择要加入的反映事项。")
    lock_cases(list(seen))
    cause = _locked(cause_id)
    if cause.ended_at:
        raise IllegalMoveError("这个外部原因已经结束，不能再加入。")
    if cause.approved_at and cause.planned_end <= now.astimezone(CHINA).date():
        raise IllegalMoveError("这个外部原因的计划结束日期到了，请先复核、续到新的日期，再加入。")
    there = set(cause.members.filter(case_id__in=seen).values_list("case_id", flat=True))
    CauseCase.objects.bulk_create(
        [
            CauseCase(
                cause=cause,
                case_id=case_id,
                asked_at=now,
                asked_by_id=user_id,
                asked_post_id=post_id,
                from_at=now if cause.approved_at else None,
            )
            for case_id in sorted(seen - there)
        ],
        ignore_conflicts=True,
    )
    return len(seen - there) + _take_back(cause, there, user_id, post_id, now)


def _take_back(
    cause: Cause, case_ids: Collection[int], user_id: int, post_id: int | None, now: datetime
) -> int:
    """Cases that had left, or whose time runs (taken up again, for example), wait again."""
    still = Suspension.objects.filter(case_id=OuterRef("case_id"), cause=cause, ended_on__isnull=True)
    over = Q(left_at__isnull=False) if cause.approved_at is None else ~Exists(still)
    return cause.members.filter(over, case_id__in=case_ids).update(
        left_at=None,
        done=0,
        problem="",
        asked_at=now,
        from_at=now if cause.approved_at else None,
        asked_by_id=user_id,
        asked_post_id=post_id,
    )


@transaction.atomic
def approve_cause(
    cause_id: int, *, paused_from: datetime, latest_end: date, actor: Actor, now: datetime, seen: int | None
) -> Cause:
    """Approve (批准): all cases stand still from a given moment until the planned end. `seen` is the revision on the screen."""
    _supervisor(actor)
    cause = _locked(cause_id, seen)
    if cause.approved_at:
        raise IllegalMoveError("这个外部原因已经批准过了。")
    if paused_from > now:
        raise BadInputError("paused_from", "开始时间不能晚于现在。")
    if paused_from.astimezone(CHINA).date() < cause.since:
        raise BadInputError("paused_from", "开始时间不能早于这个原因开始的日期。")
    _check_end(cause.planned_end, latest_end, now)
    cause.approved_at = cause.reviewed_at = now
    cause.paused_from = paused_from
    return _decide(cause, actor, now)


@transaction.atomic
def review_cause(
    cause_id: int,
    *,
    learnt: str,
    planned_end: date | None,
    latest_end: date,
    actor: Actor,
    now: datetime,
    seen: int | None,
) -> Cause:
    """Look at how a cause stands (复核): what was learnt; a new planned end renews all its cases."""
    user_id, _ = _supervisor(actor)
    cause = _running(cause_id, seen)
    learnt = required(
        "learnt", learnt, "请写了解到什么：问了谁，对方怎么说。", most=_most(CauseReview, "learnt")
    )
    if planned_end == cause.planned_end:
        planned_end = None
    if planned_end is not None:
        if planned_end < cause.planned_end:
            raise BadInputError("planned_end", "续到的日期要晚于原来的计划结束日期；提前结束请用“结束”。")
        _check_end(planned_end, latest_end, now)
    CauseReview.objects.create(
        cause=cause, reviewed_at=now, reviewed_by_id=user_id, learnt=learnt, planned_end=planned_end
    )
    cause.reviewed_at = now
    if planned_end is None:
        cause.save(update_fields=["reviewed_at"])
        return cause
    if cause.planned_end < now.astimezone(CHINA).date():
        cause.paused_from = now  # time has run again meanwhile
    cause.planned_end = planned_end
    return _decide(cause, actor, now)


@transaction.atomic
def end_cause(
    cause_id: int, *, ended_at: datetime, ending: str, actor: Actor, now: datetime, seen: int | None
) -> Cause:
    """End a cause (结束): the time of all its cases runs again from a given moment."""
    _supervisor(actor)
    cause = _running(cause_id, seen)
    if ended_at > now:
        raise BadInputError("ended_at", "结束时间不能晚于现在。")
    if cause.paused_from and ended_at < cause.paused_from:
        raise BadInputError("ended_at", "结束时间不能早于开始中止的时间。")
    message = "请写怎么结束的：系统哪天恢复，或答复的文号。"
    cause.ending = required("ending", ending, message, most=_most(Cause, "ending"))
    cause.ended_at = ended_at
    return _decide(cause, actor, now)


@transaction.atomic
def leave_cause(cause_id: int, case_id: int, *, actor: Actor, now: datetime) -> None:
    """Let one case wait no longer (不再等); its time runs again at once."""
    user_id, post_id = _supervisor(actor)
    lock_cases([case_id])
    member = CauseCase.objects.filter(cause_id=cause_id, case_id=case_id, left_at__isnull=True)
    if not member.update(left_at=now, done=0, problem="", asked_by_id=user_id, asked_post_id=post_id):
        raise IllegalMoveError("这件事没有在等这个外部原因。")


@transaction.atomic
def try_again(cause_id: int, *, actor: Actor, now: datetime) -> int:
    """Try again with the cases that could not follow the last decision (再试一次); returns how many."""
    user_id, post_id = _supervisor(actor)
    members = CauseCase.objects.filter(cause_id=cause_id).exclude(problem="")
    lock_cases(list(members.values_list("case_id", flat=True)))
    asker = {"asked_by_id": user_id, "asked_post_id": post_id, "asked_at": now}
    return members.update(done=0, problem="", **asker)


def _decide(cause: Cause, actor: Actor, now: datetime) -> Cause:
    user_id, post_id = _supervisor(actor)
    cause.revision += 1
    cause.decided_at, cause.decided_by_id, cause.decided_post_id = now, user_id, post_id
    cause.save()
    return cause


def _check_end(planned_end: date, latest_end: date, now: datetime) -> None:
    if planned_end <= now.astimezone(CHINA).date():
        raise BadInputError("planned_end", "计划结束日期要晚于今天。")
    if planned_end > latest_end:
        day = f"{latest_end.year}年{latest_end.month}月{latest_end.day}日"
        raise BadInputError("planned_end", f"时间太长，这一次最晚到 {day}；到期前可以在复核时续。")


def _running(cause_id: int, seen: int | None) -> Cause:
    cause = _locked(cause_id, seen)
    if cause.approved_at is None:
        raise IllegalMoveError("这个外部原因还没有批准。")
    if cause.ended_at:
        raise IllegalMoveError("这个外部原因已经结束。")
    return cause


def _locked(cause_id: int, seen: int | None = None) -> Cause:
    """Lock one cause. Errors: StaleScreenError when a decision was made since the form was rendered."""
    cause = Cause.objects.select_for_update(no_key=True).get(pk=cause_id)
    if seen is not None and seen != cause.revision:
        raise StaleScreenError(seen, cause.revision)
    return cause


def _supervisor(actor: Actor) -> tuple[int, int | None]:
    """The person and the post of the 专员. Errors: NotAllowedError."""
    post = next((post for post in actor.posts if post.role is Role.SUPERVISOR), None)
    if post is None or actor.user_id is None:
        raise NotAllowedError
    return actor.user_id, post.post_id
