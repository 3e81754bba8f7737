"""Departments as somebody dispatching looks for them: by name, alias, or pinyin initials of either."""

from __future__ import annotations

from typing import NamedTuple

from cases.models import Alias
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
    """Active departments with an account, by code; two queries."""
    aliases: dict[int, list[str]] = {}
    for department_id, name in Alias.objects.order_by("id").values_list("department_id", "name"):
        aliases.setdefault(department_id, []).append(name)
    rows = active_departments().filter(has_account=True).values_list("id", "name")
    return [DepartmentLine(pk, name, tuple(aliases.get(pk, ()))) for pk, name in rows]
