"""Calendar versions: the first one, and every content (rules.contents) saved after it. Versions are complete and never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cases.models import Hall
from escalation.models import CalendarDay, CalendarVersion, Change, OfficeHours, YearNotice
from escalation.rules.calendar import CalendarError
from escalation.rules.changes import ChangeState
from escalation.rules.contents import (
    CalendarContent,
    NamedDay,
    sessions_from,
    sessions_json,
    with_notice,
    with_only_hours,
)
from escalation.rules.holiday_notices import HolidayNotice, Layer, parse_csv, parse_json
from escalation.rules.hours import HoursPeriod
from escalation.selectors.calendars import content_of, current_number
from escalation.services.national import national_notices, package_source, statutory_days

DEFAULT_SESSIONS = [["08:30", "12:00"], ["14:30", "17:30"]]  # policy.md F1
LOCK = 0x0CA1E0DA  # one version at a time
MOST_BYTES = 512 * 1024  # of a notice


@transaction.atomic
def seed_calendar(*, now: datetime) -> int:
    """Make version 1 from the published notices 2004–2026, unless there is a calendar already; return the current number."""
    _lock()
    current = current_number()
    if current:
        return current
    statutory = tuple(NamedDay(Layer.STATUTORY, None, *row) for row in statutory_days())
    hours = (HoursPeriod(None, None, sessions_from(DEFAULT_SESSIONS)),)
    content = CalendarContent(0, {}, statutory, {None: hours})
    for notice in national_notices():
        content = with_notice(content, notice)
    note = "2004—2026 年全国放假安排"
    return _store(content, source=package_source(), entered_by="系统初始化", now=now, note=note)


@transaction.atomic
def save_content(
    content: CalendarContent, *, source: str, entered_by: str, now: datetime, note: str = ""
) -> int:
    """Store a content as the next version and return its number. Open clocks keep theirs until a batch applies the new one.

    Errors: CalendarError when another version was saved since the content was taken from `content.number`, or while a batch
    brings open cases to the present one; nothing is stored.
    """
    _lock()
    if Change.objects.filter(state=ChangeState.APPLYING.value).exists():
        raise CalendarError("另一项改动正在适用于在办事项，请等它完成后再保存。")
    current = current_number()
    if current != content.number:
        raise CalendarError(
            f"工作日历已经更新到第 {current} 版，这份修改是从第 {content.number} 版开始的，请重新修改后再提交。"
        )
    return _store(content, source=source, entered_by=entered_by, now=now, note=note)


def _store(content: CalendarContent, *, source: str, entered_by: str, now: datetime, note: str) -> int:
    version = CalendarVersion.objects.create(
        number=content.number + 1, source=source, entered_by=entered_by, note=note, created_at=now
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, **(row._asdict() | {"layer": row.layer.value})) for row in content.days
    )
    YearNotice.objects.bulk_create(
        YearNotice(version=version, year=year, document=document)
        for year, document in content.notices.items()
    )
    OfficeHours.objects.bulk_create(
        OfficeHours(
            version=version,
            hall_id=hall_id,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
            sessions=sessions_json(period.sessions),
        )
        for hall_id, periods in content.hours.items()
        for period in periods
    )
    return version.number


@transaction.atomic
def save_city_hours(sessions: list[list[str]], *, source: str, entered_by: str, now: datetime) -> int:
    """Make a new version in which the city keeps these office hours from the beginning; the current one if it has them.

    Halls with hours of their own keep them. Errors: CalendarError while there is no calendar.
    """
    _lock()
    before = content_of()
    content = with_only_hours(before, None, sessions_from(sessions))
    if content.hours[None] == before.hours[None]:
        return before.number
    return save_content(content, source=source, entered_by=entered_by, now=now, note="办公时间")


def notice_of(name: str, data: bytes, **given: Any) -> HolidayNotice:
    """Read a chosen file: UTF-8 with or without mark, or GB 18030, as spreadsheets write it."""
    if len(data) > MOST_BYTES:
        raise CalendarError(f"文件太大，一份通知不超过 {MOST_BYTES // 1024} KB。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return read_notice(name, data.decode(encoding), **given)
        except UnicodeDecodeError:
            continue
    raise CalendarError("文件不是文字，请用 UTF-8 或 GB 18030 编码的 .json 或 .csv 文件。")


def read_notice(name: str, text: str, **given: Any) -> HolidayNotice:
    """Read a file by its name's ending (.json or .csv)."""
    if name.lower().endswith(".json"):
        return parse_json(text, **given)
    if name.lower().endswith(".csv"):
        return parse_csv(text, **given)
    raise CalendarError("只能导入 .json 或 .csv 文件。")


def hall_id_of(notice: HolidayNotice) -> int | None:
    """Return the hall that a notice speaks of by its code. Errors: CalendarError when there is none with that code."""
    if notice.layer is not Layer.HALL:
        return None
    hall_id: int | None = Hall.objects.filter(code=notice.hall_code).values_list("pk", flat=True).first()
    if hall_id is None:
        raise CalendarError(f"没有代码为 {notice.hall_code} 的大厅。")
    return hall_id


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
