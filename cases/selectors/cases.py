"""Which cases an actor sees, and one case: the fetch is the permission check."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from cases.errors import CaseNotFoundError
from cases.models import Case, Share
from cases.rules.grants import SEES, Actor, HeldPost, Reach

# A department sees the cases of its live shares, and those it has answered: after a reopening too, for its cards stay.
SEEN = Q(ended_at__isnull=True) | Q(answered_at__isnull=False)


def cases_seen_by(actor: Actor) -> QuerySet[Case]:
    """The query form of `grants.sees`: every list starts here."""
    reached = [_reached(post, actor) for post in actor.posts]
    if Q() in reached:  # one post sees all
        return Case.objects.all()
    return Case.objects.filter(reduce(or_, reached, Q(pk__in=[])))


def _reached(post: HeldPost, actor: Actor) -> Q:
    match SEES[post.role]:
        case Reach.OWN:
            return Q(pk__in=actor.opened_case_ids)
        case Reach.HALL:
            return Q(hall_id=post.hall_id) if post.hall_id else Q(pk__in=[])
        case Reach.DEPARTMENT:
            own = Share.objects.filter(SEEN, department_id=post.department_id)
            return Q(pk__in=own.values("case_id"))
        case Reach.ALL:
            return Q()
        case Reach.NOTHING:
            return Q(pk__in=[])
    raise NotImplementedError(post.role)


def case_for(actor: Actor, number: str) -> Case:
    """One case with its reference rows; a hidden case and a missing one look alike."""
    found = (
        cases_seen_by(actor)
        .select_related("hall", "matter", "matter__department", "obstacle")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise CaseNotFoundError
    return found
