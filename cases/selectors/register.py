"""What is known of rows of paper registers (台账): which were entered, which look like a case there is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from cases.models import Case, CaseText, RegisterEntry
from cases.vault import blind, keys, sealing


def entered(identities: Collection[bytes]) -> dict[bytes, str]:
    """Return the number of the case that each row already is, by identity; one query."""
    found = RegisterEntry.objects.filter(identity__in=list(identities)).values_list(
        "identity", "case__number"
    )
    return {bytes(identity): number for identity, number in found}


def existing(numbers: Collection[str]) -> set[str]:
    """Return which of the case numbers (digits) exist; one query. For an import, which may meet cases of any hall."""
    return set(Case.objects.filter(number__in=list(numbers)).values_list("number", flat=True))


class Alike(NamedTuple):
    """A case of the same telephone and matter, registered about the same time."""

    number: str
    submitted_at: datetime
    statement: str


def alike(phone: str, matter_id: int | None, around: datetime, within: timedelta) -> list[Alike]:
    """Return cases of the same telephone and matter submitted within a span around a moment, oldest first.

    They may be the same matter written down twice: the caller compares the statements. Two queries.
    """
    if not phone:
        return []
    cases = Case.objects.filter(
        parties__phone_index=blind.phone_index(phone),
        matter_id=matter_id,
        submitted_at__range=(around - within, around + within),
        erased_at__isnull=True,
    )
    rows = list(
        cases.order_by("submitted_at", "pk")
        .distinct()
        .values_list("pk", "number", "submitted_at", "key__wrapped")
    )
    texts = CaseText.objects.filter(case_id__in=[row[0] for row in rows], purpose="statement")
    bodies = {text.case_id: text for text in texts.order_by("-version")}
    found = []
    for pk, number, submitted_at, wrapped in rows:
        text = bodies.get(pk)
        if text is not None and wrapped:
            aad = f"text:{pk}:{text.version}:statement"
            found.append(
                Alike(number, submitted_at, sealing.unseal(keys.unwrap(wrapped), text.body_sealed, aad))
            )
    return found
