"""Names, telephones and credit codes as people type them: tidy, check, and say in Chinese what is wrong.

Lenient in what is accepted (spaces, hyphens, full-width forms, +86), strict in what is kept: one canonical form each,
so that blind indexes find again what was stored. Sources: pages.md C2 and W2, users.md section 2 (organisations),
GB 32100-2015 (统一社会信用代码).
"""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 50
MAX_ORGANISATION = 100
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z

_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･●᛫．", "·"))
_GAPS = re.compile(r"[\s\-‐‑‒–—―−﹣()（）.]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})")
_OUTSIDE = re.compile(r"\+(852[2-9][0-9]{7}|853[2-9][0-9]{7}|886[2-9][0-9]{7,8})")  # 港、澳、台
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#)\s*([0-9]{1,6})$", re.IGNORECASE)
_COUNT = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}
# Old input methods put characters that GBK lacked at private code points; GB 18030 knows the real ones (䶮 among them).
_PRIVATE = {
    0xE815 + n: bytes([0xFE, trail]).decode("gb18030")
    for n, trail in enumerate([*range(0x50, 0x7F), *range(0x80, 0xA1)])
}


class ContactError(ValueError):
    """A value that cannot be right; `message` is the Chinese sentence shown beside the field."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def clean_name(text: str) -> str:
    """Return a person's name in its one written form; rare characters, `·` and “王先生” are all names.

    >>> clean_name("  刘 䶮 "), clean_name("阿卜杜拉•买买提"), clean_name("王先生"), clean_name("John  Smith")
    ('刘䶮', '阿卜杜拉·买买提', '王先生', 'John Smith')
    >>> clean_name("刘13800001234")
    Traceback (most recent call last):
    cases.rules.contacts.ContactError: 姓名里不能有数字，电话请填在电话一栏。
    """
    name = clean_spaces(text)
    if not name:
        raise ContactError("请填写姓名，也可以写“王先生”。")
    if len(name) > MAX_NAME:
        raise ContactError(f"姓名太长，最多 {MAX_NAME} 个字。")
    if any(c.isdecimal() for c in name):
        raise ContactError("姓名里不能有数字，电话请填在电话一栏。")
    _refuse_odd(name, "姓名", "·.'’- ()〇")
    return name


def clean_organisation(text: str) -> str:
    """Return an organisation's name in its one written form.

    >>> clean_organisation("岐安市 湖滨（118号）商行"), clean_organisation("岐安市湖滨(118号)商行")
    ('岐安市湖滨(118号)商行', '岐安市湖滨(118号)商行')
    """
    name = clean_spaces(text)
    if not name:
        raise ContactError("请填写单位名称。")
    if len(name) > MAX_ORGANISATION:
        raise ContactError(f"单位名称太长，最多 {MAX_ORGANISATION} 个字。")
    _refuse_odd(name, "单位名称", "·.'’- ()〇&+,、《》“”\"/#0123456789")
    return name


def clean_spaces(text: str) -> str:
    """Return text in NFC: real code points for private ones, half-width forms, one kind of dot, no invisible or superfluous spaces."""
    text = unicodedata.normalize("NFC", text).translate(_PRIVATE).translate(_DOTS)
    text = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = " ".join(text.split())
    return unicodedata.normalize("NFC", re.sub(r"(?<![A-Za-zÀ-ɏ.]) | (?![A-Za-zÀ-ɏ])", "", text))


def _refuse_odd(name: str, what: str, allowed: str) -> None:
    for char in name:
        category = unicodedata.category(char)
        if category in {"Co", "Cn", "Cs"} or char in "\ufffd□":
            raise ContactError(f"{what}里有一个字系统认不出，请换一种输入法重新输入，或先用拼音代替。")
        if category[0] not in "LM" and char not in allowed:
            raise ContactError(f"{what}里不能有“{char}”。")
    if not any(unicodedata.category(c)[0] == "L" or c == "〇" for c in name):
        raise ContactError(f"{what}里没有文字，请重新填写。")


def clean_phone(text: str) -> str:
    """Return a mobile as 11 digits, a landline as `area-number` (`转` extension), 港澳台 with country code.

    >>> clean_phone("+86 130-0000-0014"), clean_phone("１３０ ００００ ００１４"), clean_phone("(0700) 88001037 转 12")
    ('13000000014', '13000000014', '0700-88001037转12')
    >>> clean_phone("+852 9123 4567")
    '+85291234567'
    >>> clean_phone("1300000001")
    Traceback (most recent call last):
    cases.rules.contacts.ContactError: 手机号少了一位，应是 11 位数字。
    """
    number = _dial(text)
    outside = _OUTSIDE.fullmatch(number)
    if outside:
        return number
    if number.startswith("0"):
        return clean_landline(text)
    if len(number) in {7, 8} and number[0] in "23456789":
        raise ContactError("固定电话请加区号，如 0700-88001037。")
    return clean_mobile(text)


def clean_mobile(text: str) -> str:
    """Return a mainland mobile number as 11 digits.

    >>> clean_mobile("0086 13000000014"), clean_mobile("013000000014")
    ('13000000014', '13000000014')
    >>> clean_mobile("130000000145")
    Traceback (most recent call last):
    cases.rules.contacts.ContactError: 手机号多了一位，应是 11 位数字。
    >>> clean_mobile("12000000014")
    Traceback (most recent call last):
    cases.rules.contacts.ContactError: 手机号开头不对，应是 13 到 19 开头的 11 位数字。
    """
    number = _digits(text, "手机号")
    missing = 11 - len(number)
    if missing:
        word = _COUNT.get(abs(missing), str(abs(missing)))
        raise ContactError(f"手机号{'少' if missing > 0 else '多'}了{word}位，应是 11 位数字。")
    if not _MOBILE.fullmatch(number):
        raise ContactError("手机号开头不对，应是 13 到 19 开头的 11 位数字。")
    return number


def clean_landline(text: str) -> str:
    """Return a landline as `area-number`, with `转n` when an extension was given.

    >>> clean_landline("010 6512 3456"), clean_landline("0700—88001037")
    ('010-65123456', '0700-88001037')
    >>> clean_landline("88001037")
    Traceback (most recent call last):
    cases.rules.contacts.ContactError: 固定电话请加区号，如 0700-88001037。
    """
    number = _digits(text, "固定电话")
    if not number.startswith("0"):
        raise ContactError("固定电话请加区号，如 0700-88001037。")
    match = _LANDLINE.fullmatch(number)
    if match is None:
        raise ContactError("固定电话不对，应是区号加 7 或 8 位号码，如 0700-88001037。")
    extension = _EXTENSION.search(_half(text))
    return f"{match[1]}-{match[2]}" + (f"转{extension[1]}" if extension else "")


def is_mobile(phone: str) -> bool:
    """Say whether a canonical number can receive a text message.

    >>> is_mobile("13000000014"), is_mobile("0700-88001037"), is_mobile("+85291234567")
    (True, False, False)
    """
    return _MOBILE.fullmatch(phone) is not None


def _half(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf").strip()


def _dial(text: str) -> str:
    """Return what would be dialled: no extension, no gaps, no +86, and `+` kept for other country codes only."""
    number = _GAPS.sub("", _EXTENSION.sub("", _half(text)))
    number = re.sub(r"^00(?=86|852|853|886)", "+", number)
    number = re.sub(r"^(?:\+86|86(?=1[0-9]{10}$))", "", number)
    return re.sub(r"^0(?=1[3-9][0-9]{9}$)", "", number)


def _digits(text: str, what: str) -> str:
    number = _dial(text)
    if not number:
        raise ContactError(f"请填写{what}。")
    odd = next((c for c in number if c not in "0123456789"), "")
    if odd:
        raise ContactError(f"{what}里不能有“{odd}”，只填数字。")
    return number


def fold_phone(text: str) -> str:
    """Return the digits by which a number is found again; never fails, because it also reads search boxes.

    >>> fold_phone("+86 130-0000-0014"), fold_phone("0700-88001037转12"), fold_phone("0014")
    ('13000000014', '070088001037', '0014')
    """
    return re.sub(r"[^0-9]", "", _dial(text))


def fold_name(text: str) -> str:
    """Return the form by which a name is found again: tidy, without spaces, dots and case.

    >>> fold_name("阿卜杜拉·买买提") == fold_name("阿卜杜拉 买买提"), fold_name("John Smith")
    (True, 'johnsmith')
    """
    return unicodedata.normalize("NFC", re.sub(r"[ ·.'’\-]", "", clean_spaces(text)).casefold())


def credit_check_character(body: str) -> str:
    """Return the check character over the first 17 characters: weights are powers of 3 modulo 31 (GB 32100-2015).

    >>> credit_check_character("91110000600037341")
    'L'
    """
    total = sum(CREDIT_ALPHABET.index(char) * pow(3, n, 31) for n, char in enumerate(body))
    return CREDIT_ALPHABET[-total % 31]


def clean_credit_code(text: str) -> str:
    """Return a 统一社会信用代码 as 18 upper-case characters.

    >>> clean_credit_code("9111 0000 6000 3734 1l")
    '91110000600037341L'
    >>> clean_credit_code("91110000600037341M")
    Traceback (most recent call last):
    cases.rules.contacts.ContactError: 统一社会信用代码有一位不对，请对照营业执照再输一次。
    """
    code = _GAPS.sub("", _half(text)).upper()
    if not code:
        raise ContactError("请填写统一社会信用代码。")
    if len(code) != 18:
        old = "15 位的是旧注册号，" if len(code) == 15 and code.isdigit() else ""
        raise ContactError(f"{old}统一社会信用代码应是 18 位，现在是 {len(code)} 位。")
    odd = next((c for c in code if c not in CREDIT_ALPHABET), "")
    if odd:
        digit = {"O": "0", "I": "1", "Z": "2", "S": "5"}.get(odd)
        hint = f"，是不是数字 {digit}？" if digit else "。"
        raise ContactError(f"统一社会信用代码里没有“{odd}”{hint}")
    if not code[2:8].isdecimal() or credit_check_character(code[:17]) != code[17]:
        raise ContactError("统一社会信用代码有一位不对，请对照营业执照再输一次。")
    return code
