"""Departments as somebody dispatching looks for them: by name, alias, or pinyin initials of either."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from cases.selectors.halls import active_departments
from cases.vault.pinyin import initials


class DepartmentLine(NamedTuple):
    """A department that can be dispatched to, with the names people use for it."""

    id: int
    name: str
    aliases: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Say whether what was typed is part of a name, or how the initials of one begin."""
        text = "".join(text.split()).casefold()
        names = (self.name, *self.aliases)
        if text.isascii():
            return any(initials(name).startswith(text) or text in name.casefold() for name in names)
        return any(text in name.casefold() for name in names)


def dispatchable() -> list[DepartmentLine]:
    """Active departments with an account, by code; one query."""
    rows = active_departments().filter(has_account=True)
    aliases = ArrayAgg("aliases__name", order_by="aliases__id", default=[], filter=Q(aliases__isnull=False))
    found = rows.annotate(names=aliases).values_list("id", "name", "names")
    return [DepartmentLine(pk, name, tuple(names)) for pk, name, names in found]


def department_choices() -> list[tuple[int, str]]:
    """Id and name of each active department, by code; one query."""
    return list(active_departments().values_list("id", "name"))
