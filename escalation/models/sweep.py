"""SweepRun (时限巡检记录): proof that the sweep ran, and what it found."""

from __future__ import annotations

from django.db import models


class SweepRun(models.Model):
    """One sweep. `started_at` and `finished_at` are the database's clock; a run without an end was cut off."""

    as_of = models.DateTimeField("截至")
    started_at = models.DateTimeField("开始")
    finished_at = models.DateTimeField("结束", null=True)
    examined = models.PositiveIntegerField("检查时限数", default=0)
    moved = models.PositiveIntegerField("推进时限数", default=0)
    refolded = models.PositiveIntegerField("重算件数", default=0)
    cards = models.PositiveIntegerField("亮牌数", default=0)
    errors = models.PositiveIntegerField("异常件数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "时限巡检记录"
        indexes = (models.Index(fields=["-as_of"], name="sweep_latest"),)
