"""Clock (时限): one run of one obligation, as the fold last computed it. A narrow table, read by the sweep each minute."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from escalation.rules.obligations import OBLIGATIONS

_RIGHTS = sorted(obligation.value for obligation, row in OBLIGATIONS.items() if row.is_right)
_FIRST_IS_BLUE = sorted(obligation.value for obligation, row in OBLIGATIONS.items() if row.first_is_blue)


class Clock(models.Model):
    """Derived rows: written by the fold and the sweep alone, and rebuilt by `manage.py refold`.

    `run` is the version of the event that started it. `judged_until` is the true instant of the last signal judged (or the
    start); `next_signal_at` the next one, null when nothing more can happen. Shares are plain ids: rows are found by case.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    share_id = models.BigIntegerField(null=True)
    obligation = models.CharField(max_length=20)  # rules.obligations.Obligation
    run = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    half_at = models.DateTimeField(null=True)
    soon_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField()
    red_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    judged_until = models.DateTimeField()
    next_signal_at = models.DateTimeField(null=True)
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=12)  # rules.deadlines.Unit
    paused_from = models.DateField(null=True)  # the last suspension (中止计时), whole days
    paused_until = models.DateField(null=True)
    changes = models.PositiveSmallIntegerField(
        default=0
    )  # suspensions, extensions, reclassifications in effect
    deemed = models.BooleanField()
    provisional = models.BooleanField()
    calendar_version = models.PositiveIntegerField()
    rule_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        constraints = (
            models.UniqueConstraint(
                fields=["case", "share_id", "obligation", "run"], nulls_distinct=False, name="clock_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_signal_at", "id"],
                condition=Q(next_signal_at__isnull=False),
                name="clock_next_signal",
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(stopped_at__isnull=True), name="clock_running_due"
            ),
            models.Index(  # late signings and first contacts: was this the department's first in a while?
                fields=["overdue_at", "share_id"],
                condition=Q(obligation__in=_FIRST_IS_BLUE)
                & (Q(stopped_at__isnull=True) | Q(stopped_at__gt=F("overdue_at"))),
                name="clock_first_lateness",
            ),
            models.Index(  # rights (退回、申诉) that have not lapsed: few of very many
                fields=["stopped_at"], condition=Q(obligation__in=_RIGHTS), name="clock_right_until"
            ),
            models.Index(
                fields=["share_id", "due_at"], condition=Q(share_id__isnull=False), name="clock_of_share"
            ),
        )
