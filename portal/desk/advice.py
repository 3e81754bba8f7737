"""Advice on plain Chinese: long sentences and bare document numbers. Advice, never a refusal (pages.md D3)."""

from __future__ import annotations

import re

LONGEST = 40  # characters in a sentence for citizens (pages.md A23)
_DOCUMENT = re.compile(r"[〔\[(（]\d{4}[〕\])）]\s*\d+\s*号")


def advice_on(text: str) -> list[str]:
    """Return what could be said more plainly.

    >>> advice_on("您的营业执照已经办好，请带身份证到三号窗领取。")
    []
    >>> advice_on("依据粤办函〔2020〕21号办理。")
    ['有文号“〔2020〕21号”，请用一句话说明它的意思。']
    """
    found = []
    for sentence in re.split(r"[。！？；\n]", text):
        if len(sentence.strip()) > LONGEST:
            found.append(f"“{sentence.strip()[:12]}……”这一句有 {len(sentence.strip())} 个字，可以拆成两句。")
    match = _DOCUMENT.search(text)
    if match:
        found.append(f"有文号“{match.group()}”，请用一句话说明它的意思。")
    return found
