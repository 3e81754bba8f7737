"""Cards in question (待定的牌) go on the supervisors' list, as a change reaches the cases that have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from escalation.models import Card, CardDoubt, Change
from escalation.rules.cards import Mark
from escalation.rules.changes import Why
from escalation.rules.previews import Doubt
from escalation.services.cards import mark_of


def list_doubts(change: Change, doubts: Sequence[Doubt], now: datetime) -> Sequence[Doubt]:
    """Put cards in question on the supervisors' list, once for a version; return those that are new there."""
    if not doubts:
        return doubts
    before = _listed_before(change, {one.case_id for one in doubts})
    doubts = [one for one in doubts if (one.case_id, one.mark, one.why.value) not in before]
    cards: dict[tuple[int, Mark], int] = {
        (card.case_id, mark_of(card)): card.pk
        for card in Card.objects.filter(case_id__in={one.case_id for one in doubts}).defer("evidence")
    }
    CardDoubt.objects.bulk_create(
        CardDoubt(
            change_id=change.pk,
            case_id=one.case_id,
            **one.mark.key._asdict(),
            signal=one.mark.signal.value,
            colour=one.colour.value,
            **one.unit._asdict(),
            card_id=cards.get((one.case_id, one.mark)) if one.why is Why.GONE else None,
            why=one.why.value,
            old_due_at=one.old_due_at,
            new_due_at=one.new_due_at,
            old_at=one.old_at,
            new_at=one.new_at,
            found_at=now,
        )
        for one in doubts
    )
    return doubts


def _listed_before(change: Change, case_ids: set[int]) -> set[tuple[int, Mark, str]]:
    """What was listed when the same version reached open cases before, passing over one of them."""
    found = CardDoubt.objects.filter(
        change__kind=change.kind, change__version=change.version, case_id__in=case_ids
    )
    return {(one.case_id, mark_of(one), one.why) for one in found.exclude(change=change.pk)}
