"""Posts (岗位): a role in a hall or department, who holds it, and who is away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.reference import Department, Hall
from cases.rules import words
from cases.rules.grants import Role

UNHELD = (Role.CITIZEN, Role.REGISTRAR, Role.SYSTEM)
STAFF_ROLES = [(r.value, words.ROLES[r.value]) for r in Role if r not in UNHELD]


class Post(models.Model):
    """A role in one hall or one department. A department head carries a rank (cards and refusals climb it)."""

    role = models.CharField("角色", max_length=20, choices=STAFF_ROLES)
    hall = models.ForeignKey(
        Hall, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="大厅"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="部门"
    )
    title = models.CharField("岗位名称", max_length=40)
    rank = models.PositiveSmallIntegerField(
        "层级", null=True, blank=True, help_text="1 科室、2 分管、3 主要负责人"
    )
    office_phone = models.CharField("办公电话", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = (
            models.CheckConstraint(
                condition=Q(hall__isnull=False, department__isnull=True)
                | Q(hall__isnull=True, department__isnull=False),
                name="post_in_one_unit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.hall or self.department}·{self.title}"


class Holding(models.Model):
    """Who holds a post, as A (主) or B (备), from a day on."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="holdings", verbose_name="岗位")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="holdings", verbose_name="人员"
    )
    seat = models.CharField("A/B 岗", max_length=1, choices=[("A", "A 岗"), ("B", "B 岗")], default="A")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任岗"
        constraints = (
            models.UniqueConstraint(fields=["post", "user"], name="holding_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="holding_dates",
            ),
        )


class Absence(models.Model):
    """Leave, training, secondment (不在岗): obligations follow whoever is present."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name="人员"
    )
    from_on = models.DateField("自")
    until_on = models.DateField("至")
    reason = models.CharField(
        "事由",
        max_length=20,
        choices=[("leave", "休假"), ("training", "培训"), ("secondment", "借调"), ("other", "其他")],
        default="leave",
    )

    class Meta:
        verbose_name = verbose_name_plural = "不在岗"
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="absence_dates"),
        )
