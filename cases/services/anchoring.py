"""The hourly anchor: one hash over the heads of all cases that moved, chained to the anchor before (trust.md)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q

from cases.models import Anchor, AnchorHead, Case
from cases.vault.digests import chain_hash

_ANCHOR_LOCK = 7_201_001  # advisory lock: one anchor at a time


def anchor_body(taken_at: datetime, heads: list[tuple[int, int, str]]) -> dict[str, object]:
    """Return what an anchor's hash covers: the moment and each (case, version, hash), ascending."""
    return {"taken_at": taken_at, "heads": [list(head) for head in heads]}


@transaction.atomic
def take_anchor(*, now: datetime, limit: int = 20_000) -> Anchor | None:
    """Anchor up to `limit` cases that moved since their last anchor; None when nothing moved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ANCHOR_LOCK])
    moved = Case.objects.select_for_update(no_key=True, skip_locked=True).filter(
        ~Q(version=F("anchored_version"))
    )
    heads = list(moved.order_by("pk").values_list("pk", "version", "head_hash")[:limit])
    if not heads:
        return None
    last = Anchor.objects.order_by("-pk").first()
    prev_hash = last.hash if last else ""
    anchor = Anchor.objects.create(
        taken_at=now,
        heads=len(heads),
        prev_hash=prev_hash,
        hash=chain_hash(prev_hash, anchor_body(now, heads)),
    )
    AnchorHead.objects.bulk_create(
        [AnchorHead(anchor=anchor, case_id=pk, version=version, hash=head) for pk, version, head in heads],
        batch_size=2000,
    )
    Case.objects.filter(pk__in=[pk for pk, _, _ in heads]).update(anchored_version=F("version"))
    return anchor
