"""Case (反映事项) and Share (承办任务): what is true now. How it came about stands in the timeline."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.reference import Department, Hall, Matter, Obstacle
from cases.rules import words
from cases.rules.classes import Channel, Difficulty, Nature, Outcome, Recurrence, ShareRole
from cases.rules.flow import State


def _choices(enum: type, terms: dict[str, str]) -> list[tuple[str, str]]:
    return [(member.value, terms[member.value]) for member in enum]


class Case(models.Model):
    """One unresolved matter of one reporter, from registration to archive.

    `version` counts its events; `folded_version` says how far escalation has read them; `anchored_version` how far the
    hourly anchor has. Nothing here is personal: what people wrote and who they are stands in sealed rows (content.py).
    """

    number = models.CharField("编号", max_length=20, unique=True)  # digits only: date, serial, check digit
    place = models.CharField(max_length=20)  # 岐安-东区: printed before the digits
    state = models.CharField("状态", max_length=16, choices=_choices(State, words.STATES))
    channel = models.CharField("渠道", max_length=16, choices=_choices(Channel, words.CHANNELS))
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="cases", verbose_name="受理大厅")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="cases", verbose_name="事项")
    obstacle = models.ForeignKey(
        Obstacle, models.PROTECT, null=True, related_name="cases", verbose_name="阻碍类型"
    )
    visits_before = models.PositiveSmallIntegerField("以前跑过几次", null=True)
    tried_on = models.DateField("首次办理日期", null=True)
    first_unit = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="first_cases", verbose_name="首办窗口"
    )
    difficulty = models.CharField(
        "难度", max_length=10, choices=_choices(Difficulty, words.DIFFICULTY), blank=True
    )
    nature = models.CharField("性质", max_length=10, choices=_choices(Nature, words.NATURE), blank=True)
    rule_version = models.PositiveIntegerField("规则版本", null=True)  # pinned by the accepting event
    follower = models.ForeignKey(
        "cases.Post", models.PROTECT, null=True, related_name="followed_cases", verbose_name="跟办专员"
    )
    outcome = models.CharField(
        "办结类型", max_length=16, choices=_choices(Outcome, words.OUTCOMES), blank=True
    )
    recurrence = models.CharField(
        "别人也会遇到", max_length=8, choices=_choices(Recurrence, words.RECURRENCE), blank=True
    )
    redirect_reason = models.CharField("转其他渠道的原因", max_length=30, blank=True)

    submitted_at = models.DateTimeField("反映时间")
    accepted_at = models.DateTimeField("受理时间", null=True)
    replied_at = models.DateTimeField("答复时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    called_back_at = models.DateTimeField("回访时间", null=True)  # this and the next since the last closing
    rated_at = models.DateTimeField("评价时间", null=True)
    badly_rated_at = models.DateTimeField(
        "差评时间", null=True
    )  # the three of 差评整改 since the last closing
    rater_contacted_at = models.DateTimeField("联系评价人时间", null=True)
    rectified_at = models.DateTimeField(
        "整改时间", null=True
    )  # the last; an earlier one than the bad grade mends nothing
    closed_on_paper = models.BooleanField(default=False)  # before the portal: nobody is to be called back
    reopenings = models.PositiveSmallIntegerField("重新办理次数", default=0)
    erased_at = models.DateTimeField("依法删除时间", null=True)

    query_digest = models.BinaryField(max_length=32, null=True)
    version = models.PositiveIntegerField(default=0)
    folded_version = models.PositiveIntegerField(default=0)
    anchored_version = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "反映事项"
        constraints = (
            models.CheckConstraint(condition=Q(folded_version__lte=F("version")), name="case_fold_not_ahead"),
        )
        indexes = (
            models.Index(fields=["id"], condition=~Q(version=F("folded_version")), name="case_lagging"),
            models.Index(fields=["id"], condition=~Q(version=F("anchored_version")), name="case_unanchored"),
            models.Index(fields=["hall", "state", "-id"], name="case_hall_queue"),
            models.Index(fields=["state", "-id"], name="case_state_queue"),
            models.Index(fields=["submitted_at"], include=["outcome"], name="case_of_a_year"),
            models.Index(
                fields=["hall", "-id"],
                condition=Q(
                    state=State.CLOSED.value,
                    called_back_at__isnull=True,
                    closed_on_paper=False,
                    erased_at__isnull=True,
                ),
                name="case_to_call_back",
            ),
            models.Index(
                fields=["hall", "-id"],
                condition=Q(
                    Q(rectified_at__isnull=True) | Q(rectified_at__lt=F("badly_rated_at")),
                    state=State.CLOSED.value,
                    badly_rated_at__isnull=False,
                    erased_at__isnull=True,
                ),
                name="case_to_rectify",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Share(models.Model):
    """One department's part in a case: lead (主办) or co-handler (协办), with its own progress."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="shares")
    department = models.ForeignKey(Department, models.PROTECT, related_name="shares", verbose_name="承办部门")
    role = models.CharField("主协办", max_length=4, choices=_choices(ShareRole, words.SHARE_ROLES))
    dispatched_at = models.DateTimeField("转办时间")
    signed_at = models.DateTimeField("签收时间", null=True)
    contacted_at = models.DateTimeField("首次联系时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)  # taken back or returned; null while it counts
    conclusion = models.CharField("结论", max_length=12, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="handled_shares",
        verbose_name="经办人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "承办任务"
        constraints = (
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=Q(ended_at__isnull=True),
                name="share_once_per_department",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True, role="lead"), name="share_one_lead"
            ),
        )
        indexes = (
            models.Index(
                fields=["department", "case"],
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
                name="share_open_of_department",
            ),
        )


class DaySerial(models.Model):
    """The last serial number given out on a day; a short transaction of its own takes the next (gaps allowed)."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField()
