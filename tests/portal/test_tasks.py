"""Daily housekeeping runs as a task and may run twice."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from portal.models import DraftFile, FormOnce
from portal.tasks import tidy_pages


def test_old_form_keys_and_given_up_files_are_forgotten_and_young_ones_kept(db):
    now = timezone.now()
    for days in (0, 30):
        FormOnce.objects.create(
            who="x", route="y", key=uuid.uuid4(), target="/", done_at=now - timedelta(days=days)
        )
        DraftFile.objects.create(path=f"26/11/{uuid.uuid4().hex}", kept_at=now - timedelta(days=days))
    for _ in range(2):
        tidy_pages()
        assert (FormOnce.objects.count(), DraftFile.objects.count()) == (1, 1)
