"""Who holds which posts today, and in which unit a person acts."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cases.models import Absence, Holding, Post
from cases.rules.grants import Actor, HeldPost, Role


class Unit(NamedTuple):
    """A hall or a department in which a person holds posts. `key` is `hall-3` or `department-7`."""

    key: str
    name: str
    posts: tuple[HeldPost, ...]
    titles: tuple[str, ...]


def _holdings_on(day: date) -> QuerySet[Holding]:
    return (
        Holding.objects.filter(post__is_active=True, from_on__lte=day)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=day))
        .select_related("post", "post__hall", "post__department")
    )


def units_of(user_id: int, day: date) -> list[Unit]:
    """The units in which the person holds posts on `day`, with all posts of each; one query."""
    grouped: dict[str, list[Post]] = {}
    for holding in _holdings_on(day).filter(user_id=user_id).order_by("post_id"):
        post = holding.post
        key = f"hall-{post.hall_id}" if post.hall_id else f"department-{post.department_id}"
        grouped.setdefault(key, []).append(post)
    return [
        Unit(
            key,
            (posts[0].hall or posts[0].department).name,
            tuple(HeldPost(p.pk, Role(p.role), p.hall_id, p.department_id) for p in posts),
            tuple(p.title for p in posts),
        )
        for key, posts in grouped.items()
    ]


def actor_in(user_id: int, unit: Unit | None) -> Actor:
    """The actor that a logged-in person is, in one unit; without a unit they may do nothing."""
    return Actor(user_id, unit.posts if unit else (), unit_name=unit.name if unit else "")


def present_on(day: date) -> QuerySet[Holding]:
    """Holdings of people who are not away on `day` (休假、培训、借调), A before B: obligations follow whoever is present."""
    away = Absence.objects.filter(from_on__lte=day, until_on__gte=day).values("user_id")
    present = _holdings_on(day).filter(user__is_active=True).exclude(user_id__in=away)
    return present.order_by("seat", "user_id")


def present_holders(post_id: int, day: date) -> list[int]:
    """User ids of those who hold the post on `day` and are not away, A before B."""
    return list(present_on(day).filter(post_id=post_id).values_list("user_id", flat=True))
