"""Suspensions (中止计时): since when, until when and why time stands still for a case or for one of its shares.

The timeline says the same; this table answers which suspensions end next, and which cases wait for the same outside cause.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case, Share
from cases.models.causes import Cause
from cases.rules import words


class Suspension(models.Model):
    """One suspension, begun by the event `version` of its case. Whole days (policy.md F1).

    The day it starts counts as used, the day it ends does not count, the remaining days run from the next working day. It
    ends by itself at `planned_end`, unless renewed before (the date moves) or ended earlier; `ended_on` is then set.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="suspensions")
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="suspensions")
    version = models.PositiveIntegerField()
    reason = models.CharField("原因", max_length=16, choices=list(words.SUSPENSION_REASONS.items()))
    from_on = models.DateField("起")
    planned_end = models.DateField("计划结束")
    ended_on = models.DateField("实际结束", null=True)
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, related_name="suspensions")

    class Meta:
        verbose_name = verbose_name_plural = "中止计时"
        constraints = (
            models.UniqueConstraint(fields=["case", "version"], name="suspension_once"),
            models.UniqueConstraint(
                fields=["case", "share"],
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="suspension_one_open",
            ),
            models.CheckConstraint(
                condition=Q(planned_end__gt=F("from_on")), name="suspension_planned_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("from_on")),
                name="suspension_ends_after_start",
            ),
        )
        indexes = (
            models.Index(
                fields=["planned_end", "id"], condition=Q(ended_on__isnull=True), name="suspension_ends_next"
            ),
        )
