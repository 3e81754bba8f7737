"""The supervisor's acts that change the time or the way of a case: 延期、改定难度、改派、会商.

Each limit is passed in by the caller: cases knows no working days (`escalation.selectors.changing` computes them). Once per
handling means once since acceptance or the last reopening. Source: policy.md F2 (reclassification), F3 (extension, meeting).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from cases.errors import BadInputError, IllegalMoveError
from cases.models import Case, Department, Share, Suspension
from cases.rules import words
from cases.rules.classes import Difficulty, Nature
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.selectors.handlings import events_of_handling
from cases.services.content import File, add_files, key_of, required, write_texts
from cases.services.handling import carried, departments, waiting_share
from cases.services.perform import Asked, Change, Doing, end_suspensions_of, perform


def extend_case(
    *,
    days: int,
    reason: str,
    most_days: int,
    until: datetime,
    due_at: datetime,
    times: int = 1,
    department_id: int | None = None,
    **asked: Unpack[Asked],
) -> Case:
    """Give a case, or one department's share of it, more working days (延期), with the reason.

    `until` is the last moment for it, `due_at` when the limit ends, `most_days` and `times` what the rules allow.
    """
    reason = required("reason", reason, "请写为什么要延期。")
    if not 1 <= days <= most_days:
        raise BadInputError("days", f"延期的天数应为 1 至 {most_days} 个工作日。")

    def change(case: Case, doing: Doing) -> Change:
        share = waiting_share(case, department_id) if department_id else None
        share_id = share.pk if share else None
        if doing.now >= due_at:
            raise IllegalMoveError("时限已经到期，不能再延期。")
        if doing.now > until:
            raise IllegalMoveError("离到期太近，不能再延期：延期要在到期以前提出。")
        found = events_of_handling(case, Kind.EXTENDED)
        if sum(event.share_id == share_id for event in found) >= times:
            raise IllegalMoveError(f"这次办理中已经延期 {times} 次，不能再延期。")
        digests = write_texts(case, key_of(case), {"extension": reason}, doing, share_id=share_id)
        return Change(Kind.EXTENDED, {"days": days, "digests": digests}, share_id)

    return perform(Act.EXTEND, change, **asked)


def reclassify_case(
    *,
    difficulty: Difficulty,
    reason: str,
    until: datetime,
    nature: Nature | None = None,
    **asked: Unpack[Asked],
) -> Case:
    """Give a case a higher difficulty (改定难度), and a nature if one is named; its limit counts anew from the original start.

    `until` is when half of the limit is used: later it is too late (policy.md F2).
    """
    reason = required("reason", reason, "请写为什么要改定难度。")

    def change(case: Case, doing: Doing) -> Change:
        previous, order = Difficulty(case.difficulty), list(Difficulty)
        if order.index(difficulty) <= order.index(previous):
            now = words.DIFFICULTY[previous.value]
            raise BadInputError("difficulty", f"难度只能往上改，现在是“{now}”。")
        if doing.now > until:
            raise IllegalMoveError("时限已经用了一半，不能再改定难度。")
        if events_of_handling(case, Kind.RECLASSIFIED):
            raise IllegalMoveError("这次办理中已经改定过一次难度，不能再改。")
        case.difficulty = difficulty.value
        case.nature = nature.value if nature else case.nature
        data = {
            "difficulty": case.difficulty,
            "nature": case.nature or None,
            "previous": previous.value,
        }
        digests = write_texts(case, key_of(case), {"reclassifying": reason}, doing)
        return Change(Kind.RECLASSIFIED, {**data, "digests": digests})

    return perform(Act.RECLASSIFY, change, **asked)


def redispatch_share(
    *, from_department_id: int, department_id: int, reason: str, **asked: Unpack[Asked]
) -> Case:
    """Give the share of one department to another (改派): the old one ends, the new one has clocks of its own.

    A department from which the case was taken does not get it back in the same handling (policy.md F3, 退单).
    """
    reason = required("reason", reason, "请写为什么要改派。")
    (new,) = departments("department", [department_id], "请选择改派给哪个部门。")

    def change(case: Case, doing: Doing) -> list[Change]:
        old = waiting_share(case, from_department_id, "from_department")
        _refuse_again(case, new)
        role = {"role": old.role}
        old.ended_at = doing.at
        old.save(update_fields=["ended_at"])
        end_suspensions_of(Suspension.objects.filter(share=old), doing.at)
        share = Share.objects.create(case=case, department=new, role=old.role, dispatched_at=doing.at)
        digests = write_texts(case, key_of(case), {"redispatch": reason}, doing, share_id=old.pk)
        return [
            Change(Kind.RETURNED, {**role, "department_id": old.department_id, "digests": digests}, old.pk),
            Change(Kind.DISPATCHED, {**role, "department_id": new.pk, **carried(new)}, share.pk),
        ]

    return perform(Act.REDISPATCH, change, **asked)


def _refuse_again(case: Case, new: Department) -> None:
    """Refuse a department that has the case already, or from which it was taken in this handling."""
    if Share.objects.filter(case=case, department=new, ended_at__isnull=True).exists():
        raise BadInputError("department", "这个部门已经在办这件事，请选别的部门。")
    if any(event.data.get("department_id") == new.pk for event in events_of_handling(case, Kind.RETURNED)):
        raise BadInputError("department", "这件事刚从这个部门改派出来，不能再派回去。")


def call_meeting(*, text: str, **asked: Unpack[Asked]) -> Case:
    """Call a joint meeting (召集会商) about a case: what is to be settled, and by whom."""
    text = required("text", text, "请写要会商什么、请哪些单位参加。")

    def change(case: Case, doing: Doing) -> Change:
        if _meeting(case) in {Kind.MEETING_CALLED, Kind.MEETING_HELD}:
            raise IllegalMoveError("上一次会商还没有提交纪要，不能再召集。")
        digests = write_texts(case, key_of(case), {"meeting": text}, doing)
        return Change(Kind.MEETING_CALLED, {"digests": digests})

    return perform(Act.CALL_MEETING, change, **asked)


def hold_meeting(**asked: Unpack[Asked]) -> Case:
    """Book that the meeting was held (会商已召开); its minutes are owed from then on."""

    def change(case: Case, doing: Doing) -> Change:
        if _meeting(case) is not Kind.MEETING_CALLED:
            raise IllegalMoveError("没有已召集、还没有召开的会商。")
        return Change(Kind.MEETING_HELD, {})

    return perform(Act.HOLD_MEETING, change, **asked)


def file_minutes(*, text: str, files: Sequence[File] = (), **asked: Unpack[Asked]) -> Case:
    """File the minutes of the meeting that was held (提交会商纪要): each item with its owner and date."""
    text = required("text", text, "请写会商定了什么，每项由谁办、什么时候办完。")

    def change(case: Case, doing: Doing) -> Change:
        if _meeting(case) is not Kind.MEETING_HELD:
            raise IllegalMoveError("没有已召开、还没有提交纪要的会商。")
        key = key_of(case)
        digests = write_texts(case, key, {"minutes": text}, doing)
        hashes = add_files(case, key, files, doing, purpose="evidence")
        return Change(Kind.MINUTES_FILED, {"digests": digests, "files": hashes})

    return perform(Act.FILE_MINUTES, change, **asked)


def _meeting(case: Case) -> Kind | None:
    """How far the last meeting of this handling has come."""
    found = events_of_handling(case, Kind.MEETING_CALLED, Kind.MEETING_HELD, Kind.MINUTES_FILED)
    return Kind(found[-1].kind) if found else None
