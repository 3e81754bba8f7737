"""Strict reading of single values in a document (规则包): what is mistyped is refused in Chinese, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

MOST = 2000  # of days, hours and points: more is a slip of the pen
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


def whole(value: object, name: str, *, least: int = 0) -> int:
    """Return a whole number from `least` to MOST; True is none.

    >>> whole(3, "days")
    3
    >>> whole(True, "days")
    Traceback (most recent call last):
    ValueError: days 应为 0 至 2000 的整数
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
        raise ValueError(f"{name} 应为 {least} 至 {MOST} 的整数")
    return value


def text(value: object, name: str) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} 应为文字")
    return value


def yes_or_no(value: object, name: str) -> bool:
    """Return a truth value; 1 is none."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} 应为 true 或 false")
    return value


def day(value: object, name: str) -> date:
    """Return a date written as 2026-01-01 and no other way."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.isoformat() != value:
        raise ValueError(f"{name} 应为 2026-01-01 这样的日期")
    return found


def clock_time(value: object, name: str) -> time:
    """Return a time of day written as 08:30 and no other way.

    >>> clock_time("16:30", "late_after")
    datetime.time(16, 30)
    >>> clock_time("4:30", "late_after")
    Traceback (most recent call last):
    ValueError: late_after 应为 08:30 这样的时刻
    """
    if not isinstance(value, str) or not _CLOCK_TIME.fullmatch(value):
        raise ValueError(f"{name} 应为 08:30 这样的时刻")
    return time.fromisoformat(value)


def one_of(words: type[_Word], value: object, name: str) -> _Word:
    """Return the member of an enum that a value names."""
    if not isinstance(value, str) or value not in set(words):
        raise ValueError(f"{name} 没有 {value} 这一种")
    return words(value)


def only(document: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Refuse keys that nobody knows, and what is no set of keys."""
    if not isinstance(document, Mapping):
        raise ValueError(f"{where}应为一组内容")
    unknown = sorted(str(key) for key in document.keys() - known)
    if unknown:
        raise ValueError(f"{where}中有不认识的项：{'、'.join(unknown)}")
