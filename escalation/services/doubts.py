"""A supervisor decides on a card in question (待定的牌). Only what is thought of it is kept: a card itself changes elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cases.errors import BadInputError, CaseError, NotAllowedError
from cases.rules.grants import Actor, Role
from escalation.errors import CardNotFoundError
from escalation.models import CardDoubt
from escalation.rules.changes import Decision

DECIDERS = frozenset({Role.SUPERVISOR})
LONGEST = 200


class DecidedError(CaseError):
    """Somebody else has decided meanwhile."""

    code = "decided"
    message = "这张牌已经有决定了，请看已决定的。"


@transaction.atomic
def decide_doubt(
    doubt_id: int, *, decision: Decision, reason: str, actor: Actor, by_name: str, now: datetime
) -> CardDoubt:
    """Keep a decision with its reason, once. Errors: CardNotFoundError, NotAllowedError, BadInputError, DecidedError."""
    doubt = CardDoubt.objects.select_for_update().filter(pk=doubt_id).first()
    if doubt is None:
        raise CardNotFoundError
    if not actor.roles & DECIDERS:
        raise NotAllowedError
    reason = reason.strip()
    if not reason:
        raise BadInputError("reason", "请写理由。")
    if len(reason) > LONGEST:
        raise BadInputError("reason", f"理由最多 {LONGEST} 个字。")
    if doubt.decided_at is not None:
        raise DecidedError
    doubt.decision, doubt.reason = decision.value, reason
    doubt.decided_by_id, doubt.decided_name, doubt.decided_at = actor.user_id, by_name, now
    doubt.save(update_fields=["decision", "reason", "decided_by", "decided_name", "decided_at"])
    return doubt
