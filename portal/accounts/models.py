"""The custom user: one person, one account; what they may do comes from their posts (cases.models.Post)."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account. Staff log in by user name; `name` is what colleagues and prints show."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40)
    must_change_password = models.BooleanField(
        "须先改密码", default=False, help_text="初始密码只用来登录一次，登录后必须自己改"
    )

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"

    def get_full_name(self) -> str:
        """Return the name as written, Chinese order."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name."""
        return self.name
