"""Finding cases by what a person at the counter says: number, telephone, last four digits, name, pinyin initials.

Names and numbers are compared by blind index: equality only, and only within what the actor sees.
"""

from __future__ import annotations

from django.db.models import Q

from cases.models import Party
from cases.rules import contacts, numbering
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.vault import blind

LIMIT = 50
TAIL, SHORTEST_PHONE, CREDIT_CODE = 4, 7, 18  # lengths


def found_by(actor: Actor, text: str) -> list[int]:
    """Ids of cases that fit, newest first. A mistyped case number finds nothing."""
    try:
        digits = numbering.parse(text)
    except numbering.NumberError:
        return []
    if digits:
        return list(cases_seen_by(actor).filter(number=digits).values_list("pk", flat=True))
    parties = Party.objects.filter(_condition(text)).values("case_id")
    return list(
        cases_seen_by(actor).filter(pk__in=parties).order_by("-pk").values_list("pk", flat=True)[:LIMIT]
    )


def _condition(text: str) -> Q:
    plain = contacts.fold_phone(text)
    has_letters = any(char.isalpha() for char in text)
    if has_letters and text.isascii():
        if text.isalpha():
            return Q(initials_index=blind.initials_index(text)) | Q(name_index=blind.name_index(text))
        if len("".join(text.split())) == CREDIT_CODE:
            return Q(credit_code_index=blind.code_index(text))
    if len(plain) == TAIL and not has_letters:
        return Q(tail_index=blind.tail_index(plain))
    if len(plain) >= SHORTEST_PHONE and not has_letters:
        return Q(phone_index=blind.phone_index(plain))
    name = blind.name_index(text)
    return Q(name_index=name) | Q(organisation_index=name)


def cases_of_phone(actor: Actor, phone: str, *, limit: int = 3) -> list[int]:
    """Ids of earlier cases of the same telephone number that the actor sees, newest first."""
    parties = Party.objects.filter(phone_index=blind.phone_index(phone)).values("case_id")
    return list(
        cases_seen_by(actor).filter(pk__in=parties).order_by("-pk").values_list("pk", flat=True)[:limit]
    )
