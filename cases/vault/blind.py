"""Blind indexes: keyed digests by which sealed names and numbers are found again, by equality only.

Each purpose has its own label, so that equal values of two columns never look alike. What is indexed is folded first
(cases.rules.contacts), hence the same functions serve for storing and for whatever is typed into a search box.
"""

from __future__ import annotations

from django.conf import settings

from cases.rules.contacts import fold_name, fold_phone
from cases.vault.mac import hmac_sm3
from cases.vault.pinyin import initials

INDEX_BYTES = 16
TAIL_DIGITS = 4


def phone_index(phone: str) -> bytes:
    """Index of a whole telephone number, mobile or landline."""
    return _index("phone", fold_phone(phone))


def tail_index(phone: str) -> bytes:
    """Index of the last four digits; takes the whole number or just the four."""
    return _index("tail", fold_phone(phone)[-TAIL_DIGITS:])


def name_index(name: str) -> bytes:
    """Index of a person's or an organisation's name."""
    return _index("name", fold_name(name))


def initials_index(name_or_initials: str) -> bytes:
    """Index of the pinyin initials of a name; takes the name (刘晓明) or the initials (lxm)."""
    return _index("initials", initials(name_or_initials))


def code_index(credit_code: str) -> bytes:
    """Index of a 统一社会信用代码."""
    return _index("credit-code", "".join(credit_code.split()).upper())


def register_index(*parts: str) -> bytes:
    """Index of what makes a row of a register the same row again; the parts are folded by the caller."""
    return _index("register", "\0".join(parts))


def _index(purpose: str, folded: str) -> bytes:
    return hmac_sm3(settings.INDEX_KEY.encode(), f"index:{purpose}", folded.encode())[:INDEX_BYTES]
