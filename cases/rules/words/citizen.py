"""What citizens read instead of the office's words: never 签收, 派发, 退回 or 不给办. Sources: users.md (Words), pages.md A23."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType as Frozen

CITIZEN_STATES: Mapping[str, str] = Frozen(
    {
        "filed": "已收到，等待受理",
        "accepted": "已受理",
        "handling": "部门正在办理",
        "answered": "部门已有结果，窗口正在核对",
        "replied": "已答复您",
        "closed": "已办结",
        "redirected": "不归本窗口办，已告诉您该找哪里",
        "withdrawn": "已按您的要求撤回",
    }
)

# The five steps of the tracking page, in order (flow.CITIZEN_STEPS says which state stands where).
CITIZEN_STEPS: tuple[str, ...] = ("已收到", "已受理", "部门办理", "窗口核对", "答复您")

# Event kinds, for the citizen: `{department}` is filled by `citizen_event`. A kind that is missing here is not shown to citizens.
CITIZEN_KINDS: Mapping[str, str] = Frozen(
    {
        "submitted": "已收到您的反映",
        "registered": "窗口已为您登记",
        "accepted": "已受理",
        "redirected": "已告诉您该找哪里办",
        "resolved": "窗口已当场解决",
        "dispatched": "已转给{department}办理",
        "signed": "{department}已开始办理",
        "contacted": "{department}已与您联系",
        "contact_tried": "{department}联系过您，没有联系上",
        "answered": "{department}已有办理结果，窗口正在核对",
        "published": "已答复您",
        "closed": "已办结",
        "suspended": "办理时间暂停计算",
        "resumed": "办理时间继续计算",
        "extended": "办理时间已延长",
        "reclassified": "办理时间已按难易程度调整",
        "renewed": "办理时间继续暂停",
        "reopened": "已开始重新办理",
        "rater_contacted": "窗口已就您的评价与您联系",
        "rectified": "窗口已按您的评价整改",
        "calendar_applied": "放假或停工安排有变，办理期限已重新计算",
        "called_back": "窗口已回访您",
        "call_tried": "窗口回访您，没有联系上",
        "rated": "已收到您的评价",
        "supplemented": "已收到补充材料",
        "urged": "已催促承办单位",
        "supervised": "督办专员已介入",
        "merged": "已与您的另一件反映事项合并办理",
        "withdrawn": "已按您的要求撤回",
        "erased": "个人信息已依法删除",
    }
)

CITIZEN_NATURE: Mapping[str, str] = Frozen(
    {"cannot": "按现行规定暂时不能办理", "difficult": "办理有困难", "refused": "未说明理由的拒绝"}
)

# What a case waits for, in the words of a letter to the reporter.
CITIZEN_SUSPENSION_REASONS: Mapping[str, str] = Frozen(
    {
        "reporter": "等您补充材料",
        "publicity": "依法要先公示",
        "procedure": "依法要先经过听证、检验或专家评审等程序",
        "upstream": "要等上级答复或上级的系统恢复",
        "force_majeure": "遇到了不可抗力",
        "requested": "按您的书面要求暂缓",
    }
)


def citizen_event(kind: str, department: str = "") -> str | None:
    """Return the sentence that a citizen reads for an event, or None when the event is not for citizens.

    >>> citizen_event("dispatched", "市市场监督管理局"), citizen_event("signed")
    ('已转给市市场监督管理局办理', '承办部门已开始办理')
    >>> citizen_event("card_issued") is None
    True
    """
    sentence = CITIZEN_KINDS.get(kind)
    return sentence and sentence.format(department=department or "承办部门")
