"""What is done (动作), what the timeline says of it, what is written with it, asked for and owed: the words of the staff."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType as Frozen

ACTS: Mapping[str, str] = Frozen(
    {
        "submit": "提交",
        "register": "登记",
        "accept": "受理",
        "redirect": "转其他渠道",
        "resolve": "现场解决",
        "dispatch": "转办",
        "answer": "答复窗口",
        "carry": "代录答复",
        "publish": "答复反映人",
        "close": "办结",
        "erase": "依法删除",
        "sign": "签收",
        "contact": "联系反映人",
        "send_back": "请部门重新答复",
        "return": "申请退回",
        "suspend": "中止计时",
        "resume": "恢复计时",
        "extend": "延期",
        "reclassify": "改定难度",
        "renew": "续中止",
        "redispatch": "改派",
        "call_meeting": "召集会商",
        "hold_meeting": "会商已召开",
        "file_minutes": "提交会商纪要",
        "contact_rater": "联系评价人",
        "rectify": "整改",
        "reopen": "重新办理",
        "call_back": "回访",
        "rate": "评价",
        "supplement": "补充材料",
        "urge": "催办",
        "supervise": "督办",
        "merge": "并案",
        "withdraw": "撤回",
        "refuse": "否定答复",
        "designate": "指定承办",
        "reveal": "查看完整信息",
    }
)

# Event kinds, for the staff.
KINDS: Mapping[str, str] = Frozen(
    {
        "submitted": "网上提交",
        "registered": "窗口登记",
        "accepted": "已受理",
        "redirected": "已转其他渠道",
        "resolved": "已现场解决",
        "dispatched": "已转办",
        "signed": "已签收",
        "contacted": "已联系反映人",
        "contact_tried": "联系反映人未成",
        "sent_back": "已请部门重新答复",
        "returned": "已退回",
        "answered": "已答复窗口",
        "published": "已答复反映人",
        "closed": "已办结",
        "suspended": "已中止计时",
        "resumed": "已恢复计时",
        "extended": "已延期",
        "reclassified": "已改定难度",
        "reopened": "已重新办理",
        "called_back": "已回访",
        "call_tried": "回访未成",
        "rated": "已评价",
        "supplemented": "已补充材料",
        "urged": "已催办",
        "supervised": "已督办",
        "renewed": "已续中止",
        "meeting_called": "已召集会商",
        "meeting_held": "已召开会商",
        "minutes_filed": "已提交会商纪要",
        "rater_contacted": "已联系评价人",
        "rectified": "已整改",
        "appealed": "部门已申诉",
        "calendar_applied": "工作日历有变，时限已重算",
        "merged": "已并案",
        "withdrawn": "已撤回",
        "refused": "已作否定答复",
        "designated": "已指定承办",
        "card_issued": "已亮牌",
        "rules_applied": "已适用新规则",
        "erased": "已依法删除",
    }
)

# Purposes of what is written (CaseText).
TEXTS: Mapping[str, str] = Frozen(
    {
        "statement": "反映内容",
        "answer": "承办答复",
        "internal": "内部说明",
        "reply": "给反映人的答复",
        "explanation": "转其他渠道说明",
        "closing": "办结依据",
        "recurrence": "举一反三",
        "first_person": "首办人员",
        "instruction": "交办要求",
        "supervision": "督办意见",
        "contact": "联系记录",
        "send_back": "重新答复的要求",
        "call_back": "回访记录",
        "rating": "评价意见",
        "reopening": "重新办理的原因",
        "supplement": "补充说明",
        "withdrawal": "撤回的原因",
        "suspension": "中止计时的依据",
        "renewal": "续中止的依据",
        "resumption": "恢复计时的说明",
        "extension": "延期的理由",
        "reclassifying": "改定难度的理由",
        "redispatch": "改派的理由",
        "meeting": "会商事项",
        "minutes": "会商纪要",
        "rater_contact": "与评价人的联系记录",
        "rectification": "整改情况",
    }
)

APPROVALS: Mapping[str, str] = Frozen(
    {
        "extension": "延期申请",
        "suspension": "中止计时申请",
        "return": "退回申请",
        "refusal": "否定答复申请",
        "reclassification": "改定难度申请",
        "designation": "指定承办申请",
    }
)

OBLIGATIONS: Mapping[str, str] = Frozen(
    {
        "acceptance": "受理时限",
        "dispatch": "转办时限",
        "sign": "签收时限",
        "contact": "首次联系时限",
        "co_answer": "协办答复时限",
        "answer": "部门答复时限",
        "check": "窗口核对时限",
        "case": "办结时限",
        "call_back": "回访时限",
        "interim": "阶段答复时限",
        "return": "退回期限",
        "decide": "审批时限",
        "meeting": "会商时限",
        "minutes": "会商纪要时限",
        "rating_contact": "差评联系时限",
        "rectify": "差评整改时限",
        "appeal": "申诉期限",
        "explain": "说明时限",
    }
)
