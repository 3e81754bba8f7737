"""After the closing: calling back (回访), the reporter's rating (评价), and taking a case up again (重新办理)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from cases.errors import BadInputError, IllegalMoveError
from cases.models import Case, Event, Share
from cases.rules.classes import GRADES, REOPENINGS, Difficulty, RatingReason, Resolution
from cases.rules.coordination import is_tried_enough
from cases.rules.flow import Act
from cases.rules.grants import Role
from cases.rules.kinds import Kind
from cases.services.content import key_of, required, write_texts
from cases.services.perform import Asked, Change, Doing, perform
from cases.services.rating import note_bad_grade, record_rating


def call_back(
    *,
    reached: bool,
    resolution: Resolution | None = None,
    grade: int | None = None,
    note: str = "",
    **asked: Unpack[Asked],
) -> Case:
    """Book a call-back (回访): what the reporter said, or that nobody answered.

    All closed cases are called back; three attempts on at least two days end it unreached (policy.md F3).
    """
    said = _checked_rating(resolution, grade) if reached else None

    def change(case: Case, doing: Doing) -> Change:
        digests = write_texts(case, key_of(case), {"call_back": note}, doing)
        if said is None:
            tries = _tries(case)
            data = {"reached": False, "attempt": len(tries) + 1, "digests": digests}
            if not is_tried_enough([*tries, doing.at]):
                return Change(Kind.CALL_TRIED, data)
            case.called_back_at = doing.at
            return Change(Kind.CALLED_BACK, data)
        case.called_back_at = doing.at
        answers = record_rating(case, "call_back", *said, (), doing)
        note_bad_grade(case, said[1], doing, by_call=True)
        return Change(Kind.CALLED_BACK, {"reached": True, **answers, "digests": digests})

    return perform(Act.CALL_BACK, change, **asked)


def _tries(case: Case) -> list[datetime]:
    """When nobody answered, since the last closing."""
    tries = Event.objects.filter(case=case, kind=Kind.CALL_TRIED.value, happened_at__gte=case.closed_at)
    return list(tries.values_list("happened_at", flat=True))


def rate_case(
    *,
    resolution: Resolution | None,
    grade: int | None,
    reasons: Sequence[RatingReason] = (),
    text: str = "",
    **asked: Unpack[Asked],
) -> Case:
    """Rate a closed case (评价): solved or not, then the five grades. Silence is never a rating (policy.md 4.1).

    Once after each closing, and once more after each rectification.
    """
    said = _checked_rating(resolution, grade)

    def change(case: Case, doing: Doing) -> Change:
        case.rated_at = doing.at
        answers = record_rating(case, "reporter", *said, reasons, doing)
        note_bad_grade(case, said[1], doing, by_call=False)
        digests = write_texts(case, key_of(case), {"rating": text}, doing)
        return Change(Kind.RATED, {**answers, "reasons": [r.value for r in reasons], "digests": digests})

    return perform(Act.RATE, change, **asked)


def _checked_rating(resolution: Resolution | None, grade: int | None) -> tuple[Resolution, int]:
    if resolution is None:
        raise BadInputError("resolution", "请选择问题解决了没有。")
    if grade is None or grade not in GRADES:
        raise BadInputError("grade", "请选择满意程度。")
    return resolution, grade


def reopen_case(
    *,
    reason: str,
    new_facts: bool,
    until: datetime | None,
    rule_version: int,
    **asked: Unpack[Asked],
) -> Case:
    """Take a closed case up again (重新办理). It keeps its number and waits for a dispatch by window or 专员.

    `until` is the last moment for it without new facts; later the window or the 专员 says that there are some. Twice at
    most, then only the 专员, and as 难点. `rule_version` governs a case that never had one (solved on the spot).
    Source: policy.md F3.
    """
    reason = required("reason", reason, "请写为什么要重新办理，哪里还没有解决。")

    def change(case: Case, doing: Doing) -> Change:
        role = {Role.CITIZEN: "reporter", Role.SUPERVISOR: "supervisor"}.get(doing.post.role, "window")
        _refuse_late(
            until, doing.at, new_facts=new_facts and role != "reporter", by_reporter=role == "reporter"
        )
        case.difficulty = _difficulty_again(case).value
        case.rule_version = case.rule_version or rule_version
        case.reopenings += 1
        _forget_closing(case)
        Share.objects.filter(case=case, ended_at__isnull=True).update(ended_at=doing.at)
        data = {
            "role_of": role,
            "new_facts": new_facts,
            "difficulty": case.difficulty,
            "nature": case.nature or None,
            "rule_version": case.rule_version,
            "times": case.reopenings,
        }
        digests = write_texts(case, key_of(case), {"reopening": reason}, doing)
        return Change(Kind.REOPENED, {**data, "digests": digests})

    return perform(Act.REOPEN, change, **asked)


def _forget_closing(case: Case) -> None:
    """What was said and owed of the last closing, its bad grade and the mending too, is done with; the timeline keeps it."""
    case.outcome = case.recurrence = ""
    case.closed_at = case.replied_at = case.called_back_at = case.rated_at = None
    case.badly_rated_at = case.rater_contacted_at = case.rectified_at = None
    case.closed_on_paper = False


def _refuse_late(until: datetime | None, at: datetime, *, new_facts: bool, by_reporter: bool) -> None:
    if until is None or at <= until or new_facts:
        return
    if by_reporter:
        raise IllegalMoveError("网上重新办理的期限已经过了。有新的情况，请到窗口或打电话，我们为您重新办理。")
    raise BadInputError("new_facts", "已超过期限，只有出现新的情况才能重新办理，请确认。")


def _difficulty_again(case: Case) -> Difficulty:
    """What was solved on the spot and was not solved is ordinary now; a third time makes it 难点."""
    if case.reopenings >= REOPENINGS:
        return Difficulty.HARD
    found = Difficulty(case.difficulty)
    return Difficulty.ORDINARY if found is Difficulty.INSTANT else found
