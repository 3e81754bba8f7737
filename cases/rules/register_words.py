"""Words of paper registers for what a case keeps as one of a few values: channel, difficulty, outcome, grade."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType as Frozen
from typing import TypeVar

from cases.rules import words
from cases.rules.classes import Channel, Difficulty, Outcome
from cases.rules.register_columns import CellError
from cases.rules.register_people import is_nothing

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_CHANNELS: Mapping[Channel, str] = Frozen(
    {
        Channel.COUNTER: "现场 来访 现场反映 窗口登记 窗口受理 线下 大厅 当面 到厅 前台 走访窗口",
        Channel.ONLINE: "线上 互联网 网站 网上提交 网上反映 小程序 公众号 微信 微信公众号 app 网络 扫码 二维码 邮箱 电子邮件 信箱",
        Channel.PHONE: "来电 致电 电话反映 热线电话 咨询电话 座机",
        Channel.HOTLINE: "12345热线 热线 政务热线 12345工单 12345政务服务便民热线 市民热线 便民热线 工单",
        Channel.VISIT: "上门服务 走访 下访 入户 上门走访",
    }
)
_DIFFICULTIES: Mapping[Difficulty, str] = Frozen(
    {
        Difficulty.INSTANT: "即办件 简单 立办 当场 立等可办 马上办",
        Difficulty.ORDINARY: "一般件 普通 一般事项 常规 普通件",
        Difficulty.COMPLEX: "复杂件 较复杂 复杂事项 较难",
        Difficulty.SPECIAL: "特殊件 特别 特殊事项",
        Difficulty.HARD: "难点件 疑难 疑难件 疑难问题 难点问题 难 重大疑难",
    }
)
_OUTCOMES: Mapping[Outcome, str] = Frozen(
    {
        Outcome.DONE: "已办成 已办结 办结 已解决 解决 已办理 办理完成 已完成 完成 办妥 已办妥 成功 是 办结归档 当场办结 直接解决",
        Outcome.PARTLY: "部分解决 部分办结 基本解决",
        Outcome.EXPLAINED: "解释 解释说明 已解释 解释说明办结 解释答复 答复解释 政策解释 说明解释 不符合政策",
        Outcome.HANDED_OVER: "转出 转办 移送 已转出 已转办 移交 转其他部门 转其他渠道 转办移送 已移交",
        Outcome.WITHDRAWN: "已撤回 撤销 反映人撤回 撤诉 自行撤回",
        Outcome.MERGED: "合并 已并案 合并办理 重复件",
        Outcome.UNREACHABLE: "联系不上 无法联系反映人 联系不到",
    }
)
_OPEN = "办理中 在办 正在办理 未办结 处理中 办理 待办 跟进中 进行中 待答复 否 未完成 未办成 待办理 正在处理 未解决 待回复 协调中"
_GRADES: Mapping[int, str] = Frozen(
    {
        5: "很满意 十分满意 5分 5星 五星 5颗星 五颗星 ★★★★★",
        4: "4分 4星 四星 4颗星 ★★★★ 比较满意 是",
        3: "一般 3分 3星 三星 3颗星 ★★★ 基本",
        2: "2分 2星 二星 2颗星 ★★ 不太满意 否",
        1: "很不满意 1分 1星 一星 1颗星 ★ 极不满意",
    }
)
_NO_GRADE = frozenset(
    {"未评价", "未评", "未回访", "待评价", "待回访", "无评价", "未反馈", "默认", "系统默认"}
)


def _fold(text: str) -> str:
    return re.sub(r"[\s。.,;:!()\[\]“”\"'·、-]", "", unicodedata.normalize("NFKC", text)).casefold()


def _find(table: Mapping[str, T], text: str) -> T | None:
    """Look a cell up: whole, without a note in brackets, by its first clause."""
    half = unicodedata.normalize("NFKC", text)
    bare = re.sub(r"[(\[【].*?[)\]】]", "", half)
    for form in (half, bare, re.split(r"[,;:。、\n]", bare)[0]):
        found = table.get(_fold(form))
        if found is not None:
            return found
    return None


def _table(own: Mapping[str, str], others: Mapping[E, str]) -> dict[str, E]:
    """Every folded word of an enum: the portal's own (words) and those of registers."""
    table = {_fold(word): value for value, listed in others.items() for word in listed.split()}
    return (
        table
        | {_fold(own[value.value]): value for value in others}
        | {value.value: value for value in others}
    )


