"""Every act with what it needs, so that a test can try all of them on any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cases.models import Case, Department
from cases.rules.classes import Conclusion, ContactWay, Difficulty, Outcome, Recurrence, Resolution
from cases.rules.flow import Act
from cases.rules.grants import Actor
from cases.services import additions, aftercare, closing, handling, intake
from cases.services.erasing import erase_case

Doing = Callable[..., Case]


def market() -> int:
    """The department that every case of the tests is dispatched to."""
    return Department.objects.get(code="S02").pk


def village() -> int:
    """A unit without account."""
    return Department.objects.get(code="V02").pk


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
        Act.ERASE: (erase_case, {"basis": "consent_withdrawn"}),
    }


def do(act: Act, number: str, actor: Actor, now: datetime, **changes: object) -> Case:
    """Carry out one act."""
    service, values = services()[act]
    return service(number=number, actor=actor, now=now, **{**values, **changes})
