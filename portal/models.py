"""What pages need to remember: the result of a form that was already carried out, and what the register (台账) was given."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models


class FormOnce(models.Model):
    """One form that was sent (幂等键): a double click, a second Enter or a retry leads to the same result page."""

    who = models.CharField(max_length=64)  # user id or a digest of the session
    route = models.CharField(max_length=60)
    key = models.UUIDField()
    target = models.CharField(max_length=200)
    done_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["who", "route", "key"], name="form_once"),)
        indexes = (models.Index(fields=["done_at"], name="form_once_age"),)


class DraftFile(models.Model):
    """A file that a citizen chose before sending; deleted after two days when it never became part of a case."""

    path = models.CharField(max_length=120, unique=True)
    kept_at = models.DateTimeField(db_index=True)


class RegisterRun(models.Model):
    """One file brought to the register (台账导入): who, when, what came of it. An ended run stays as it is, for ever."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人"
    )
    file = models.CharField("文件名", max_length=120)
    sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField("行数")
    chosen_at = models.DateTimeField("选择时间")
    asked_at = models.DateTimeField("开始导入", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    worked_at = models.DateTimeField(null=True)  # the last sign of life of who works on it
    done = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField("已导入", null=True)
    already_there = models.PositiveIntegerField("原来已有", null=True)
    rejected = models.PositiveIntegerField("未导入", null=True)
    problem = models.CharField("没有完成的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "台账导入"
        indexes = (
            models.Index(
                fields=["id"],
                condition=models.Q(ended_at__isnull=True, asked_at__isnull=False),
                name="register_run_waiting",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="register_run_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="register_run_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        )


class RegisterPaper(models.Model):
    """What a run holds of people, sealed: the file until the run has ended, the fate of its rows for some days more."""

    run = models.OneToOneField(RegisterRun, models.CASCADE, primary_key=True, related_name="paper")
    file_sealed = models.BinaryField(null=True)
    fates_sealed = models.BinaryField(null=True)
    kept_at = models.DateTimeField(db_index=True)


class SheetTemplate(models.Model):
    """A blank sheet (照表填报) that a superior office wants filled."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField("表名", max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    headers = models.JSONField(default=list)
    file_sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "填报表样"


class HeaderWord(models.Model):
    """What somebody said a column head means (列名); empty: to be left blank."""

    word = models.CharField("列名", max_length=60, unique=True)
    column = models.CharField("内容", max_length=30, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "列名对照"
