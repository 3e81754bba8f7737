"""A crowd of cases in every state, begun over a month: on time and late, joint, suspended, extended, taken up again, with cards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cases.models import Case, Department
from cases.rules.classes import Conclusion, Difficulty, SuspensionReason
from cases.rules.flow import Act, State
from cases.services import handling
from cases.services.coordinating import extend_case, reclassify_case
from cases.services.suspending import suspend_case
from escalation.selectors.changing import changing
from escalation.selectors.pauses import latest_end
from escalation.services.sweep import sweep
from tests.cases.every_act import do
from tests.conftest import SHANGHAI, Filing, actor_named

AS_OF = datetime(2026, 12, 4, 10, 20, tzinfo=SHANGHAI)


def moment(month: int, day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def gather() -> list[Case]:
    """Bring them about, sweeping each day, so that the cards of that month are there."""
    for day in (9, 12, 17, 19, 23, 25, 27, 30):
        for state in (State.FILED, State.ACCEPTED, State.HANDLING, State.ANSWERED, State.CLOSED):
            Filing()(state, now=moment(11, day, 9 + day % 8, day))
    clerk, shijian = actor_named("clerk"), actor_named("shijian")
    for day, difficulty in ((10, "complex"), (18, "special"), (24, "hard"), (27, "instant"), (30, "special")):
        _joint(moment(11, day), Difficulty(difficulty))
    for day in (11, 20, 26):
        case = _joint(moment(11, day), Difficulty.COMPLEX)
        do(Act.SIGN, case.number, shijian, moment(11, day, 15))
        do(Act.CONTACT, case.number, shijian, moment(11, day, 16))
    _suspended(_joint(moment(11, 25), Difficulty.SPECIAL))
    _extended(_joint(moment(11, 26, 10), Difficulty.SPECIAL))
    for day in (16, 26):
        case = Filing()(State.HANDLING, now=moment(11, day))
        handling.answer_share(
            number=case.number,
            conclusion=Conclusion.DONE,
            text="已办好。",
            actor=shijian,
            now=moment(11, day) + timedelta(days=7, hours=2),
        )
    closed = Filing()(State.CLOSED, now=moment(11, 25))
    do(Act.CALL_BACK, closed.number, clerk, moment(11, 26))
    do(Act.REOPEN, closed.number, actor_named("supervisor"), moment(11, 30))
    do(Act.DISPATCH, closed.number, clerk, moment(12, 1))
    for day in range(10, 31):
        sweep(now=moment(11, day, 8, 31))
    for day in (1, 2, 3, 4):
        sweep(now=moment(12, day, 8, 31))
    return list(Case.objects.order_by("pk"))


def _joint(at: datetime, difficulty: Difficulty) -> Case:
    clerk = actor_named("clerk")
    case = Filing()(State.FILED, now=at)
    quick = {Difficulty.INSTANT, Difficulty.COMPLEX}
    do(
        Act.ACCEPT,
        case.number,
        clerk,
        at,
        difficulty=difficulty if difficulty in quick else Difficulty.COMPLEX,
    )
    if difficulty not in quick:
        asked = {"reason": "要几个部门一起定。", "until": at + timedelta(days=2)}
        reclassify_case(
            number=case.number, difficulty=difficulty, actor=actor_named("supervisor"), now=at, **asked
        )
    ids = dict(Department.objects.filter(code__in=["S02", "S04"]).values_list("code", "pk"))
    return handling.dispatch_case(
        number=case.number, department_id=ids["S02"], co_ids=[ids["S04"]], actor=clerk, now=at
    )


def _suspended(case: Case) -> None:
    at = moment(11, 30, 10)
    suspend_case(
        number=case.number,
        reason=SuspensionReason.PUBLICITY,
        planned_end=date(2026, 12, 8),
        latest_end=latest_end(at.date(), at),
        text="岐公示〔2026〕31号。",
        actor=actor_named("supervisor"),
        now=at,
    )


def _extended(case: Case) -> None:
    found = changing(case.pk)
    assert found is not None
    extend_case(
        number=case.number,
        days=found.most_days,
        reason="要等上级批复。",
        most_days=found.most_days,
        until=found.extend_until,
        due_at=found.due_at,
        actor=actor_named("supervisor"),
        now=moment(11, 27),
    )
