"""What this browser has opened: cases by number and code, how far, and the receipt of the one just filed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cases.rules.flow import Act
from cases.rules.grants import Actor
from cases.services.drafts import open_draft, seal_draft
from portal.accounts.actors import OPENED_FOR, citizen_of, keep_open
from portal.citizen import unsent

RECEIPT, LAYERS = "receipt", "layers"
WHOLE, STATUS = "whole", "status"
RECEIPT_FOR = OPENED_FOR
RECEIPT_MINUTES = int(RECEIPT_FOR.total_seconds() // 60)


class Receipt(NamedTuple):
    """Number and query code of a case filed in this browser; the code is "" once the half hour is over."""

    number: str
    code: str


def open_case(request: HttpRequest, case_id: int, number: str, *, whole: bool) -> Actor:
    """Open a case in this session, wholly or its status only; returns the citizen who may read it."""
    keep_open(request, case_id)
    layers = request.session.get(LAYERS, {})
    request.session[LAYERS] = {**layers, number: WHOLE if whole else STATUS}
    return citizen_of(request)


def is_whole(request: HttpRequest, number: str) -> bool:
    """Say whether the whole case was opened, and not its status only."""
    return request.session.get(LAYERS, {}).get(number) == WHOLE


def is_number(text: str) -> bool:
    """Say whether a text can be the digits of a case number."""
    return text.isascii() and text.isdecimal() and len(text) <= 20


def to_form(number: str, act: Act | None = None) -> HttpResponse:
    """Missing, hidden and expired cases all lead to the tracking form, with the number filled in, and back to an act."""
    query = {"number": number} if is_number(number) else {}
    if act:
        query["act"] = act.value
    return redirect(reverse("citizen:track", query=query or None))


def close_all(request: HttpRequest) -> None:
    """Forget what was opened: for the next person at the same computer."""
    for key in ("opened", LAYERS, RECEIPT, unsent.KEY):
        request.session.pop(key, None)


def give_receipt(request: HttpRequest, number: str, code: str, now: datetime) -> None:
    """Keep number and code for a while, sealed."""
    request.session[RECEIPT] = seal_draft({"number": number, "code": code, "at": now.isoformat()})


def receipt_of(request: HttpRequest, now: datetime) -> Receipt | None:
    """The receipt of this session. After its time the code is destroyed and only the number is left."""
    sealed = request.session.get(RECEIPT)
    kept = open_draft(sealed) if sealed else {}
    if not kept.get("number"):
        return None
    if kept.get("code") and now - datetime.fromisoformat(kept["at"]) > RECEIPT_FOR:
        kept["code"] = ""
        request.session[RECEIPT] = seal_draft(kept)
    return Receipt(kept["number"], kept["code"])
