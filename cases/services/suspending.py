"""Time stands still (中止计时), for longer (续中止), and runs again (恢复计时): for a whole case, or for one department's share.

The latest allowed end is passed in by the caller: cases knows no working days (`escalation.selectors.pauses.latest_end`).
Source: policy.md F1: a closed list of reasons, with a planned end, which ends by itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from cases.errors import BadInputError, IllegalMoveError
from cases.models import Case, Event, Share, Suspension
from cases.rules.classes import SuspensionReason
from cases.rules.coordination import CHINA
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.services.content import key_of, required, write_texts
from cases.services.handling import waiting_share
from cases.services.perform import Asked, Change, Doing, perform


def suspend_case(
    *,
    reason: SuspensionReason,
    planned_end: date,
    latest_end: date,
    text: str,
    department_id: int | None = None,
    cause_id: int | None = None,
    **asked: Unpack[Asked],
) -> Case:
    """Let the time of a case stand still, or that of one department's share of it, from `happened_at` until a planned day.

    `text` is what it rests on (依据). The start may lie back as far as the acceptance, or the dispatch of the share.
    """
    text = required("text", text, "请写中止计时的依据：文号、通知或工单号。")

    def change(case: Case, doing: Doing) -> Change:
        share = waiting_share(case, department_id) if department_id else None
        from_on = doing.at.astimezone(CHINA).date()
        if doing.at < (share.dispatched_at if share else begun_at(case)):
            raise BadInputError("happened_at", f"开始时间不能早于{'转办' if share else '受理'}的时间。")
        _check_end(planned_end, from_on, latest_end, doing, decided_before=cause_id is not None)
        _refuse_overlap(case, share, from_on)
        Suspension.objects.create(
            case=case,
            share=share,
            version=case.version + 1,
            reason=reason.value,
            from_on=from_on,
            planned_end=planned_end,
            cause_id=cause_id,
        )
        share_id = share.pk if share else None
        digests = write_texts(case, key_of(case), {"suspension": text}, doing, share_id=share_id)
        days = {"from_on": from_on.isoformat(), "planned_end": planned_end.isoformat()}
        return Change(
            Kind.SUSPENDED, {"reason": reason.value, **days, "cause": cause_id, "digests": digests}, share_id
        )

    return perform(Act.SUSPEND, change, **asked)


def renew_suspension(
    *, of: int, planned_end: date, latest_end: date, text: str, **asked: Unpack[Asked]
) -> Case:
    """Move the planned end of a suspension that has not run out (续中止); `of` is the version of the event that began it."""
    text = required("text", text, "请写为什么还要中止计时。")

    def change(case: Case, doing: Doing) -> Change:
        found = _open_suspension(case, of, doing)
        _check_end(planned_end, found.planned_end, latest_end, doing)
        found.planned_end = planned_end
        found.save(update_fields=["planned_end"])
        digests = write_texts(case, key_of(case), {"renewal": text}, doing, share_id=found.share_id)
        data = {"of": of, "planned_end": planned_end.isoformat(), "digests": digests}
        return Change(Kind.RENEWED, data, found.share_id)

    return perform(Act.RENEW, change, **asked)


def resume_case(*, of: int, text: str = "", **asked: Unpack[Asked]) -> Case:
    """Let time run again before the planned end (恢复计时), from `happened_at`; `of` is the version that began the suspension."""

    def change(case: Case, doing: Doing) -> Change:
        found = _open_suspension(case, of, doing)
        if doing.at < began_at(found):
            raise BadInputError("happened_at", "恢复计时的时间不能早于开始中止的时间。")
        found.ended_on = doing.at.astimezone(CHINA).date()
        found.save(update_fields=["ended_on"])
        digests = write_texts(case, key_of(case), {"resumption": text}, doing, share_id=found.share_id)
        ended = {"of": of, "ended_on": found.ended_on.isoformat(), "by_itself": False}
        return Change(Kind.RESUMED, {**ended, "digests": digests}, found.share_id)

    return perform(Act.RESUME, change, **asked)


def begun_at(case: Case) -> datetime:
    """Return since when the present handling of a case runs: its acceptance, or the last reopening."""
    reopened = Event.objects.filter(case=case, kind=Kind.REOPENED.value) if case.reopenings else None
    last = reopened.order_by("-version").values_list("happened_at", flat=True).first() if reopened else None
    return last or case.accepted_at or case.submitted_at


def began_at(suspension: Suspension) -> datetime:
    """Return the moment at which a suspension began."""
    return Event.objects.values_list("happened_at", flat=True).get(
        case_id=suspension.case_id, version=suspension.version
    )


def _check_end(
    planned_end: date, after: date, latest_end: date, doing: Doing, *, decided_before: bool = False
) -> None:
    """Check a planned end. What follows a decision of its own day (`decided_before`) may be over when it is carried out."""
    if planned_end <= after:
        raise BadInputError("planned_end", f"计划结束日期要晚于 {_day(after)}。")
    if not decided_before and planned_end < doing.now.astimezone(CHINA).date():
        raise BadInputError("planned_end", "计划结束日期已经过了。")
    if planned_end > latest_end:
        raise BadInputError("planned_end", f"时间太长，这一次最晚到 {_day(latest_end)}；到期前可以续。")


def _refuse_overlap(case: Case, share: Share | None, from_on: date) -> None:
    """Refuse a second suspension of the same thing: one under way, or a start inside an earlier one."""
    for other in Suspension.objects.filter(case=case, share=share).order_by("-version"):
        if other.ended_on is None:
            until = _day(other.planned_end)
            raise IllegalMoveError(f"已经在中止计时，到 {until}；要延长请续中止。")
        if from_on < other.ended_on:
            raise BadInputError(
                "happened_at", f"开始时间在上一次中止计时以内，那一次到 {_day(other.ended_on)}。"
            )


def _open_suspension(case: Case, of: int, doing: Doing) -> Suspension:
    found = Suspension.objects.filter(case=case, version=of, ended_on__isnull=True).first()
    if found is None or found.planned_end < doing.now.astimezone(CHINA).date():
        raise IllegalMoveError("这次中止计时已经结束，时间已恢复计算。")
    return found


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
