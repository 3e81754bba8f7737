"""One Chinese term per idea, for pages, prints and API alike. Nobody else spells these out.

Keys are the plain values of the enums in flow, kinds, grants and classes; a test proves that both sides are complete.
Staff and citizens get separate wordings where the office's word would puzzle a citizen: citizens never read 签收, 派发,
退回 or 不给办. Sources: users.md (Words), design.md (glossary), pages.md A23, policy.md F3, 国办好差评 five grades.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType as Frozen

PORTAL = "办成"
WINDOW = "“办不成事”反映窗口"
CASE = "反映事项"
SECOND_HANDLING = "二次办理"
ERASED_NOTICE = "已依法删除"

STATES: Mapping[str, str] = Frozen(
    {
        "filed": "待受理",
        "accepted": "已受理",
        "handling": "部门办理中",
        "answered": "待窗口核对",
        "replied": "已答复",
        "closed": "已办结",
        "redirected": "已转其他渠道",
        "withdrawn": "已撤回",
    }
)

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

# Event kinds: for staff …
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

# … and for the citizen. `{department}` is filled by `citizen_event`. A kind that is missing here is not shown to citizens.
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

ROLES: Mapping[str, str] = Frozen(
    {
        "citizen": "反映人",
        "clerk": "窗口人员",
        "clerk_lead": "窗口负责人",
        "liaison": "部门联络员",
        "handler": "承办人",
        "head": "部门负责人",
        "follower": "跟办专员",
        "supervisor": "督办专员",
        "bureau_leader": "局领导",
        "viewer": "纪检查看",
        "system_admin": "系统管理员",
        "security_admin": "安全管理员",
        "audit_admin": "审计管理员",
        "registrar": "台账补录",
        "system": "系统自动",
    }
)
HEAD_RANKS: Mapping[int, str] = Frozen({1: "科室负责人", 2: "分管负责人", 3: "主要负责人"})

CHANNELS: Mapping[str, str] = Frozen(
    {
        "counter": "窗口",
        "online": "网上",
        "phone": "电话",
        "hotline": "12345",
        "visit": "上门",
        "bell": "服务铃",
        "letter": "来信",
        "import": "台账导入",
    }
)

DIFFICULTY: Mapping[str, str] = Frozen(
    {"instant": "即办", "ordinary": "一般", "complex": "复杂", "special": "特殊", "hard": "难点"}
)

# The nature is internal; what a citizen may read of it stands in CITIZEN_NATURE.
NATURE: Mapping[str, str] = Frozen({"cannot": "办不了", "difficult": "很难办", "refused": "不给办"})
CITIZEN_NATURE: Mapping[str, str] = Frozen(
    {"cannot": "按现行规定暂时不能办理", "difficult": "办理有困难", "refused": "未说明理由的拒绝"}
)

SHARE_ROLES: Mapping[str, str] = Frozen({"lead": "主办任务", "co": "协办任务"})
SHARE_PARTS: Mapping[str, str] = Frozen({"lead": "主办", "co": "协办"})

RELATIONS: Mapping[str, str] = Frozen(
    {
        "child": "子女",
        "parent": "父母",
        "spouse": "配偶",
        "relative": "亲戚",
        "friend": "朋友、邻居",
        "legal": "法定代表人、经营者",
        "employee": "员工",
        "agent": "代办机构",
        "other": "其他",
    }
)

PARTS: Mapping[str, str] = Frozen({"reporter": "反映人", "principal": "当事人", "contact": "联系人"})

CONCLUSIONS: Mapping[str, str] = Frozen(
    {"done": "已办成", "partly": "部分办成", "cannot": "依法不能办", "takes_time": "需要时间"}
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

RATING_SOURCES: Mapping[str, str] = Frozen(
    {"reporter": "反映人评价", "call_back": "回访", "register": "台账记载"}
)

CONTACT_WAYS: Mapping[str, str] = Frozen(
    {"phone": "电话", "visit": "上门", "counter": "当面", "message": "短信、微信"}
)

OUTCOMES: Mapping[str, str] = Frozen(
    {
        "done": "办成",
        "partly": "部分办成",
        "explained": "解释办结",
        "handed_over": "转办(移送)",
        "withdrawn": "撤回",
        "merged": "并案",
        "unreachable": "无法联系",
    }
)

RECURRENCE: Mapping[str, str] = Frozen({"yes": "会", "no": "不会", "unsure": "说不准"})

SATISFACTION: Mapping[int, str] = Frozen(
    {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
)
RESOLUTION: Mapping[str, str] = Frozen({"solved": "已解决", "partly": "部分解决", "unsolved": "未解决"})
RATING_REASONS: Mapping[str, str] = Frozen(
    {
        "speed": "办理效率",
        "attitude": "服务态度",
        "guide": "办事指南不准",
        "passed_on": "推来推去",
        "over_time": "没有按时办",
        "more_asked": "又增加了条件",
        "other": "其他",
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

SUSPENSION_REASONS: Mapping[str, str] = Frozen(
    {
        "reporter": "等待反映人补正",
        "publicity": "法定公示",
        "procedure": "听证、招标、拍卖、检验、检测、检疫、鉴定或专家评审",
        "upstream": "上级机关请示或垂管系统",
        "force_majeure": "不可抗力",
        "requested": "反映人书面要求暂缓",
    }
)

# What many cases may wait for at once (外部原因).
CAUSE_KINDS: Mapping[str, str] = Frozen({"system": "国家或省垂管系统", "question": "向上级请示的政策问题"})

# … and in the words of a letter to the reporter.
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

SIGNALS: Mapping[str, str] = Frozen(
    {"half": "时限过半", "soon": "临期", "overdue": "超期", "red": "严重超期"}
)
COLOURS: Mapping[str, str] = Frozen({"blue": "蓝色提示", "yellow": "黄牌", "red": "红牌"})

NOTIFY_BY: Mapping[str, str] = Frozen({"sms": "短信", "call": "电话", "window": "到窗口"})

# 个人信息保护法 第四十七条: when personal data must be erased.
ERASURE_BASES: Mapping[str, str] = Frozen(
    {
        "purpose_ended": "处理目的已实现、无法实现或者不再必要",
        "service_ended": "停止提供服务或者保存期限已届满",
        "consent_withdrawn": "个人撤回同意",
        "unlawful": "违反法律、行政法规或者约定处理个人信息",
        "other_law": "法律、行政法规规定的其他情形",
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
