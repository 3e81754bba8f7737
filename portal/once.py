"""Forms that have one result (幂等): a double click, a second Enter or a retry leads to the same page."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from cases.errors import BusyError
from portal.models import FormOnce

KEPT_FOR = timedelta(days=7)
DEADLOCK, LOCK_NOT_AVAILABLE = "40P01", "55P03"  # PostgreSQL error codes


class OnceForm(forms.Form):
    """A form with an idempotency key and the version of the case that it was rendered from."""

    idem = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def visible(self) -> list[forms.BoundField]:
        """The fields a person sees, in order."""
        return self.visible_fields()


def sender_of(request: HttpRequest) -> str:
    """Whose form it is: the account, or a digest of the anonymous session."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    if not request.session.session_key:
        request.session.create()
    return hashlib.sha256(f"form:{request.session.session_key}".encode()).hexdigest()[:48]


def already_done(request: HttpRequest, route: str, key: uuid.UUID) -> str | None:
    """Where the form led when it was carried out before, or None."""
    done = FormOnce.objects.filter(who=sender_of(request), route=route, key=key).values_list(
        "target", flat=True
    )
    return done.first()


def once(request: HttpRequest, route: str, key: uuid.UUID, do: Callable[[], str]) -> HttpResponseRedirect:
    """Carry out `do` (it returns the address of the result page) at most once for this key.

    Key and act are one transaction: a second request waits for the first, then gets the same redirect; an act that
    fails leaves no key behind. A deadlock is tried once more. Errors of `do` pass through; BusyError when a lock was
    not to be had within `lock_timeout`.
    """
    for last_try in (False, True):
        try:
            return _once(request, route, key, do)
        except OperationalError as error:
            code = getattr(error.__cause__, "pgcode", None)
            if code == LOCK_NOT_AVAILABLE:
                raise BusyError from error
            if code != DEADLOCK or last_try:
                raise
    raise BusyError


def _once(request: HttpRequest, route: str, key: uuid.UUID, do: Callable[[], str]) -> HttpResponseRedirect:
    who = sender_of(request)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO portal_formonce (who, route, key, target, done_at) VALUES (%s, %s, %s, '', %s)"
                " ON CONFLICT (who, route, key) DO NOTHING",
                [who, route, key, timezone.now()],
            )
            first = cursor.rowcount == 1
        if first:
            target = do()
            FormOnce.objects.filter(who=who, route=route, key=key).update(target=target)
            return HttpResponseRedirect(target)
    return HttpResponseRedirect(FormOnce.objects.get(who=who, route=route, key=key).target)


def forget_old() -> int:
    """Delete keys older than a week; called by a daily task."""
    deleted, _ = FormOnce.objects.filter(done_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
