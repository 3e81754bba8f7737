"""Outside causes (外部原因), the cases that wait for them, and each look at how it stands (复核). Nothing here is personal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.posts import Post
from cases.rules import words


def _person(label: str, related_name: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name=related_name, verbose_name=label
    )


class Cause(models.Model):
    """One thing outside the city for which cases wait.

    `revision` counts the decisions: approval, each renewal, the end. What a case has not yet followed (`CauseCase.done`) is
    what remains to be done, so that whoever carries it out may be killed at any moment. `decided_*` is who decided last.
    """

    kind = models.CharField("在等什么", max_length=10, choices=list(words.CAUSE_KINDS.items()))
    title = models.CharField("哪个系统或哪个问题", max_length=60)
    since = models.DateField("从哪天起")
    evidence = models.CharField("依据", max_length=200)  # notice, ticket number or 请示文号
    asked = models.CharField("谁向上级请示或报修", max_length=200)
    sentence = models.CharField("告诉反映人的一句话", max_length=120)
    planned_end = models.DateField("计划结束")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = _person("登记人", "causes_recorded")

    revision = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = _person("决定人", "causes_decided", null=True)
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="causes_decided")
    approved_at = models.DateTimeField("批准时间", null=True)
    paused_from = models.DateTimeField("从什么时候起中止", null=True)
    reviewed_at = models.DateTimeField("上次复核", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ending = models.CharField("怎么结束的", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外部原因"
        constraints = (
            models.CheckConstraint(
                condition=Q(revision=0) | Q(approved_at__isnull=False, paused_from__isnull=False),
                name="cause_decided_after_approval",
            ),
            models.CheckConstraint(condition=Q(planned_end__gt=F("since")), name="cause_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.title


class CauseCase(models.Model):
    """A case that waits for a cause. `from_at`: since when, if it joined after the approval; `done`: which decision it follows.

    `asked_*`: who last asked about this case alone, to let it join, leave, or try again. `problem` says why the last decision could not be carried out in this case; it stops no other.
    """

    cause = models.ForeignKey(Cause, models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, models.PROTECT, related_name="causes")
    asked_at = models.DateTimeField()
    asked_by = _person("经办人", "+")
    asked_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField("没有办成的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "等待外部原因的事项"
        constraints = (models.UniqueConstraint(fields=["cause", "case"], name="cause_case_once"),)


class CauseReview(models.Model):
    """One look at how a cause stands (复核): what was learnt, and the new planned end if there is one."""

    cause = models.ForeignKey(Cause, models.PROTECT, related_name="reviews")
    reviewed_at = models.DateTimeField("复核时间")
    reviewed_by = _person("复核人", "+")
    learnt = models.CharField("了解到什么", max_length=300)
    planned_end = models.DateField("续到", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "外部原因复核"
