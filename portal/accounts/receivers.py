"""What follows from log-in events of allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.models import User


@receiver(password_changed)
def forget_first_password(sender: type, request: HttpRequest, user: User, **_: Any) -> None:
    """Nobody needs to change a password that they chose themselves."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
