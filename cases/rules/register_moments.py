"""Moments as paper registers write them: many forms are read, none is guessed. A day that does not exist is asked for."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cases.rules.register_columns import CellError

EARLIEST = date(2004, 1, 1)  # the first year of the working calendar
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of spreadsheets, local by nature
_SERIAL = re.compile(r"[34][0-9]{4}(?:\.[0-9]+)?|5[0-9]{4}(?:\.[0-9]+)?")
_WEEKDAY = re.compile(r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?")
_DAY = re.compile(
    r"(?P<y>[0-9]{4})(?:\s*[-./年_]\s*)(?P<m>[0-9]{1,2})(?:\s*[-./月_]\s*)(?P<d>[0-9]{1,2})\s*[日号]?"
)
_COMPACT = re.compile(r"(?P<y>20[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9](?:[0-9]{4})?$)")
_CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2})\s*[:点时]\s*(?P<half>半)?(?P<min>[0-9]{1,2})?\s*分?(?:[:\s]*[0-9]{1,2}(?:\.[0-9]+)?\s*秒?)?"
)
_COMPACT_CLOCK = re.compile(r"(?P<h>[0-9]{2})(?P<min>[0-9]{2})(?:[0-9]{2})?")
_AFTERNOON, _MORNING = ("下午", "晚上", "傍晚", "晚", "pm"), ("上午", "早上", "凌晨", "清晨", "早", "am")
_ZONE = re.compile(r"\+0?8:?00$")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー~", "-") | {"。": ".", "．": ".", "：": ":", "∶": ":"})


class Written(NamedTuple):
    """A day, and the time of day if the cell has one."""

    day: date
    at: time | None


def read_moment(text: str) -> Written:
    """Return the day and the time that a cell names. Errors: CellError.

    >>> [str(read_moment(text).day) for text in ("2026-03-02 09:40", "2026.3.12", "２０２６年３月２４日", "2026/3/5", "20260305")]
    ['2026-03-02', '2026-03-12', '2026-03-24', '2026-03-05', '2026-03-05']
    >>> [str(read_moment("2026年3月5日" + text).at) for text in (" 9:35", "上午9点35分", "（周四）下午3点半", "T09:35:20", " 9时05分")]
    ['09:35:00', '09:35:00', '15:30:00', '09:35:00', '09:05:00']
    >>> read_moment("2026-03-05").at is None, read_moment("46086.4"), read_moment("202603050940").at
    (True, Written(day=datetime.date(2026, 3, 5), at=datetime.time(9, 36)), datetime.time(9, 40))
    >>> read_moment("2026-02-30 10:20")
    Traceback (most recent call last):
    cases.rules.register_columns.CellError: 这一天不存在（2026年2月没有30日），请核对后重新导入。
    >>> read_moment("3月5日")
    Traceback (most recent call last):
    cases.rules.register_columns.CellError: 没有写年份，请写成 2026-03-05 09:40 这样再重新导入。
    """
    plain = _plain(text)
    if _SERIAL.fullmatch(plain):
        return _of_serial(float(plain))
    day = _DAY.match(plain) or _COMPACT.match(plain)
    if day is None:
        raise CellError(_why_no_day(plain))
    rest = plain[day.end() :].strip(" t,-")
    return Written(_real_day(int(day["y"]), int(day["m"]), int(day["d"])), _time(rest) if rest else None)


def is_only_time(text: str) -> bool:
    """Say whether a cell has a time of day and no day (two columns, one for each).

    >>> is_only_time("9:35"), is_only_time("下午3点"), is_only_time("2026-03-05"), is_only_time("")
    (True, True, False, False)
    """
    plain = _plain(text)
    if not plain or not re.search("[:点时]", plain):
        return False
    try:
        return _time(plain) is not None
    except CellError:
        return False


def _plain(text: str) -> str:
    half = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    half = "".join(c for c in half if unicodedata.category(c) != "Cf")
    return " ".join(_ZONE.sub("", _WEEKDAY.sub(" ", half)).split())


def _of_serial(serial: float) -> Written:
    moment = _SERIAL_ZERO + timedelta(days=serial) + timedelta(seconds=30)
    has_time = serial % 1 > 0
    return Written(
        _checked(moment.date()), moment.time().replace(second=0, microsecond=0) if has_time else None
    )


def _real_day(year: int, month: int, day: int) -> date:
    try:
        return _checked(date(year, month, day))
    except ValueError as wrong:
        if isinstance(wrong, CellError):
            raise
    why = f"{year}年{month}月没有{day}日" if 1 <= month <= 12 else f"没有{month}月"
    raise CellError(f"这一天不存在（{why}），请核对后重新导入。")


def _checked(day: date) -> date:
    if day < EARLIEST:
        raise CellError(f"{day.year} 年太早，请核对后重新导入。")
    return day


def _time(text: str) -> time | None:
    later = any(word in text for word in _AFTERNOON)
    noon = "中午" in text
    early = any(word in text for word in _MORNING)
    for word in (*_AFTERNOON, *_MORNING, "中午"):
        text = text.replace(word, "")
    if not text.strip():
        return None
    found = _CLOCK.fullmatch(text.strip()) or _COMPACT_CLOCK.fullmatch(text.strip())
    if found is None:
        raise CellError(f"“{text.strip()}”不是一个时刻，请写成 2026-03-05 09:40 这样再重新导入。")
    hour, parts = int(found["h"]), found.groupdict()
    minute = 30 if parts.get("half") else int(parts["min"] or 0)
    if (later and hour < 12) or (noon and hour < 3):
        hour += 12
    if early and hour == 12:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        raise CellError(f"{hour}点{minute:02d}分不存在，请核对后重新导入。") from None


def _why_no_day(plain: str) -> str:
    if re.match(r"[0-9]{1,2}\s*[月./-]\s*[0-9]{1,2}[日号]?(?![0-9./-])", plain):
        return "没有写年份，请写成 2026-03-05 09:40 这样再重新导入。"
    if re.match(r"'?[0-9]{2}[年./-][0-9]{1,2}[月./-][0-9]{1,4}", plain) or re.match(
        r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}", plain
    ):
        return "年份要写四位，并写在最前面，如 2026-03-05 09:40，请改好后重新导入。"
    if plain and set(plain) <= {"#"}:
        return "表格里的栏太窄，只存下了一串 #，请改好后重新导入。"
    return "看不懂这个时间，请写成 2026-03-05 09:40 这样再重新导入。"
