"""Calendar versions: the first one, and each notice (放假通知、停工通知) imported after it. Each import makes a new version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction

from cases.models import Hall
from escalation.models import CalendarDay, CalendarVersion, OfficeHours, YearNotice
from escalation.rules.calendar import CalendarError
from escalation.rules.holiday_notices import HolidayNotice, Layer, parse_csv, parse_json
from escalation.services.national import national_notices, package_source, statutory_days

DEFAULT_SESSIONS = [["08:30", "12:00"], ["14:30", "17:30"]]  # policy.md F1
Part = TypeVar("Part", CalendarDay, YearNotice, OfficeHours)
LOCK = 0x0CA1E0DA  # one import at a time


@transaction.atomic
def seed_calendar(*, now: datetime) -> int:
    """Make version 1 from the published notices 2004–2026, unless there is a calendar already; return the current number."""
    _lock()
    current = CalendarVersion.objects.order_by("-number").first()
    if current:
        return current.number
    source = package_source()
    version = CalendarVersion.objects.create(
        number=1, source=source, entered_by="系统初始化", note="2004—2026 年全国放假安排", created_at=now
    )
    for notice in national_notices():
        _add_notice(version, notice, None)
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, layer=Layer.STATUTORY.value, **row._asdict()) for row in statutory_days()
    )
    OfficeHours.objects.create(version=version, sessions=DEFAULT_SESSIONS)
    return version.number


@transaction.atomic
def load_notice(notice: HolidayNotice, *, entered_by: str, now: datetime, note: str = "") -> int:
    """Make a new version from the current one and a notice; return its number.

    A national notice replaces the earlier one of its year; a day of the city or of a hall replaces that day. Open clocks
    keep their version until a batch applies the new one. Errors: CalendarError with a Chinese sentence; nothing is saved.
    """
    _lock()
    current = CalendarVersion.objects.order_by("-number").first()
    if current is None:
        raise CalendarError("还没有工作日历，请先运行 manage.py seed。")
    hall = _hall(notice)
    version = CalendarVersion.objects.create(
        number=current.number + 1, source=notice.document, entered_by=entered_by, note=note, created_at=now
    )
    _copy(current, version, notice, hall)
    try:
        _add_notice(version, notice, hall)
    except IntegrityError:
        raise CalendarError("通知中的某一天已由另一年的通知规定，请核对。") from None
    return version.number


@transaction.atomic
def save_city_hours(sessions: list[list[str]], *, source: str, entered_by: str, now: datetime) -> int:
    """Make a new version in which the city keeps these office hours from the beginning; the current one if it has them.

    Halls with hours of their own keep them. Errors: CalendarError while there is no calendar.
    """
    _lock()
    current = CalendarVersion.objects.order_by("-number").first()
    if current is None:
        raise CalendarError("还没有工作日历，请先运行 manage.py seed。")
    if list(current.hours.filter(hall=None).values_list("sessions", flat=True)) == [sessions]:
        return current.number
    version = CalendarVersion.objects.create(
        number=current.number + 1, source=source, entered_by=entered_by, note="办公时间", created_at=now
    )
    CalendarDay.objects.bulk_create(_into(version, current.days.all()))
    YearNotice.objects.bulk_create(_into(version, current.notices.all()))
    OfficeHours.objects.bulk_create(_into(version, current.hours.exclude(hall=None)))
    OfficeHours.objects.create(version=version, sessions=sessions)
    return version.number


def read_notice(name: str, text: str, **given: Any) -> HolidayNotice:
    """Read an uploaded file by its name's ending (.json or .csv)."""
    if name.lower().endswith(".json"):
        return parse_json(text, **given)
    if name.lower().endswith(".csv"):
        return parse_csv(text, **given)
    raise CalendarError("只能导入 .json 或 .csv 文件。")


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _hall(notice: HolidayNotice) -> Hall | None:
    if notice.layer is not Layer.HALL:
        return None
    hall = Hall.objects.filter(code=notice.hall_code).first()
    if hall is None:
        raise CalendarError(f"没有代码为 {notice.hall_code} 的大厅。")
    return hall


def _copy(
    current: CalendarVersion, version: CalendarVersion, notice: HolidayNotice, hall: Hall | None
) -> None:
    """Copy everything of the current version that the notice does not replace."""
    days = CalendarDay.objects.filter(version=current)
    notices = YearNotice.objects.filter(version=current)
    if notice.year is not None:
        days = days.exclude(layer=Layer.NATIONAL.value, notice_year=notice.year)
        notices = notices.exclude(year=notice.year)
    else:
        days = days.exclude(layer=notice.layer.value, hall=hall, day__in=[row.day for row in notice.days])
    CalendarDay.objects.bulk_create(_into(version, days))
    YearNotice.objects.bulk_create(_into(version, notices))
    OfficeHours.objects.bulk_create(_into(version, current.hours.all()))


def _into(version: CalendarVersion, rows: Iterable[Part]) -> list[Part]:
    """Return unsaved copies that belong to another version."""
    copies = list(rows)
    for row in copies:
        row.pk, row.version = None, version
    return copies


def _add_notice(version: CalendarVersion, notice: HolidayNotice, hall: Hall | None) -> None:
    common = {
        "version": version,
        "layer": notice.layer.value,
        "hall": hall,
        "notice_year": notice.year,
        "document": notice.document,
    }
    CalendarDay.objects.bulk_create(CalendarDay(**common, **row._asdict()) for row in notice.days)
    if notice.year is not None:
        YearNotice.objects.create(version=version, year=notice.year, document=notice.document)
