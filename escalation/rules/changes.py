"""Changes of calendar and rules (改动): what may be changed, how far a change has come, and what is said of cards in question."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ChangeKind(StrEnum):
    """What is changed."""

    CALENDAR = "calendar"  # 工作日历
    RULES = "rules"  # 规则


class ChangeState(StrEnum):
    """How far a change has come."""

    PROPOSED = "proposed"  # 待确认
    APPROVED = "approved"  # 已批准，等待生效
    APPLYING = "applying"  # 正在适用
    APPLIED = "applied"  # 已适用
    DROPPED = "dropped"  # 已放弃


class Why(StrEnum):
    """Why a card is in question."""

    GONE = "gone"  # issued, and not earned by the new reckoning
    MISSING = "missing"  # earned by the new reckoning, and never issued


class Decision(StrEnum):
    """What a supervisor says of a card in question; what follows from it is done elsewhere (撤销、补发)."""

    KEEP = "keep"
    MEND = "mend"


KINDS: Mapping[str, str] = MappingProxyType({"calendar": "工作日历", "rules": "规则"})
STATES: Mapping[str, str] = MappingProxyType(
    {
        "proposed": "待确认",
        "approved": "已批准，等待生效",
        "applying": "正在适用",
        "applied": "已适用",
        "dropped": "已放弃",
    }
)
WHYS: Mapping[str, str] = MappingProxyType({"gone": "已亮，重算后不该亮", "missing": "未亮，重算后早该亮"})
DECISIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "gone": MappingProxyType({"keep": "维持", "mend": "建议撤销"}),
        "missing": MappingProxyType({"keep": "不补发", "mend": "建议补发"}),
    }
)
