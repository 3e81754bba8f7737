"""The terms of cases, people and classes, as the staff read them. Sources: design.md (glossary), policy.md F3, 国办好差评 five grades."""

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
