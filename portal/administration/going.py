"""What the portal has to do about a change: at once when it is little, else by a worker who is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from escalation import tasks
from escalation.models import Change
from escalation.rules.changes import ChangeState
from escalation.selectors.changes import change_of
from escalation.services.working import is_quick, work_on

UNHEARD = timedelta(seconds=70)  # a worker, or whoever looks each minute, has had its time


def set_going(pk: int) -> None:
    """Tell a worker of an effect that is to be worked out, or of much to be applied; apply at once what is little.

    Outside a transaction: a worker reads what is committed.
    """
    found = change_of(pk)
    if found is None or not is_working(found):
        return
    if found.state == ChangeState.APPLYING.value and is_quick(timezone.now()):
        work_on(pk, clock=timezone.now)
    else:
        tasks.tell(pk)


def is_working(change: Change) -> bool:
    """Whether something is to be done about it by the portal, not by a person."""
    unseen = change.state == ChangeState.PROPOSED.value and change.previewed_at is None
    return unseen or change.state == ChangeState.APPLYING.value


def is_unheard(change: Change, now: datetime) -> bool:
    """Whether nobody has given a sign of life for too long."""
    moments = (change.worked_at, change.began_at, change.approved_at, change.proposed_at)
    return is_working(change) and now - max(at for at in moments if at is not None) > UNHEARD
