"""The stage of the large city: halls and departments of the sample city, and one person at each of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from cases.models import Department, Hall, Holding, Matter, Post
from cases.rules.grants import Actor, Role
from cases.selectors.posts import actor_in, units_of
from cases.services.reference import load_obstacles
from escalation.services.calendars import seed_calendar
from escalation.services.packages import seed_rules
from portal.benchmarks.large import AS_OF
from portal.demo.city import load_city

HALLS = 10
FIRST_YEAR = 2021  # in which the first cases were filed
_OPENED = AS_OF.replace(year=FIRST_YEAR, month=1, day=1)


@dataclass(frozen=True)
class Place:
    """A hall or a department, who acts there, and a matter that belongs to it (None for a hall)."""

    id: int
    actor: Actor
    matter_id: int | None = None


@dataclass(frozen=True)
class Stage:
    """Everybody who acts in the large city."""

    halls: tuple[Place, ...]  # the city hall first
    departments: tuple[Place, ...]
    supervisor: Actor

    @property
    def staff(self) -> list[Actor]:
        """All people, once each."""
        return [*(place.actor for place in (*self.halls, *self.departments)), self.supervisor]


def set_stage(halls: int = HALLS) -> Stage:
    """Load reference data and people into a new database; cases come in at so many halls."""
    seed_calendar(now=_OPENED)
    seed_rules(now=_OPENED)
    load_obstacles()
    load_city()
    matters = dict(Matter.objects.order_by("-pk").values_list("department_id", "pk"))
    departments = Department.objects.filter(has_account=True, pk__in=matters).order_by("code")
    office = Department.objects.order_by("code").first()
    return Stage(
        tuple(
            Place(hall.pk, _person(f"bench-{hall.code}", Role.CLERK, hall=hall))
            for hall in Hall.objects.order_by("-is_main", "code")[:halls]
        ),
        tuple(
            Place(one.pk, _person(f"bench-{one.code}", Role.LIAISON, department=one), matters[one.pk])
            for one in departments
        ),
        _person("bench-supervisor", Role.SUPERVISOR, department=office),
    )


def _person(username: str, role: Role, **unit: object) -> Actor:
    user, _ = get_user_model().objects.get_or_create(username=username, defaults={"name": username})
    post, _ = Post.objects.get_or_create(role=role.value, title=username, **unit)
    Holding.objects.get_or_create(post=post, user=user, defaults={"from_on": _OPENED.date()})
    return actor_in(user.pk, units_of(user.pk, AS_OF.date())[0])
