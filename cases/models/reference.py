"""Reference data of a city: halls, departments with aliases, matters, obstacle reasons."""

from __future__ import annotations

from django.db import models


class Department(models.Model):
    """A department or other unit (部门) that can hold a share of a case.

    Two parents: in business (业务) and by territory (属地), because sub-bureaus serve two masters.
    """

    code = models.CharField("代码", max_length=16, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    level = models.CharField("层级", max_length=30, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级（业务）"
    )
    territory = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="residents", verbose_name="上级（属地）"
    )
    has_account = models.BooleanField(
        "有系统账号", default=True, help_text="村委会、经联社、银行等没有账号的由窗口代录"
    )
    phone = models.CharField("电话", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门"

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """A name that people write for a department (别名), normalised so that a look-up is one equality."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="aliases", verbose_name="部门")
    name = models.CharField("别名", max_length=60, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门别名"

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """A government service hall (政务服务大厅) with its window."""

    code = models.CharField("代码", max_length=16, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    place = models.CharField("编号地名", max_length=20, help_text="写进编号，如 岐安-东区")
    level = models.CharField("层级", max_length=20, blank=True)
    address = models.CharField("地址", max_length=120)
    phone = models.CharField("电话", max_length=30)
    hours_text = models.CharField("办公时间", max_length=200)
    is_main = models.BooleanField("市级大厅", default=False)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "大厅"
        constraints = (
            models.UniqueConstraint(
                fields=["is_main"], condition=models.Q(is_main=True), name="hall_one_main"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Matter(models.Model):
    """A government service matter (事项) with its competent department."""

    code = models.CharField("代码", max_length=16, unique=True)
    name = models.CharField("名称", max_length=80, unique=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="matters", verbose_name="主管部门"
    )
    keywords = models.JSONField("关键词", default=list, blank=True)
    materials = models.JSONField("常缺材料", default=list, blank=True)
    initials = models.CharField("拼音首字母", max_length=80, blank=True, db_index=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项"

    def __str__(self) -> str:
        return self.name


class Obstacle(models.Model):
    """Where people got stuck (卡点、阻碍类型); `order` is the number key at the counter."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=30, unique=True)
    citizen_text = models.CharField("给群众看的说法", max_length=60)
    order = models.PositiveSmallIntegerField("顺序", unique=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "阻碍类型"

    def __str__(self) -> str:
        return self.name
