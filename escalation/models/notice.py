"""Notice (通知): one event told to one post. It holds no text and no personal data: pages word it when they show it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Owed to a post in the transaction that folded the event, or by the sweep for its cards; whoever holds the post reads it.

    `owed_at` is when the event took effect, `recorded_at` when it was written. `historical` (历史补录): more than one working
    day lay between; such a notice is shown, never counted as unread, never delivered.
    """

    post = models.ForeignKey("cases.Post", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    event_version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)  # cases.rules.kinds.Kind
    card = models.ForeignKey("escalation.Card", models.PROTECT, null=True, related_name="notices")
    colour = models.CharField(max_length=6, blank=True)
    owed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    historical = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        constraints = (models.UniqueConstraint(fields=["post", "case", "event_version"], name="notice_once"),)
        indexes = (
            models.Index(fields=["post", "historical", "-id"], name="notice_of_post"),
            models.Index(
                fields=["post", "-id"],
                condition=Q(read_at__isnull=True, historical=False),
                name="notice_unread",
            ),
        )
