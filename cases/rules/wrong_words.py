"""Words that may not be written, and what to write instead. Sources: users.md (Words), pages.md A23.

Read by tests/architecture/test_words.py, which looks through pages, scripts and messages of the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType as Frozen

WRONG_WORDS: Mapping[str, str] = Frozen(
    {
        "承办份额": "承办任务（主办任务、协办任务）",
        "请示": "申请审批（延期申请、退回申请……）；有文号的公文除外",
        "反映件": "反映事项",
        "重开件": "二次办理",
        "发牌": "亮牌",
        "计分榜": "办理质效表",
        "红榜": "办理质效表",
        "失联": "无法联系",
        "转出": "转办(移送)至……",
        "约谈提议": "约谈建议",
        "问责提议": "移送有权机关处理建议",
        "回潮": "问题反弹",
        "毒件": "异常事项",
        "死信": "未送达通知",
        "折叠": "时限重算",
        "扫描": "时限巡检",
        "虚假办结": "疑似虚假办结(待核)，查实之前",
    }
)
# Longer phrases in which such a word is right.
RIGHT_PHRASES: frozenset[str] = frozenset(
    {
        "疑似虚假办结",
        "请示文号",
        "向上级请示",
        "上级机关请示",
        "扫描件",
        "扫描二维码",
        "扫描跟踪卡",
        "扫描上传",
    }
)
# Office words that no page or print for citizens may use (pages.md A23).
NOT_FOR_CITIZENS: frozenset[str] = frozenset({"签收", "派发", "退回", "不给办", "黄牌", "红牌", "亮牌"})
