"""Masking of personal data: what a reader without a reason sees (trust.md 7.6, policy.md F7).

Masks work on canonical values and never fail: what they do not understand they hide. The detectors look for identity
numbers, mobile numbers and bank cards in what people wrote; landlines stay, they are how offices are reached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙"
        "钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里"
        "呼延东郭南门羊舌微生公户公玉公仪梁丘公仲公上公门公山公坚左丘公伯西门公祖第五公乘贯丘公皙南荣东里东宫"
        "仲长子书子桑即墨达奚褚师纳兰归海耶律完颜单于叶赫富察",
    )
)
TITLES = frozenset(re.findall("..", "先生女士小姐太太同志师傅老师阿姨大爷大妈叔叔奶奶爷爷"))
STAR = "*"


def mask_name(name: str) -> str:
    """Mask a person's name: the surname stays, each other character becomes a star. A form of address hides nothing.

    >>> [mask_name(n) for n in ("刘洋", "刘德明", "欧阳娜娜", "欧阳", "刘", "王先生", "欧阳女士", "𠅤䶮")]
    ['刘*', '刘**', '欧阳**', '欧*', '刘*', '王先生', '欧阳女士', '𠅤*']

    Names with `·` start with the given name, Latin ones often do: of those one letter stays, and no length is told.

    >>> mask_name("阿卜杜拉·买买提"), mask_name("John Smith"), mask_name("")
    ('阿**', 'J**', '')
    """
    name = name.strip()
    if not name:
        return ""
    if "·" in name or name[0].isascii():
        return name[0] + STAR * 2
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    rest = name[len(surname) :]
    return name if rest in TITLES else surname + STAR * (len(rest) or 1)


def mask_organisation(name: str) -> str:
    """Mask an organisation: the first two and the last four characters stay, with at least two hidden.

    >>> mask_organisation("岐安市鼎盛五金制品有限公司"), mask_organisation("东区小吃店"), mask_organisation("鼎盛")
    ('岐安*******有限公司', '东区**店', '鼎*')
    """
    if len(name) < 4:
        return name[:1] + STAR * (len(name) - 1)
    tail = min(4, len(name) - 4)
    return name[:2] + STAR * (len(name) - 2 - tail) + name[len(name) - tail :]


def mask_phone(phone: str) -> str:
    """Mask a canonical telephone number: mobile, landline with area code, or with country code.

    >>> mask_phone("13812345678"), mask_phone("0700-88001037"), mask_phone("0700-88001037转12"), mask_phone("+85291234567")
    ('138****5678', '0700-****1037', '0700-****1037', '+852****4567')
    >>> mask_phone("8800"), mask_phone("")
    ('****', '')
    """
    number = phone.partition("转")[0]
    area, hyphen, local = number.partition("-")
    if hyphen:
        return f"{area}-{STAR * max(len(local) - 4, 4)}{local[-4:]}"
    if number.startswith("+"):
        return f"{number[:4]}{STAR * 4}{number[-4:]}"
    if len(number) < 11:
        return STAR * len(number)
    return f"{number[:3]}{STAR * (len(number) - 7)}{number[-4:]}"


def mask_id_number(number: str) -> str:
    """Mask an identity number: the first and the last character stay.

    >>> mask_id_number("44010119900307123X")
    '4****************X'
    """
    return number[:1] + STAR * (len(number) - 2) + number[-1:] if len(number) > 2 else STAR * len(number)


def mask_credit_code(code: str) -> str:
    """Mask a 统一社会信用代码: kind of registration and last four stay, region and number do not.

    >>> mask_credit_code("91110000600037341L")
    '91************341L'
    """
    return code[:2] + STAR * (len(code) - 6) + code[-4:] if len(code) > 6 else STAR * len(code)


class Found(NamedTuple):
    """A piece of personal data in a text: kind, where it stands, and what to show instead."""

    kind: str  # id_number, mobile, bank_card
    start: int
    end: int
    masked: str


_HALF = str.maketrans("０１２３４５６７８９Ｘｘ－＋　", "0123456789Xx-+ ")  # one to one: positions stay
_SEP = r"[ \-–—.]?"
_ID = re.compile(rf"(?<![0-9A-Za-z])[1-8](?:{_SEP}[0-9]){{16}}{_SEP}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<![0-9])1[3-9][0-9](?:{_SEP}[0-9]){{8}}(?![0-9])")
_MOBILE_86 = re.compile(rf"(?<![0-9])86{_SEP}1[3-9][0-9](?:{_SEP}[0-9]){{8}}(?![0-9])")
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{14,18}(?![0-9])")
_CARD_IN_FOURS = re.compile(r"(?<![0-9])[3-6][0-9]{3}(?:[ \-–—][0-9]{4}){3}(?![0-9])")
_CARD_IN_FOURS_AND_REST = re.compile(rf"{_CARD_IN_FOURS.pattern}[ \-–—][0-9]{{1,3}}(?![0-9])")
_ANY = re.compile(rf"[0-9](?:{_SEP}[0-9]){{10}}")  # most texts hold no long number at all
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MAX_GAPS = 5


def is_id_number(number: str) -> bool:
    """Say whether 18 characters are a valid identity number: a real day of birth and the right check character.

    The check character matters: registration numbers of offices also begin with region and day. Source: GB 11643.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021"), is_id_number("110105194913310024")
    (True, False, False)
    """
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def is_bank_card(number: str) -> bool:
    """Say whether digits pass the Luhn test of bank cards.

    >>> is_bank_card("6222021234567890128"), is_bank_card("6222021234567890129")
    (True, False)
    """
    doubled = (int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _mask_card(number: str) -> str:
    return number[:4] + STAR * (len(number) - 8) + number[-4:]


# The order decides where patterns overlap: an identity number is never reported as a bank card.
_DETECTORS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool], Callable[[str], str]], ...] = (
    ("id_number", _ID, is_id_number, mask_id_number),
    ("bank_card", _CARD, is_bank_card, _mask_card),
    ("bank_card", _CARD_IN_FOURS_AND_REST, is_bank_card, _mask_card),
    ("bank_card", _CARD_IN_FOURS, is_bank_card, _mask_card),
    ("mobile", _MOBILE_86, lambda n: True, lambda n: mask_phone(n[2:])),
    ("mobile", _MOBILE, lambda n: True, mask_phone),
)


def find_personal(text: str) -> list[Found]:
    """Return identity numbers, bank cards and mobile numbers in a text, in order, without overlaps.

    Full-width digits and single gaps between groups are seen through; a longer number is not searched for shorter ones.

    >>> [(f.kind, f.start, f.end, f.masked) for f in find_personal("电话１３８ １２３４-5678，不是编号261022000099")]
    [('mobile', 2, 15, '138****5678')]
    """
    half = text.translate(_HALF)
    found: list[Found] = []
    if not _ANY.search(half):
        return found
    for kind, pattern, is_one, mask in _DETECTORS:
        for start, end, number in _candidates(pattern, half):
            if is_one(number) and not any(start < f.end and f.start < end for f in found):
                found.append(Found(kind, start, end, mask(number)))
    return sorted(found, key=lambda f: f.start)


def _candidates(pattern: re.Pattern[str], half: str) -> Iterator[tuple[int, int, str]]:
    """Yield every match, overlapping ones too, as positions and bare number."""
    position = 0
    while match := pattern.search(half, position):
        number = re.sub(r"[^0-9Xx]", "", match[0])
        if len(match[0]) - len(number) <= MAX_GAPS:
            yield match.start(), match.end(), number
        position = match.start() + 1


def mask_text(text: str) -> str:
    """Return the text with identity numbers, bank cards and mobile numbers masked, everything else as it was.

    >>> mask_text("我叫刘洋，身份证11010519491231002X，电话138-1234-5678，请回0700-88001037")
    '我叫刘洋，身份证1****************X，电话138****5678，请回0700-88001037'
    """
    pieces, last = [], 0
    for found in find_personal(text):
        pieces += [text[last : found.start], found.masked]
        last = found.end
    return "".join([*pieces, text[last:]])