_CHANNEL_OF = _table(words.CHANNELS, _CHANNELS)
_DIFFICULTY_OF = _table(words.DIFFICULTY, _DIFFICULTIES)
_OUTCOME_OF = _table(words.OUTCOMES, _OUTCOMES)
_OPEN_TABLE = {_fold(word): word for word in _OPEN.split()}
_GRADE_OF = {
    _fold(word): grade for grade, listed in _GRADES.items() for word in (*listed.split(), str(grade))
} | {_fold(word): grade for grade, word in words.SATISFACTION.items()}


# Parts of longer words that leave no doubt, most telling first.
_WITHIN: Mapping[str, Channel] = Frozen(
    {
        "12345": Channel.HOTLINE,
        "热线": Channel.HOTLINE,
        "上门": Channel.VISIT,
        "电话": Channel.PHONE,
        "来电": Channel.PHONE,
        "微信": Channel.ONLINE,
        "小程序": Channel.ONLINE,
        "信箱": Channel.ONLINE,
        "网": Channel.ONLINE,
        "窗口": Channel.COUNTER,
        "现场": Channel.COUNTER,
        "大厅": Channel.COUNTER,
        "来访": Channel.COUNTER,
    }
)


def _channel_within(text: str) -> Channel | None:
    folded = _fold(text)
    return next((channel for word, channel in _WITHIN.items() if word in folded), None)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 20 else f"{text[:19]}…"


def _one_of(what: str, text: str, own: Mapping[str, str], kinds: type[E]) -> CellError:
    known = "、".join(own[value.value] for value in kinds)
    return CellError(f"没有“{_cut(text)}”这种{what}，请改成其中一种再重新导入：{known}。")


def read_channel(text: str) -> tuple[Channel, str]:
    """Return a channel and a remark. Errors: CellError.

    >>> read_channel("１２３４５ 热线"), read_channel("现场"), read_channel("")
    ((<Channel.HOTLINE: 'hotline'>, ''), (<Channel.COUNTER: 'counter'>, ''), (<Channel.COUNTER: 'counter'>, '没有写渠道，按“窗口”'))
    """
    if is_nothing(text):
        return Channel.COUNTER, f"没有写渠道，按“{words.CHANNELS['counter']}”"
    found = _find(_CHANNEL_OF, text) or _channel_within(text)
    if found is None:
        raise _one_of("渠道", text, words.CHANNELS, Channel)
    return found, ""


def read_difficulty(text: str) -> tuple[Difficulty, str]:
    """Return a difficulty and a remark. Errors: CellError.

    >>> read_difficulty("一般件（3个工作日）")[0], read_difficulty("")[1]
    (<Difficulty.ORDINARY: 'ordinary'>, '没有写难度，按“一般”')
    """
    if is_nothing(text):
        return Difficulty.ORDINARY, f"没有写难度，按“{words.DIFFICULTY['ordinary']}”"
    found = _find(_DIFFICULTY_OF, text)
    if found is None:
        raise _one_of("难度", text, words.DIFFICULTY, Difficulty)
    return found, ""


def read_outcome(text: str) -> Outcome | None:
    """Return how the matter ended, None while it is open. Errors: CellError.

    >>> read_outcome("办成"), read_outcome("已解决，群众满意"), read_outcome("办理中(公示)"), read_outcome("")
    (<Outcome.DONE: 'done'>, <Outcome.DONE: 'done'>, None, None)
    """
    if is_nothing(text) or _find(_OPEN_TABLE, text) is not None:
        return None
    found = _find(_OUTCOME_OF, text)
    if found is None:
        known = "、".join(words.OUTCOMES[value.value] for value in Outcome)
        raise CellError(f"没有“{_cut(text)}”这种结果，请改成其中一种再重新导入：{known}、办理中。")
    return found


def read_grade(text: str) -> tuple[int | None, str]:
    """Return the reporter's grade 5 to 1 and a remark; None is not known, never "satisfied by default".

    >>> read_grade("非常满意"), read_grade("★★★★★"), read_grade("5.0"), read_grade("未评价"), read_grade("98%")
    ((5, ''), (5, ''), (5, ''), (None, ''), (None, '看不懂满意度“98%”，没有记，留在原始内容里'))
    """
    folded = _fold(re.sub(r"\.0+$", "", text.strip()))
    if is_nothing(text) or folded in _NO_GRADE:
        return None, ""
    found = _GRADE_OF.get(folded)
    return found, "" if found else f"看不懂满意度“{text.strip()}”，没有记，留在原始内容里"
