"""How long a case is kept (保存期限): the promise made when a citizen consents, and what the erase job will go by.

Source: policy.md, records (case 10 years, refusal 30 years); 个人信息保护法 第十九条: no longer than the purpose needs.
"""

from __future__ import annotations

CASE_YEARS = 10
REFUSAL_YEARS = 30  # 否定答复、不予受理


def kept_for_text() -> str:
    """Return the promise in the words of the consent.

    >>> kept_for_text()
    '办结后保存 10 年，依法不予办理的保存 30 年，到期删除'
    """
    return f"办结后保存 {CASE_YEARS} 年，依法不予办理的保存 {REFUSAL_YEARS} 年，到期删除"
