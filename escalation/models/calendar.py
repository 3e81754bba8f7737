"""Calendars and rules as data with provenance. Versions are immutable: triggers refuse UPDATE and DELETE.

A calendar version is complete (days, notices, office hours), so that one number names everything a due moment was computed from.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from escalation.rules.holiday_notices import Layer

LAYERS = [
    (Layer.STATUTORY.value, "法定节假日"),
    (Layer.NATIONAL.value, "国务院办公厅通知"),
    (Layer.CITY.value, "本市"),
    (Layer.HALL.value, "大厅"),
]


def immutable(table: str) -> list[pgtrigger.Trigger]:
    """Return the trigger that refuses to change or remove a row of a version."""
    return [pgtrigger.Protect(name=f"{table}_immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class CalendarVersion(models.Model):
    """One version of the working calendar (工作日历); the highest number is the current one."""

    number = models.PositiveIntegerField("版本", unique=True)
    source = models.CharField(
        "依据", max_length=200
    )  # document number, or the package it was first loaded from
    entered_by = models.CharField("录入人", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "工作日历版本"
        triggers = immutable("calendar_version")

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class YearNotice(models.Model):
    """The notice of one year (放假安排通知), present in a version: a year without one is provisional."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="notices")
    year = models.PositiveSmallIntegerField("年份")
    document = models.CharField("文号", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "放假安排通知"
        constraints = (models.UniqueConstraint(fields=["version", "year"], name="notice_once_a_year"),)
        triggers = immutable("year_notice")


class CalendarDay(models.Model):
    """One day that differs from its weekday: off (休) or on (班), with its name and the layer it comes from."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="days")
    layer = models.CharField("层级", max_length=10, choices=LAYERS)
    hall = models.ForeignKey("cases.Hall", models.PROTECT, null=True, related_name="+", verbose_name="大厅")
    notice_year = models.PositiveSmallIntegerField("哪一年的通知", null=True)
    document = models.CharField("文号", max_length=60, blank=True)
    day = models.DateField("日期")
    is_off = models.BooleanField("休")
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "日历日"
        constraints = (
            models.UniqueConstraint(
                fields=["version", "layer", "hall", "day"], nulls_distinct=False, name="calendar_day_once"
            ),
            models.CheckConstraint(
                condition=models.Q(layer=Layer.HALL.value, hall__isnull=False)
                | (~models.Q(layer=Layer.HALL.value) & models.Q(hall__isnull=True)),
                name="calendar_day_hall_of_layer",
            ),
        )
        triggers = immutable("calendar_day")


class OfficeHours(models.Model):
    """Office hours (办公时间) of the city (no hall) or of one hall; `sessions` is [["08:30", "12:00"], …]."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="hours")
    hall = models.ForeignKey("cases.Hall", models.PROTECT, null=True, related_name="+", verbose_name="大厅")
    valid_from = models.DateField("起", null=True)
    valid_to = models.DateField("止", null=True)
    sessions = models.JSONField("时段")

    class Meta:
        verbose_name = verbose_name_plural = "办公时间"
        triggers = immutable("office_hours")


class RuleVersion(models.Model):
    """One version of the rule package (规则包), as the document that rules/limits.py reads."""

    version = models.PositiveIntegerField("版本", unique=True)
    effective_from = models.DateField("生效日期")
    document = models.JSONField("内容")
    source = models.CharField("依据", max_length=200)
    entered_by = models.CharField("录入人", max_length=60)
    created_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "规则包版本"
        triggers = immutable("rule_version")

    def __str__(self) -> str:
        return f"第 {self.version} 版"
