"""The timeline (流转记录) and its anchors: append-only, hash-chained, guarded by triggers and by the database role."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models.case import Case, Share
from cases.models.posts import Post
from cases.rules.kinds import MOVES_LIMITS, Kind


def append_only(table: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse UPDATE, DELETE and TRUNCATE, even to the owner of the table."""
    return [
        pgtrigger.Protect(name=f"{table}_no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{table}_no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=f"RAISE EXCEPTION '{table} is append-only';",
        ),
    ]


class Event(models.Model):
    """One line of a case's timeline: ids, codes and keyed digests; no free text, no personal data.

    `happened_at` is when it took effect, `recorded_at` when it was written; chain and version follow recording.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="events")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="events")
    role = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=80, blank=True)
    hash = models.CharField(max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "流转记录"
        constraints = (models.UniqueConstraint(fields=["case", "version"], name="event_version"),)
        indexes = (  # whose limits were moved by hand: few, and asked of all open cases at once
            models.Index(
                fields=["case"],
                condition=models.Q(kind__in=[kind.value for kind in MOVES_LIMITS]),
                name="event_moves_limits",
            ),
            models.Index(  # what a calendar moved when it was applied, to be taken away as a file
                fields=["id"],
                condition=models.Q(kind=Kind.CALENDAR_APPLIED.value),
                name="event_calendar_applied",
            ),
        )
        triggers = append_only("event")


class Anchor(models.Model):
    """Each hour: one hash over the heads of all cases that moved, chained to the anchor before."""

    taken_at = models.DateTimeField()
    heads = models.PositiveIntegerField()
    prev_hash = models.CharField(max_length=80, blank=True)
    hash = models.CharField(max_length=80)

    class Meta:
        triggers = append_only("anchor")


class AnchorHead(models.Model):
    """The head of one case as an anchor saw it."""

    anchor = models.ForeignKey(Anchor, models.PROTECT, related_name="case_heads")
    case = models.ForeignKey(Case, models.PROTECT, related_name="anchor_heads")
    version = models.PositiveIntegerField()
    hash = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["anchor", "case"], name="anchor_head_once"),)
        triggers = append_only("anchor_head")
