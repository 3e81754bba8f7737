"""Daily housekeeping of what pages remember."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from portal.citizen.drafts import sweep_files
from portal.once import forget_old
from portal.register import tasks as register

__all__ = ["register", "tidy_pages"]  # workers find the tasks of all rooms here


@shared_task(name="portal.tidy")
def tidy_pages() -> None:
    """Forget old form keys, given-up drafts' files and expired sessions. Safe twice, safe late, safe never."""
    forget_old()
    sweep_files(timezone.now())
    call_command("clearsessions")
