"""Which of many telephone numbers there are cases of; for an import, which may meet cases of any hall."""

from __future__ import annotations

from collections.abc import Collection

from cases.models import Party
from cases.vault import blind

BATCH = 1000


def known_phones(phones: Collection[str]) -> set[str]:
    """Return those of the numbers that any case names; one query for a thousand."""
    by_index = {blind.phone_index(phone): phone for phone in phones if phone}
    indexes = list(by_index)
    found: set[str] = set()
    for start in range(0, len(indexes), BATCH):
        part = indexes[start : start + BATCH]
        rows = Party.objects.filter(phone_index__in=part).values_list("phone_index", flat=True)
        found |= {by_index[bytes(index)] for index in rows}
    return found
