"""The city that this portal serves: one row, made when the portal is opened, and the mark of the sample city."""

from __future__ import annotations

import pgtrigger
from django.db import models


class City(models.Model):
    """The city (城市). `is_demo` is decided once: triggers keep a sample city
    from ever becoming a real one, and an opened portal from being opened again."""

    name = models.CharField("城市名称", max_length=30, help_text="写在每个页面上，如 岐安市")
    short_name = models.CharField("编号地名", max_length=12, blank=True, help_text="写进编号，如 岐安")
    is_demo = models.BooleanField("演示城市", default=False, editable=False)
    opened_at = models.DateTimeField("启用时间", null=True, editable=False)
    is_only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "城市"
        constraints = (models.CheckConstraint(condition=models.Q(is_only=True), name="city_only_one"),)
        triggers = (
            pgtrigger.Protect(name="city_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="city_keeps_its_kind",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__is_demo__df=pgtrigger.F("new__is_demo"))
                | pgtrigger.Q(old__opened_at__isnull=False, old__opened_at__df=pgtrigger.F("new__opened_at")),
            ),
        )

    def __str__(self) -> str:
        return self.name
