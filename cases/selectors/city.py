"""The city, and its units as people name them: by name, alias or code, however spaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cases.models import Alias, City, Department, Hall, Matter, Post
from cases.rules.places import fold


@dataclass
class Names:
    """Ids by what people write (folded); a name wins over an alias, an alias over a code."""

    departments: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    department_codes: dict[str, int] = field(default_factory=dict)
    halls: dict[str, int] = field(default_factory=dict)
    hall_codes: dict[str, int] = field(default_factory=dict)
    matters: dict[str, int] = field(default_factory=dict)
    matter_codes: dict[str, int] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)  # what rows of this run have become

    def department(self, text: str) -> int | None:
        """The department that `text` names."""
        key = fold(text)
        return self.departments.get(key) or self.aliases.get(key) or self.department_codes.get(key)

    def hall(self, text: str) -> int | None:
        """The hall that `text` names."""
        return self.halls.get(fold(text)) or self.hall_codes.get(fold(text))


def the_city() -> City | None:
    """The one row there is, or None before the portal was opened."""
    return City.objects.first()


def names() -> Names:
    """Everything that can be named, as it is now; five queries."""
    found = Names()
    for pk, name in Alias.objects.values_list("department_id", "name"):
        found.aliases[fold(name)] = pk
    for pk, code, name in Department.objects.values_list("pk", "code", "name"):
        found.departments[fold(name)], found.department_codes[fold(code)] = pk, pk
    for pk, code, name in Hall.objects.values_list("pk", "code", "name"):
        found.halls[fold(name)], found.hall_codes[fold(code)] = pk, pk
    for pk, code, name in Matter.objects.values_list("pk", "code", "name"):
        found.matters[fold(name)], found.matter_codes[fold(code)] = pk, pk
    return found


class Stock(NamedTuple):
    """How much reference data there is."""

    departments: int
    halls: int
    matters: int
    posts: int


def stock() -> Stock:
    """What a city has so far; four queries."""
    return Stock(
        *(model.objects.filter(is_active=True).count() for model in (Department, Hall, Matter, Post))
    )


def has_units() -> bool:
    """Whether there is any hall or department."""
    return Hall.objects.exists() or Department.objects.exists()


def holders_named(name: str) -> set[tuple[int, int | None, int | None]]:
    """User, hall and department of each post held by a person of this name."""
    rows = Post.objects.filter(holdings__user__name=name)
    return set(rows.values_list("holdings__user_id", "hall_id", "department_id"))


def roles_held(user_id: int) -> set[str]:
    """Every role that this person has been given."""
    return set(Post.objects.filter(holdings__user_id=user_id).values_list("role", flat=True))
