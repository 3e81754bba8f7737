"""Pinyin initials of names, as clerks type them (刘晓明 → lxm). Surnames are read as surnames: 单 is shan, not dan."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

from cases.rules.contacts import clean_spaces, fold_name

# Surnames whose initial differs from the reading that dictionaries give first. (Two-character surnames read right.)
_SURNAMES = dict(zip("单曾仇解查区繁乐秘折召种翟覃隗祭句佴粘乜么", "szqxzopybssczqwzgnnny", strict=True))


def initials(text: str) -> str:
    """Return lower-case initials; a single word without Chinese characters is taken to be initials already.

    >>> initials("单小明"), initials("单于明"), initials("欧阳娜娜"), initials(" LXM "), initials("John Smith")
    ('sxm', 'cym', 'oynn', 'lxm', 'js')
    """
    words = clean_spaces(text).split(" ")
    if len(words) > 1:  # Latin names keep their spaces
        return "".join(word[0] for word in words).casefold()
    name = fold_name(text)
    surname = name[:1] if name[:1] in _SURNAMES and name[:2] != "单于" else ""
    rest = name[len(surname) :]
    letters = lazy_pinyin(rest, style=Style.FIRST_LETTER, errors=list) if rest else []
    return _SURNAMES.get(surname, "") + "".join(letters).casefold()


_FULL = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "盖": "ge",
    "朴": "piao",
    "翟": "zhai",
}


def spelled(text: str) -> str:
    """Return a name in whole pinyin syllables without gaps, as user names are made; empty when nothing can be spelled.

    >>> spelled("曾晓明"), spelled("欧阳娜娜"), spelled("吕 布"), spelled("□")
    ('zengxiaoming', 'ouyangnana', 'lvbu', '')
    """
    name = fold_name(text)
    syllables = [_FULL[name[0]]] if name[:1] in _FULL else []
    syllables += lazy_pinyin(name[len(syllables) :], errors="ignore")
    return re.sub(r"[^a-z0-9]", "", "".join(syllables).casefold())
