"""What pages need to remember: the result of a form that was already carried out."""

from __future__ import annotations

from django.db import models


class FormOnce(models.Model):
    """One form that was sent (幂等键): a double click, a second Enter or a retry leads to the same result page."""

    who = models.CharField(max_length=64)  # user id or a digest of the session
    route = models.CharField(max_length=60)
    key = models.UUIDField()
    target = models.CharField(max_length=200)
    done_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["who", "route", "key"], name="form_once"),)
        indexes = (models.Index(fields=["done_at"], name="form_once_age"),)


class DraftFile(models.Model):
    """A file that a citizen chose before sending; deleted after two days when it never became part of a case."""

    path = models.CharField(max_length=120, unique=True)
    kept_at = models.DateTimeField(db_index=True)
