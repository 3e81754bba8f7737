"""How allauth is used: no open sign-up; TOTP secrets sealed with our own key."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url

from cases.vault import sealing
from cases.vault.errors import TamperedError
from portal.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: there is no registration page for staff."""
        return False

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Refuse the first password (初始密码) as the new one; the rest is the validators' business."""
        if user and user.must_change_password and user.check_password(password):
            raise ValidationError("新密码不能和初始密码一样，请换一个。")
        return super().clean_password(password, user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go to one's room: a first password is changed on the way to work."""
        return resolve_url("rooms")


class MFAAdapter(DefaultMFAAdapter):
    """Seals TOTP secrets, so that a dump of the database does not hold them."""

    def _key(self) -> bytes:
        return bytes.fromhex(next(iter(settings.FIELD_KEYS.values())))

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return sealing.seal(self._key(), text, "mfa").hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret with whichever key wrote it."""
        for value in settings.FIELD_KEYS.values():
            try:
                return sealing.unseal(bytes.fromhex(value), bytes.fromhex(encrypted_text), "mfa")
            except TamperedError:
                continue
        raise TamperedError
