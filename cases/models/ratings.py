"""Rating (评价): what the reporter said of a closed case, by themselves when called back, or on paper. Nobody on the staff can change one."""

from __future__ import annotations

from django.db import models

from cases.models.case import Case
from cases.models.timeline import append_only
from cases.rules import words
from cases.rules.classes import BAD_GRADES, Resolution


class Rating(models.Model):
    """One answer to 问题解决了吗 and the five grades (好差评), one each per closing from the reporter, from the call-back
    and from a paper register, which knows no resolution.

    `closing` counts the closings of the case from 0: how often it had been reopened before; `mended` how often this closing
    had been rectified (整改) before: after each the reporter may rate once more.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="ratings")
    source = models.CharField(max_length=10, choices=list(words.RATING_SOURCES.items()))
    closing = models.PositiveSmallIntegerField()
    mended = models.PositiveSmallIntegerField(default=0)
    resolution = models.CharField(
        "是否解决", max_length=10, blank=True, choices=list(words.RESOLUTION.items())
    )
    grade = models.PositiveSmallIntegerField("满意度", choices=list(words.SATISFACTION.items()))
    reasons = models.JSONField("评价标签", default=list)
    given_at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        constraints = (
            models.UniqueConstraint(
                fields=["case", "closing", "source", "mended"], name="rating_once_per_closing"
            ),
            models.CheckConstraint(condition=models.Q(grade__range=(1, 5)), name="rating_five_grades"),
        )
        indexes = (
            models.Index(
                fields=["-given_at", "-id"],
                condition=models.Q(grade__in=sorted(BAD_GRADES))
                | models.Q(resolution=Resolution.UNSOLVED.value),
                name="rating_complaint",
            ),
        )
        triggers = append_only("rating")
