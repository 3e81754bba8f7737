"""Who acts in a story: the person of the sample city who holds the post on that day."""

from __future__ import annotations

from datetime import date
from functools import cache

from cases.models import Department, Hall
from cases.rules.grants import Actor, HeldPost, Role
from cases.selectors.posts import present_on


class NobodyError(LookupError):
    """No demo person holds such a post."""


class Cast:
    """The staff of the sample city as actors; one query, then everything is found by unit code and role."""

    def __init__(self, day: date) -> None:
        """Ask who is present on `day`."""
        self.halls = dict(Hall.objects.values_list("code", "pk"))
        self.departments = dict(Department.objects.values_list("code", "pk"))
        held: dict[tuple[int, int | None, int | None], list[HeldPost]] = {}
        for holding in present_on(day):
            post = holding.post
            unit = (holding.user_id, post.hall_id, post.department_id)
            held.setdefault(unit, []).append(
                HeldPost(post.pk, Role(post.role), post.hall_id, post.department_id)
            )
        self._actors = [
            Actor(user_id, tuple(sorted(posts, key=lambda p: p.post_id or 0)))
            for (user_id, _, _), posts in held.items()
        ]
        self.everybody = Actor(None, tuple({post for posts in held.values() for post in posts}))
        self.of = cache(self._of)

    def _of(self, unit: str, role: Role, turn: int = 0) -> Actor:
        """Return a person with this role in a hall or department; `turn` lets colleagues take turns."""
        hall_id, department_id = self.halls.get(unit), self.departments.get(unit)
        found = [
            actor
            for actor in self._actors
            if any(
                p.role is role and (p.hall_id, p.department_id) == (hall_id, department_id)
                for p in actor.posts
            )
        ]
        if not found:
            raise NobodyError(f"{unit} {role.value}")
        return found[turn % len(found)]
