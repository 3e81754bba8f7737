"""Change (改动): a calendar or rule version that is proposed, shown with its effect, and applied to open cases in one batch.

CardDoubt (待定的牌): a card that the change puts in question. Applying issues and revokes none; a supervisor decides each.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from escalation.rules.changes import KINDS, STATES, WHYS, ChangeState


class Change(models.Model):
    """One proposed version and what became of it; never removed.

    `document` is the whole content (rules.contents) or package (rules.limits). `version` is the number that it was saved as,
    `began_at` the moment from which it holds for open cases, `cursor` the last case done: a batch that is cut off goes on
    behind it. `preview` and `counts` say the same of what would happen and of what happened (rules.previews.Tally).
    """

    kind = models.CharField("改什么", max_length=8, choices=list(KINDS.items()))
    document = models.JSONField("内容")
    apply_to_open = models.BooleanField("适用于在办事项", default=True)
    title = models.CharField("改动", max_length=200)
    basis = models.CharField("文号", max_length=200)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=8, choices=list(STATES.items()), default=ChangeState.PROPOSED.value
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    proposed_name = models.CharField("提出人", max_length=60)
    proposed_at = models.DateTimeField("提出时间")
    preview = models.JSONField("影响", null=True)
    previewed_at = models.DateTimeField("预览时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    approved_name = models.CharField("确认人", max_length=60, blank=True)
    approved_at = models.DateTimeField("确认时间", null=True)
    version = models.PositiveIntegerField("成为第几版", null=True)
    began_at = models.DateTimeField("开始适用", null=True)
    cursor = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField("要看的件数", default=0)
    done = models.PositiveIntegerField("已看的件数", default=0)
    counts = models.JSONField("结果", default=dict)
    worked_at = models.DateTimeField(null=True)  # sign of life of whoever previews or applies it
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历和规则的改动"
        constraints = (
            models.UniqueConstraint(  # two batches at a time would each undo half of the other
                fields=["state"], condition=Q(state=ChangeState.APPLYING.value), name="change_one_applying"
            ),
        )
        indexes = (models.Index(fields=["state", "-id"], name="change_by_state"),)

    def __str__(self) -> str:
        return self.title


class CardDoubt(models.Model):
    """A card in question after a change: issued but not earned any more, or earned by the new reckoning and never issued."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="doubts")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    share_id = models.BigIntegerField(null=True)
    obligation = models.CharField("环节", max_length=20)
    run = models.PositiveIntegerField()
    signal = models.CharField(max_length=10)
    colour = models.CharField("颜色", max_length=6)
    department = models.ForeignKey(
        "cases.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门"
    )
    hall = models.ForeignKey("cases.Hall", models.PROTECT, null=True, related_name="+", verbose_name="大厅")
    card = models.ForeignKey("escalation.Card", models.PROTECT, null=True, related_name="doubts")
    why = models.CharField("为什么", max_length=8, choices=list(WHYS.items()))
    old_due_at = models.DateTimeField("原到期")
    new_due_at = models.DateTimeField("新到期", null=True)
    old_at = models.DateTimeField("原亮牌时刻", null=True)
    new_at = models.DateTimeField("新亮牌时刻", null=True)
    found_at = models.DateTimeField("列入时间")
    decision = models.CharField("决定", max_length=8, blank=True)  # rules.changes.Decision
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_name = models.CharField("决定人", max_length=60, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "待定的牌"
        constraints = (
            models.UniqueConstraint(
                fields=["change", "case", "share_id", "obligation", "run", "signal"],
                nulls_distinct=False,
                name="card_doubt_once",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="card_doubt_decided_with_reason",
            ),
        )
        indexes = (models.Index(fields=["id"], condition=Q(decided_at__isnull=True), name="card_doubt_open"),)
