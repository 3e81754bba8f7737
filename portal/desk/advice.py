"""Advice on plain Chinese: long sentences, bare document numbers, office words. Advice, never a refusal (pages.md D3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cases.rules.wrong_words import NOT_FOR_CITIZENS

LONGEST = 40  # characters in a sentence for citizens (pages.md A23)
_ENDS = re.compile(r"[。！？；!?;\n]")
_DOCUMENT = re.compile(r"[〔\[(（]\s*\d{4}\s*[〕\])）]\s*(?:第\s*)?\d+\s*号")


def advice_on(text: str) -> list[str]:
    """Return what could be said more plainly, in the order of the text, each remark once.

    >>> advice_on("您的营业执照已经办好，请带身份证到三号窗领取。")
    []
    >>> advice_on("依据粤办函〔2020〕21号办理。")
    ['有文号“〔2020〕21号”，请写出文件名称，或用一句话说明它的意思。']
    >>> advice_on("《关于便利开办企业的通知》（粤办函〔2020〕21号）规定可以先收件。")
    []
    >>> advice_on("好" * 40), advice_on("好" * 41)
    ([], ['“好好好好好好好好好好好好……”这一句有 41 个字，可以拆成两句。'])
    >>> advice_on("您的材料已退回。")
    ['“退回”是办公用语，请换成平常话。']
    """
    return list(dict.fromkeys(remark for part in _ENDS.split(text) for remark in _remarks(part.strip())))


def _remarks(sentence: str) -> Iterator[str]:
    if len(sentence) > LONGEST:
        yield f"“{sentence[:12]}……”这一句有 {len(sentence)} 个字，可以拆成两句。"
    document = _DOCUMENT.search(sentence)
    if document and "《" not in sentence:
        yield f"有文号“{document.group()}”，请写出文件名称，或用一句话说明它的意思。"
    for word in sorted(word for word in NOT_FOR_CITIZENS if word in sentence):
        yield f"“{word}”是办公用语，请换成平常话。"
