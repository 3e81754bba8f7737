"""Case numbers (编号) and query codes (查询码): how they are written, read back and checked.

A number reads `岐安-东区-261022-00009-9`: place, day, serial of that day in the whole city, check digit. The digits alone
(`261022000099`) identify the case, so that whatever grouping a person types leads to it. The check digit is ISO 7064
MOD 11,10 over day and serial: any single wrong digit is caught before the database is asked. A number is no secret;
the six-digit query code is. Source: trust.md 7.2, pages.md C3.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

SERIAL_DIGITS = 5  # at least; a city that registers more in one day simply writes one digit more
MAX_SERIAL_DIGITS = 7
CODE_DIGITS = 6

_GAPS = r"[\s\-_/‐‑‒–—―−﹣ー]"  # what people and printers put between groups
_RUN = re.compile(rf"[0-9](?:{_GAPS}*[0-9])*")
_NOT_DIGIT = re.compile(r"[^0-9]")


class NumberError(ValueError):
    """A number or code that cannot be right; `message` is the Chinese sentence for the person who typed it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class CheckDigitError(NumberError):
    """Shaped like a case number, but the check digit says that a digit was mistyped."""

    def __init__(self) -> None:
        super().__init__("编号有一位不对，请对照跟踪卡再输一次。")


def check_digit(digits: str) -> str:
    """Return the ISO 7064 MOD 11,10 check digit of a string of digits.

    >>> check_digit("0794"), check_digit("26102200009")  # the first is the example of the standard
    ('5', '9')
    """
    remainder = 10
    for digit in digits:
        total = (remainder + int(digit)) % 10 or 10
        remainder = total * 2 % 11
    return str((11 - remainder) % 10)


def compose_digits(day: date, serial: int) -> str:
    """Return the digits that identify the `serial`-th case of `day`, check digit last.

    >>> compose_digits(date(2026, 10, 22), 9)
    '261022000099'
    >>> compose_digits(date(2026, 10, 22), 99999), compose_digits(date(2026, 10, 22), 100000)
    ('261022999998', '2610221000005')

    Errors: ValueError for a serial outside 1…9,999,999 or a year outside 2000–2099.
    """
    if not 1 <= serial < 10**MAX_SERIAL_DIGITS:
        raise ValueError(f"serial {serial} is out of range")
    if not 2000 <= day.year <= 2099:
        raise ValueError(f"the year {day.year} has no two-digit form")
    body = f"{day:%y%m%d}{serial:0{SERIAL_DIGITS}d}"
    return body + check_digit(body)


def group(digits: str) -> str:
    """Return canonical digits in the groups in which they are shown.

    >>> group("261022000099")
    '261022-00009-9'
    """
    return f"{digits[:6]}-{digits[6:-1]}-{digits[-1]}"


def full(place: str, digits: str) -> str:
    """Return the number as printed, place first.

    >>> full("岐安-东区", "261022000099")
    '岐安-东区-261022-00009-9'
    """
    return f"{place}-{group(digits)}" if place else group(digits)


def compose(place: str, day: date, serial: int) -> str:
    """Return the whole number of a new case as printed.

    >>> compose("岐安-东区", date(2026, 10, 22), 9)
    '岐安-东区-261022-00009-9'
    """
    return full(place, compose_digits(day, serial))


def day_of(digits: str) -> date | None:
    """Return the day of registration that a number names, or None when it names none.

    >>> day_of("261022000099"), day_of("260230000015")
    (datetime.date(2026, 10, 22), None)
    """
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def parse(text: str) -> str | None:
    """Return the canonical digits of whatever a person typed, or None when it is no case number at all.

    Any grouping, full-width digits, spaces, hyphens, either case, with or without the place:

    >>> parse("岐安-东区-261022-00009-9"), parse("２６１０２２ ０００ ０９９"), parse("编号：261022000099。")
    ('261022000099', '261022000099', '261022000099')

    A telephone number or a name is not a number; a mistyped digit is an error, before anything is looked up:

    >>> parse("13000000014"), parse("+86 130 0000 0014"), parse("刘女士")
    (None, None, None)
    >>> parse("261022-00008-9")
    Traceback (most recent call last):
    cases.rules.numbering.CheckDigitError: 编号有一位不对，请对照跟踪卡再输一次。
    """
    runs = _RUN.findall(_visible(text))
    if not runs:
        return None
    digits = _NOT_DIGIT.sub("", max(runs, key=len))
    if not SERIAL_DIGITS + 7 <= len(digits) <= MAX_SERIAL_DIGITS + 7 or day_of(digits) is None:
        return None
    if check_digit(digits[:-1]) != digits[-1]:
        raise CheckDigitError
    return digits


def clean_query_code(text: str) -> str:
    """Return the six digits of a query code as typed in any grouping.

    >>> clean_query_code("４８２　９１５"), clean_query_code("482-915")
    ('482915', '482915')
    >>> clean_query_code("48291")
    Traceback (most recent call last):
    cases.rules.numbering.NumberError: 查询码应是 6 位数字，在跟踪卡或短信上。
    """
    digits = re.sub(_GAPS, "", _visible(text))
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", digits):
        raise NumberError("查询码应是 6 位数字，在跟踪卡或短信上。")
    return digits


def show_query_code(code: str) -> str:
    """Return a query code as it is shown and read aloud.

    >>> show_query_code("482915")
    '482 915'
    """
    return f"{code[:3]} {code[3:]}"


def _visible(text: str) -> str:
    """Fold full-width forms and drop invisible characters, which pasting brings along."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")
