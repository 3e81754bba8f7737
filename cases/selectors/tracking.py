"""Following a case from outside (查进度): number plus query code, or number plus the last four digits of the phone."""

from __future__ import annotations

from typing import NamedTuple

from cases.models import Case, Party
from cases.vault import blind, codes


class Tracked(NamedTuple):
    """What was found. `whole` is False for the status layer (last four digits), which shows nothing personal."""

    case: Case
    whole: bool


def tracked_case(digits: str, secret: str) -> Tracked | None:
    """Find a case by its number and a 6-digit query code or the last four digits of the reporter's phone.

    An unknown number does the same work as a known one with a wrong code, so that neither time nor answer tells.
    """
    case = Case.objects.select_related("hall", "matter").filter(number=digits).first()
    stored = bytes(case.query_digest) if case and case.query_digest else None
    by_code = codes.code_matches(digits, secret, stored)
    tail = blind.tail_index(secret if len(secret) == 4 else "0000")
    by_tail = Party.objects.filter(case_id=case.pk if case else 0, tail_index=tail).exists()
    if case and by_code:
        return Tracked(case, whole=True)
    if case and by_tail and len(secret) == 4:
        return Tracked(case, whole=False)
    return None
