"""Every act with what it needs, so that a test can try all of them on any case."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from cases.errors import CaseError
from cases.models import Case, Department, Suspension
from cases.rules.classes import (
    Conclusion,
    ContactWay,
    Difficulty,
    Outcome,
    Recurrence,
    Resolution,
    SuspensionReason,
)
from cases.rules.flow import Act
from cases.rules.grants import Actor, HeldPost, Role
from cases.services import (
    additions,
    aftercare,
    closing,
    coordinating,
    handling,
    intake,
    rectifying,
    suspending,
)
from cases.services.erasing import erase_case

Doing = Callable[..., Case]
LATER = datetime(2030, 1, 1, tzinfo=UTC)  # a limit that no test reaches
SUPERVISOR = Actor(None, (HeldPost(None, Role.SUPERVISOR),))


def market() -> int:
    """The department that every case of the tests is dispatched to."""
    return Department.objects.get(code="S02").pk


def village() -> int:
    """A unit without account."""
    return Department.objects.get(code="V02").pk


def registry() -> int:
    """A department that no case of the tests is dispatched to."""
    return Department.objects.get(code="S04").pk


def after(before: Act, service: Doing) -> Doing:
    """The service of an act that has another before it, which the 专员 does first where it can be done."""

    def both(*, number: str, now: datetime, **asked: object) -> Case:
        with suppress(CaseError):
            do(before, number, SUPERVISOR, now)
        return service(number=number, now=now, **asked)

    return both


def of_suspension(service: Doing) -> Doing:
    """The service of an act on what stands still in a case: the last suspension, or one that there is not."""

    def named(*, number: str, **asked: object) -> Case:
        last = Suspension.objects.filter(case__number=number).order_by("-version").first()
        return service(number=number, of=last.version if last else 0, **asked)

    return named


def services() -> dict[Act, tuple[Doing, dict[str, object]]]:
    """The service of each act on an existing case, and what it takes besides number, actor and moment."""
    return {
        Act.ACCEPT: (intake.accept_case, {"difficulty": Difficulty.ORDINARY, "rule_version": 1}),
        Act.REDIRECT: (intake.redirect_case, {"reason": "consumer", "explanation": "请拨打 12315。"}),
        Act.RESOLVE: (
            closing.resolve_case,
            {
                "outcome": Outcome.EXPLAINED,
                "reply": "已当面说明要带的材料。",
                "evidence": "当面解释，本人表示明白。",
                "recurrence": Recurrence.YES,
            },
        ),
        Act.DISPATCH: (handling.dispatch_case, {"department_id": market()}),
        Act.SIGN: (handling.sign_share, {}),
        Act.CONTACT: (handling.contact_reporter, {"way": ContactWay.PHONE, "reached": True}),
        Act.ANSWER: (handling.answer_share, {"conclusion": Conclusion.DONE, "text": "请到 3 号窗领取。"}),
        Act.CARRY: (
            handling.carry_answer,
            {
                "department_id": village(),
                "conclusion": Conclusion.DONE,
                "text": "证明已经开好。",
                "source": "村委会来电。",
            },
        ),
        Act.SEND_BACK: (handling.send_back, {"department_id": market(), "reason": "没有写领取时间。"}),
        Act.PUBLISH: (closing.publish_reply, {"text": "您的营业执照已办好。"}),
        Act.CLOSE: (
            closing.close_case,
            {"outcome": Outcome.DONE, "evidence": "电话核实。", "recurrence": Recurrence.UNSURE},
        ),
        Act.CALL_BACK: (aftercare.call_back, {"reached": True, "resolution": Resolution.SOLVED, "grade": 5}),
        Act.RATE: (aftercare.rate_case, {"resolution": Resolution.PARTLY, "grade": 3, "text": "还行。"}),
        Act.REOPEN: (
            aftercare.reopen_case,
            {"reason": "执照上的地址写错了。", "new_facts": False, "until": None, "rule_version": 1},
        ),
        Act.SUPPLEMENT: (additions.supplement_case, {"text": "补一张租赁合同的照片。"}),
        Act.WITHDRAW: (additions.withdraw_case, {"reason": "已经自己办好了。"}),
        Act.SUPERVISE: (additions.supervise_case, {"text": "请市场监管局今天下班前答复。"}),
        Act.SUSPEND: (
            suspending.suspend_case,
            {
                "reason": SuspensionReason.UPSTREAM,
                "planned_end": LATER.date(),
                "latest_end": LATER.date(),
                "text": "省局〔2026〕12号请示。",
            },
        ),
        Act.RENEW: (
            after(Act.SUSPEND, of_suspension(suspending.renew_suspension)),
            {
                "planned_end": LATER.date() + timedelta(days=9),
                "latest_end": LATER.date() + timedelta(days=9),
                "text": "省局还没有答复。",
            },
        ),
        Act.RESUME: (
            after(Act.SUSPEND, of_suspension(suspending.resume_case)),
            {"text": "省局已经答复。"},
        ),
        Act.EXTEND: (
            coordinating.extend_case,
            {
                "days": 2,
                "reason": "要等测绘结果。",
                "most_days": 10,
                "until": LATER,
                "due_at": LATER,
            },
        ),
        Act.RECLASSIFY: (
            coordinating.reclassify_case,
            {"difficulty": Difficulty.HARD, "reason": "没有现成的规定，要请示。", "until": LATER},
        ),
        Act.REDISPATCH: (
            coordinating.redispatch_share,
            {"from_department_id": market(), "department_id": registry(), "reason": "职责在登记中心。"},
        ),
        Act.CALL_MEETING: (coordinating.call_meeting, {"text": "请两家一起定材料。"}),
        Act.HOLD_MEETING: (after(Act.CALL_MEETING, coordinating.hold_meeting), {}),
        Act.FILE_MINUTES: (
            after(Act.HOLD_MEETING, coordinating.file_minutes),
            {"text": "登记中心三天内出证明。"},
        ),
        Act.CONTACT_RATER: (
            rectifying.contact_rater,
            {"way": ContactWay.PHONE, "text": "说是指南没有改。"},
        ),
        Act.RECTIFY: (rectifying.rectify_case, {"text": "指南已经改过来。"}),
        Act.ERASE: (erase_case, {"basis": "consent_withdrawn"}),
    }


def do(act: Act, number: str, actor: Actor, now: datetime, **changes: object) -> Case:
    """Carry out one act."""
    service, values = services()[act]
    return service(number=number, actor=actor, now=now, **{**values, **changes})
