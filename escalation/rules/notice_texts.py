"""Holiday notices as people paste them: one day or stretch a line, or the published text of the State Council's notice itself.

Lines: 2027-01-01 休 元旦, or 2027-01-01至2027-01-03 休 元旦; days may be written 1月1日. The published text: 一、元旦：1月1日（周四）至3日
（周六）放假调休，共3天。1月4日（周日）上班。 What cannot be read is refused with its line, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from escalation.rules.calendar import CalendarError
from escalation.rules.contents import NamedDay
from escalation.rules.differences import describe, runs
from escalation.rules.holiday_notices import (
    KINDS,
    HolidayNotice,
    NoticeDay,
    checked_notice,
    parse_csv,
    parse_json,
)

LONGEST = timedelta(days=31)
MOST_CHARACTERS = 100_000
_DAY = r"(?:(?P<y{0}>\d{{4}})[-/年](?=\d))?(?:(?P<m{0}>\d{{1,2}})[-/月](?=\d))?(?P<d{0}>\d{{1,2}})日?"
_SPAN = re.compile(rf"{_DAY.format(1)}(?:\s*(?:至|到|~|—+)\s*{_DAY.format(2)})?")
_LINE = re.compile(rf"(?P<span>\S+?)[\s,，]+(?P<kind>{'|'.join(KINDS)})[\s,，]+(?P<name>.+)")
_ITEM = re.compile(r"[一二三四五六七八九十]+、(?P<name>[^：:]{1,20})[：:](?P<text>.+)")
_REMARK = re.compile(r"[（(][^（）()]*[）)]")
_TOTAL = re.compile(r"共(\d+)天")
HOW = "应写成 2027-01-01 休 元旦，或 2027-01-01至2027-01-03 休 元旦"


def parse_text(text: str, **given: Any) -> HolidayNotice:
    """Read pasted text in whatever form it is: JSON, CSV, the published notice, or plain lines.

    >>> parse_text("一、元旦：1月1日（周五）至3日（周日）放假，共3天。1月9日（周六）上班。", year=2027, document="x").days[-1]
    NoticeDay(day=datetime.date(2027, 1, 9), is_off=False, name='元旦')
    >>> parse_text("元旦放假", year=2027, document="x")
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 第 1 行看不懂：元旦放假，应写成 2027-01-01 休 元旦，或 2027-01-01至2027-01-03 休 元旦。
    """
    text = text.lstrip("\ufeff").strip()
    if len(text) > MOST_CHARACTERS:
        raise CalendarError("内容太长，一份通知最多 10 万字。")
    if text.startswith(("{", "[")):
        return parse_json(text, **given)
    if (text.splitlines() or [""])[0].replace(" ", "").strip() == "day,kind,name":
        return parse_csv(text, **given)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    year = _year(given.get("year"))
    if any(_ITEM.match(line) for _, line in lines):
        found = [row for _, line in lines if (item := _ITEM.match(line)) for row in _item(item, year)]
    else:
        found = [row for number, line in lines for row in _row(number, line, year)]
    return checked_notice(given, found)


def to_text(notice: HolidayNotice) -> str:
    """Write a notice as the lines that `parse_text` reads.

    >>> notice = parse_text("1月1日至3日 休 元旦", year=2027, document="x")
    >>> to_text(notice)
    '2027-01-01至2027-01-03 休 元旦'
    """
    days = (NamedDay(notice.layer, None, *row) for row in notice.days)
    return "\n".join(describe(run) for run in runs(days))


def days_between(first: date, last: date, is_off: bool, name: str) -> list[NoticeDay]:
    """Return one row for each day of a stretch.

    >>> days_between(date(2026, 9, 9), date(2026, 9, 8), True, "台风停工")
    Traceback (most recent call last):
    escalation.rules.calendar.CalendarError: 结束日期 2026-09-08 早于开始日期 2026-09-09。
    """
    if last < first:
        raise CalendarError(f"结束日期 {last} 早于开始日期 {first}。")
    if last - first >= LONGEST:
        raise CalendarError(f"{first}至{last} 超过 {LONGEST.days} 天，请核对，或分几次写。")
    return [NoticeDay(first + timedelta(offset), is_off, name) for offset in range((last - first).days + 1)]


def day_list(text: str, year: int, where: str) -> list[date]:
    """Read a list of days: 1月9日、2月20日, or 2027-01-09, 2027-02-20.

    >>> [str(day) for day in day_list("1月9日、2027-02-20", 2027, "元旦")]
    ['2027-01-09', '2027-02-20']
    """
    days: list[date] = []
    for word in re.split(r"[、，,;；\s]+", text.strip()):
        span = _SPAN.fullmatch(word) if word else None
        if word and not span:
            raise CalendarError(f"{where}：{word} 不是日期，应写成 2027-01-09 或 1月9日，几天之间用顿号。")
        if span:
            first, last = _dates(span, year, days[-1] if days else None, where)
            days += [row.day for row in days_between(first, last, False, "")]
    return days


def _year(given: object) -> int | None:
    return int(str(given)) if re.fullmatch(r"\d{4}", str(given)) else None


def _row(number: int, line: str, year: int | None) -> list[NoticeDay]:
    """Read one plain line."""
    read = _LINE.fullmatch(line)
    span = _SPAN.fullmatch(read["span"]) if read else None
    if not read or not span:
        raise CalendarError(f"第 {number} 行看不懂：{line[:40]}，{HOW}。")
    first, last = _dates(span, year, None, f"第 {number} 行")
    return days_between(first, last, KINDS[read["kind"]], read["name"].strip())


def _item(item: re.Match[str], year: int | None) -> Iterator[NoticeDay]:
    """Read one numbered item of the published text."""
    name, off, seen = item["name"].strip(), 0, None
    for part in re.split("[。；;，,]", _REMARK.sub("", item["text"])):
        total = _TOTAL.search(part)
        if total and int(total[1]) != off:
            raise CalendarError(
                f"{name}：通知写共 {total[1]} 天，读出来是 {off} 天，请核对，或改用逐行填写。"
            )
        word = next((word for word in ("放假", "上班") if word in part), None)
        if word is None:
            continue
        for span in _SPAN.finditer(part.partition(word)[0]):
            first, last = _dates(span, year, seen, name)
            seen = last
            rows = days_between(first, last, word == "放假", name)
            off = off + len(rows) if word == "放假" else off
            yield from rows


def _dates(span: re.Match[str], year: int | None, seen: date | None, where: str) -> tuple[date, date]:
    """Return first and last day of a span; what is left out is taken from the day before it, or from the notice's year."""
    first = _date(span["y1"], span["m1"], span["d1"], year, seen, where)
    if not span["d2"]:
        return first, first
    return first, _date(span["y2"], span["m2"], span["d2"], first.year, first, where)


def _date(
    year: str | None, month: str | None, day: str, usual: int | None, seen: date | None, where: str
) -> date:
    known_year = int(year) if year else usual
    known_month = int(month) if month else (seen.month if seen else None)
    if known_year is None:
        raise CalendarError(f"{where}：没有写年份。")
    if known_month is None:
        raise CalendarError(f"{where}：{day}日没有写是哪个月。")
    try:
        return date(known_year, known_month, int(day))
    except ValueError:
        raise CalendarError(f"{where}：没有 {known_year}年{known_month}月{int(day)}日 这一天。") from None
