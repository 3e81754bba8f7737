"""Who reported, as paper registers write it: names and telephones, tidied; what cannot be right is asked for."""

from __future__ import annotations

import re
import unicodedata

from cases.rules.contacts import ContactError, clean_name, clean_phone
from cases.rules.register_columns import CellError

# What people write where there is nothing to write.
NOTHING = frozenset(
    {
        "",
        "无",
        "没有",
        "暂无",
        "未知",
        "不详",
        "不明",
        "未留",
        "未提供",
        "未填",
        "未登记",
        "空",
        "/",
        "\\",
        "-",
        "--",
    }
)
_SEVERAL = re.compile(r"[/;,、\n|]|或|\s{2,}|(?<=[0-9]{11})\s+(?=[0-9+])")
_SEVERAL_NAMES = re.compile(r"[/;,、，；\n|+]")
_MASKED = re.compile(r"[*＊×●○]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?e\+?[0-9]{1,2}", re.IGNORECASE)


def is_nothing(text: str) -> bool:
    """Say whether a cell says that there is nothing.

    >>> is_nothing(" 无 "), is_nothing("——"), is_nothing("无锡")
    (True, True, False)
    """
    folded = re.sub(r"[\s。.]", "", unicodedata.normalize("NFKC", text))
    return folded in NOTHING or not folded.strip("-—–－_*")


def read_name(text: str) -> tuple[str, str]:
    """Return a person's name and a remark. Errors: CellError.

    >>> read_name(" 温 女士 "), read_name("张＊＊"), read_name("李四、王五")
    (('温女士', ''), ('张某某', '姓名有遮住的字，记作“张某某”'), ('李四', '有几位反映人，用了第一位，其余留在原始内容里'))
    >>> read_name("13000000014")
    Traceback (most recent call last):
    cases.rules.register_columns.CellError: 姓名里不能有数字，电话请填在电话一栏。请改好后重新导入。
    """
    if is_nothing(text):
        raise CellError("没有写是谁反映的，请写姓名或“王先生”，不知道就写“匿名”，再重新导入。")
    shown = _MASKED.sub("某", unicodedata.normalize("NFC", text))
    try:
        name = clean_name(shown)
        return name, f"姓名有遮住的字，记作“{name}”" if shown != unicodedata.normalize("NFC", text) else ""
    except ContactError as wrong:
        first, *others = _SEVERAL_NAMES.split(shown.strip())
        if others and first and not any(c.isdecimal() for c in shown):
            return read_name(first)[0], "有几位反映人，用了第一位，其余留在原始内容里"
        raise CellError(f"{wrong.message}请改好后重新导入。") from None


def read_phone(text: str) -> tuple[str, str]:
    """Return a telephone and a remark; "" when there is none. Errors: CellError.

    >>> read_phone("130 0000 0014"), read_phone("１３０００００００１５"), read_phone("+86-13000000014"), read_phone("无")
    (('13000000014', ''), ('13000000015', ''), ('13000000014', ''), ('', '没有电话'))
    >>> read_phone("13000000014.0")[0], read_phone("13000000014；0700-88001037")
    ('13000000014', ('13000000014', '有几个电话，用了第一个，其余留在原始内容里'))
    >>> read_phone("1.3E+10")
    Traceback (most recent call last):
    cases.rules.register_columns.CellError: 电话被表格存成了 1.3E+10，后几位已经没有了。请把这一栏设为文本，重新填写再导入。
    """
    if is_nothing(text):
        return "", "没有电话"
    plain = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", text).strip())
    if _SCIENTIFIC.fullmatch(plain):
        raise CellError(
            f"电话被表格存成了 {plain.upper()}，后几位已经没有了。请把这一栏设为文本，重新填写再导入。"
        )
    if re.search(r"[0-9][*x×]{2,}", plain, re.IGNORECASE):
        raise CellError("电话有几位被遮住了，请填完整的号码，不知道就留空，再重新导入。")
    numbers = [part for part in map(_only_number, _SEVERAL.split(plain)) if part]
    try:
        phone = clean_phone(numbers[0] if len(numbers) > 1 else plain if not numbers else numbers[0])
    except ContactError as wrong:
        raise CellError(f"{wrong.message}请改好后重新导入，不知道就留空。") from None
    return phone, "有几个电话，用了第一个，其余留在原始内容里" if len(numbers) > 1 else ""


def _only_number(part: str) -> str:
    """A part of the cell, if it can be a number: what stands around it in words is not dialled."""
    told = re.sub(
        r"^[^0-9+(]*|(?:\(?(?:本人|子女|家属|儿子|女儿|手机|电话|微信|同号)\)?)+$", "", part.strip()
    )
    return told if sum(c.isdigit() for c in told) >= 5 else ""
