"""Seeing a name and telephone number in clear: always with a purpose, always logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from cases.errors import BadInputError, NotAllowedError
from cases.models import AccessEntry
from cases.rules.grants import Actor, HeldPost, Role
from cases.selectors.cases import case_for
from cases.selectors.content import ClearPerson, clear_people
from cases.selectors.register_lines import Line, Scope, clear_lines

REVEALERS = frozenset(
    {Role.CLERK, Role.CLERK_LEAD, Role.LIAISON, Role.HANDLER, Role.FOLLOWER, Role.SUPERVISOR}
)


@transaction.atomic
def reveal_contact(*, number: str, purpose: str, actor: Actor, now: datetime) -> list[ClearPerson]:
    """Show the people of a case in clear to someone who sees the case and says why (policy.md F7)."""
    case = case_for(actor, number)
    post = next((post for post in actor.posts if post.role in REVEALERS), None)
    if post is None or actor.user_id is None:
        raise NotAllowedError
    if purpose not in dict(AccessEntry.PURPOSES):
        raise BadInputError("purpose", "请选择查看的原因。")
    AccessEntry.objects.create(
        case=case, user_id=actor.user_id, post_id=post.post_id, field="contact", purpose=purpose, seen_at=now
    )
    return clear_people(case.pk)


def reveal_lines(*, scope: Scope, purpose: str, actor: Actor, now: datetime) -> Iterator[list[Line]]:
    """Yield the register of a scope in clear to someone who says why; each look is logged before its batch is shown."""
    post = next((post for post in actor.posts if post.role in REVEALERS), None)
    if post is None or actor.user_id is None:
        raise NotAllowedError
    if purpose not in dict(AccessEntry.PURPOSES):
        raise BadInputError("purpose", "请选择查看的原因。")
    return _logged(clear_lines(actor, scope), actor.user_id, post, purpose, now)


def _logged(
    batches: Iterator[list[Line]], user_id: int, post: HeldPost, purpose: str, now: datetime
) -> Iterator[list[Line]]:
    for batch in batches:
        AccessEntry.objects.bulk_create(
            AccessEntry(
                case_id=line.case_id,
                user_id=user_id,
                post_id=post.post_id,
                field="register",
                purpose=purpose,
                seen_at=now,
            )
            for line in batch
        )
        yield batch
