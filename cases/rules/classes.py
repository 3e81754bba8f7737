"""The two axes of a case: difficulty (难度) and nature (性质). Source: policy.md 1.5, F2."""

from __future__ import annotations

from enum import StrEnum


class Difficulty(StrEnum):
    """How hard the matter is; decides the case limit together with the nature."""

    INSTANT = "instant"  # 即办
    ORDINARY = "ordinary"  # 一般
    COMPLEX = "complex"  # 复杂
    SPECIAL = "special"  # 特殊
    HARD = "hard"  # 难点


class Nature(StrEnum):
    """Why it was not done; set by the follower (跟办专员), never by the clerk."""

    CANNOT = "cannot"  # 办不了
    DIFFICULT = "difficult"  # 很难办
    REFUSED = "refused"  # 不给办; internal word


# Who may set which difficulty at acceptance (F2): the window sets the first three, the 专员 the rest.
WINDOW_SETS = (Difficulty.INSTANT, Difficulty.ORDINARY, Difficulty.COMPLEX)


class Channel(StrEnum):
    """Where a case came from."""

    COUNTER = "counter"
    ONLINE = "online"
    PHONE = "phone"
    HOTLINE = "hotline"
    VISIT = "visit"


class Outcome(StrEnum):
    """How a case was closed (办结类型). Source: policy.md F3, closing."""

    DONE = "done"  # 办成
    PARTLY = "partly"  # 部分办成
    EXPLAINED = "explained"  # 解释办结
    HANDED_OVER = "handed_over"  # 转办(移送)
    WITHDRAWN = "withdrawn"  # 撤回
    MERGED = "merged"  # 并案
    UNREACHABLE = "unreachable"  # 无法联系


# Outcomes that the window chooses at closing and on the spot; the others are reached by acts of their own.
CLOSING_OUTCOMES = (Outcome.DONE, Outcome.PARTLY, Outcome.EXPLAINED, Outcome.HANDED_OVER)
ON_THE_SPOT = (Outcome.DONE, Outcome.EXPLAINED)


class Recurrence(StrEnum):
    """Asked at each closing: 别人也会遇到吗? One "yes" proposes an improvement (policy.md F3)."""

    YES = "yes"  # 会
    NO = "no"  # 不会
    UNSURE = "unsure"  # 说不准


class ShareRole(StrEnum):
    """A department's part in a case."""

    LEAD = "lead"  # 主办
    CO = "co"  # 协办


class Conclusion(StrEnum):
    """What a department answers (答复结论). Source: pages.md D3."""

    DONE = "done"  # 已办成
    PARTLY = "partly"  # 部分办成
    CANNOT = "cannot"  # 依法不能办: needs basis and what could be done instead
    TAKES_TIME = "takes_time"  # 需要时间


class ContactWay(StrEnum):
    """How the reporter was contacted (联系方式)."""

    PHONE = "phone"  # 电话
    VISIT = "visit"  # 上门
    COUNTER = "counter"  # 当面
    MESSAGE = "message"  # 短信、微信


class Resolution(StrEnum):
    """The first question of a call-back and of a rating: 问题解决了吗? Source: policy.md F3, pages.md C6."""

    SOLVED = "solved"  # 已解决
    PARTLY = "partly"  # 部分解决
    UNSOLVED = "unsolved"  # 未解决


GRADES = (5, 4, 3, 2, 1)  # 非常满意 … 非常不满意 (国办好差评); the last two are bad ratings (差评)
BAD_GRADES = frozenset({1, 2})


class RatingReason(StrEnum):
    """What was good or bad (评价标签). Source: policy.md 4.1, pages.md C6."""

    SPEED = "speed"  # 办理效率
    ATTITUDE = "attitude"  # 服务态度
    GUIDE = "guide"  # 指南不准
    PASSED_ON = "passed_on"  # 推来推去
    OVER_TIME = "over_time"  # 没有按时办
    MORE_ASKED = "more_asked"  # 又增加了条件
    OTHER = "other"  # 其他


class SuspensionReason(StrEnum):
    """Why time may stand still (中止计时的原因): a closed list. Source: policy.md F1 (许可法 45, Zhongshan 2021)."""

    REPORTER = "reporter"  # 等待反映人补正
    PUBLICITY = "publicity"  # 法定公示
    PROCEDURE = "procedure"  # 听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审
    UPSTREAM = "upstream"  # 上级机关请示或垂管系统
    FORCE_MAJEURE = "force_majeure"  # 不可抗力
    REQUESTED = "requested"  # 反映人书面要求暂缓


# How many failed calls on how many days make a call-back or first contact count as tried (policy.md F3).
CALL_ATTEMPTS, CALL_DAYS = 3, 2
REOPENINGS = 2  # a third time only the 专员 reopens, as 难点 (policy.md F3)
