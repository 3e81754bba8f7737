"""Notices (通知) come to be: in the transaction that folded an event, and by the sweep for its cards. Read by their posts.

Set-based and safe to repeat: a post is told of an event once, whoever folds it and however often.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from cases.models import Post
from cases.rules.grants import Actor
from cases.rules.kinds import Happening
from escalation.models import Notice
from escalation.rules.notices import Addressees, Scene, addressees, is_historical, scenes
from escalation.selectors.versions import in_force

ONE_DAY = timedelta(days=1)  # less than this is never more than one working day


class Owed(NamedTuple):
    """An event of a case that somebody is to be told of; `card_id` when it is the issuing of a card."""

    case_id: int
    scene: Scene
    card_id: int | None = None


def owe_new_notices(
    timelines: Mapping[int, Sequence[Happening]],
    read_until: Mapping[int, int],
    halls: Mapping[int, int | None],
) -> None:
    """Owe the notices of events after those that escalation had read: folding again owes nothing. Two statements."""
    owe_notices(
        [
            Owed(case_id, scene)
            for case_id, timeline in timelines.items()
            for scene in scenes(timeline, read_until[case_id], halls[case_id])
        ]
    )


def owe_notices(owed: Sequence[Owed]) -> None:
    """Insert what is not yet there. The post under which a thing was done is not told of it."""
    told = [(one, addressees(one.scene)) for one in owed]
    posts = _posts({to for _, tos in told for to in tos})
    historical = _historical(owed)
    rows = sorted(
        (
            one.case_id,
            one.scene.event.version,
            post_id,
            one.card_id,
            one.scene.event.data.get("colour") or "",
            (one.case_id, one.scene.event.version) in historical,
        )
        for one, tos in told
        for post_id in {post_id for to in tos for post_id in posts[to]}
    )
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO escalation_notice"
            " (case_id, event_version, post_id, card_id, colour, historical, kind, owed_at, recorded_at)"
            " SELECT v.case_id, v.version, v.post_id, v.card_id, v.colour, v.historical, e.kind, e.happened_at, e.recorded_at"
            " FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::text[], %s::boolean[])"
            " AS v(case_id, version, post_id, card_id, colour, historical)"
            " JOIN cases_event e ON e.case_id = v.case_id AND e.version = v.version"
            " WHERE e.post_id IS DISTINCT FROM v.post_id"
            " ORDER BY v.case_id, v.version, v.post_id ON CONFLICT (post_id, case_id, event_version) DO NOTHING",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _historical(owed: Sequence[Owed]) -> set[tuple[int, int]]:
    """Which events were written down too late to be sent (历史补录); one query when any is of an earlier day."""
    late = [one for one in owed if one.scene.event.recorded_at - one.scene.event.happened_at > ONE_DAY]
    if not late:
        return set()
    calendar = in_force().work_time().calendar
    return {
        (one.case_id, one.scene.event.version) for one in late if is_historical(one.scene.event, calendar)
    }


def _posts(wanted: Collection[Addressees]) -> dict[Addressees, list[int]]:
    """The active posts of each circle of addressees; one query, none for nobody."""
    if not wanted:
        return {}
    roles = {role.value for to in wanted for role in to.roles}
    posts = list(
        Post.objects.filter(reduce(or_, (_circle(to) for to in wanted)), is_active=True, role__in=roles)
        .order_by("pk")
        .values_list("pk", "role", "department_id", "hall_id", "rank")
    )
    return {to: [post[0] for post in posts if _is_in(to, *post[1:])] for to in wanted}


def _circle(to: Addressees) -> Q:
    if to.department_id is not None:
        return Q(department_id=to.department_id)
    if to.hall_id is not None:
        return Q(hall_id=to.hall_id)
    return Q(role__in=[role.value for role in to.roles])


def _is_in(
    to: Addressees, role: str, department_id: int | None, hall_id: int | None, rank: int | None
) -> bool:
    in_unit = (to.department_id in (None, department_id)) and (to.hall_id in (None, hall_id))
    return role in to.roles and in_unit and (to.ranks is None or rank in to.ranks)


def mark_read(*, actor: Actor, notice_ids: Collection[int] | None = None, now: datetime) -> int:
    """Mark notices of the actor's posts as read (已读), all of them or those named; returns how many were unread.

    An event that reached several posts of one person is read for all of them.
    """
    own = Notice.objects.filter(post_id__in=[post.post_id for post in actor.posts if post.post_id])
    unread = own.filter(read_at__isnull=True)
    if notice_ids is not None:
        named = own.filter(
            pk__in=notice_ids, case_id=OuterRef("case_id"), event_version=OuterRef("event_version")
        )
        unread = unread.filter(Exists(named))
    return unread.update(read_at=now)
