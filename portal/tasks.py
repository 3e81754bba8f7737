"""Daily housekeeping of what pages remember."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from portal.once import forget_old


@shared_task(name="portal.tidy")
def tidy_pages() -> None:
    """Forget old form keys and expired sessions. Safe twice, safe late, safe never."""
    forget_old()
    call_command("clearsessions")
