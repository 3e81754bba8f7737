"""The access log (查看记录): who saw personal data of which case, for what purpose."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.case import Case
from cases.models.posts import Post
from cases.models.timeline import append_only


class AccessEntry(models.Model):
    """One look at one personal field. Append-only."""

    PURPOSES = (("contact", "联系群众"), ("verify", "核验身份"), ("supervise", "督办核查"), ("other", "其他"))

    case = models.ForeignKey(Case, models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="accesses")
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    field = models.CharField(max_length=20)
    purpose = models.CharField(max_length=10, choices=PURPOSES)
    seen_at = models.DateTimeField()

    class Meta:
        triggers = append_only("access_entry")
        indexes = (models.Index(fields=["case", "-id"], name="access_of_case"),)
