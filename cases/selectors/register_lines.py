"""The register (台账) read out of the cases: what each line of it says, by day of registration, in batches of steady cost."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cases.models import Case, CaseText, Party, Rating, RegisterEntry, Share
from cases.rules import masking
from cases.rules.grants import Actor
from cases.rules.register_columns import Column
from cases.selectors.cases import cases_seen_by
from cases.vault import keys, sealing

BATCH = 500
_TEXTS = ("statement", "reply", "answer", "explanation")


@dataclass(frozen=True)
class Scope:
    """Which cases: registered from `since` on and before `until`, in one hall or in all that the actor sees."""

    since: datetime
    until: datetime
    hall_id: int | None = None


@dataclass(frozen=True)
class Line:
    """One case as a register tells it; codes of enums stay codes. `cells` are those of the paper row, if it came from one."""

    case_id: int
    number: str
    place: str
    state: str
    channel: str
    submitted_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    hall: str
    matter: str
    obstacle: str
    difficulty: str
    nature: str
    outcome: str
    recurrence: str
    redirect_reason: str
    is_erased: bool
    name: str = ""
    organisation: str = ""
    phone: str = ""
    statement: str = ""
    handling: str = ""
    lead: str = ""
    co: tuple[str, ...] = ()
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    grade: int | None = None
    called_back: str = ""
    cells: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def count_in(actor: Actor, scope: Scope) -> int:
    """Return how many lines the register of a scope has for this actor; one query."""
    return _cases_in(actor, scope).count()


def masked_lines(actor: Actor, scope: Scope) -> Iterator[list[Line]]:
    """Yield the lines in batches, oldest first, with names, numbers and what looks personal in texts masked."""
    for batch in clear_lines(actor, scope):
        yield [masked(line) for line in batch]


def clear_lines(actor: Actor, scope: Scope) -> Iterator[list[Line]]:
    """Yield the lines in batches, oldest first, in clear. Call it only where the look is logged; six queries a batch."""
    rows = _cases_in(actor, scope).select_related("hall", "matter", "obstacle", "key")
    after: tuple[datetime, int] | None = None
    while True:
        found = rows.order_by("submitted_at", "id")
        if after is not None:
            found = found.filter(Q(submitted_at__gt=after[0]) | Q(submitted_at=after[0], id__gt=after[1]))
        cases = list(found[:BATCH])
        if cases:
            yield _lines(cases)
        if len(cases) < BATCH:
            return
        after = (cases[-1].submitted_at, cases[-1].pk)


class PaperHeads(NamedTuple):
    """How the paper rows of a scope were headed, each way once; and the highest running number (序号) among them."""

    heads: list[tuple[str, ...]]
    last: int


def paper_heads(actor: Actor, scope: Scope) -> PaperHeads:
    """Return what the paper rows of a scope were headed with; one query, read in pieces."""
    entries = RegisterEntry.objects.filter(case_id__in=_cases_in(actor, scope).values("pk"))
    rows = entries.order_by("pk").values_list("case_id", "cells_sealed", "case__key__wrapped")
    heads: dict[tuple[str, ...], None] = {}
    last = 0
    for case_id, sealed, wrapped in rows.iterator(chunk_size=2000):
        if sealed and wrapped:
            cells = _cells(case_id, sealed, keys.unwrap(wrapped))
            heads[tuple(cells)] = None
            number = cells.get(Column.SERIAL.value, "")
            last = max(last, int(number)) if number.isascii() and number.isdecimal() else last
    return PaperHeads(list(heads), last)


def numbers_from(sha256: str, since: datetime) -> set[str]:
    """Return the numbers of the cases that came from a file (by its digest) since a moment; one query. For the run itself."""
    rows = RegisterEntry.objects.filter(sha256=sha256, entered_at__gte=since)
    return set(rows.values_list("case__number", flat=True))


def masked(line: Line) -> Line:
    """The line as it is shown to whoever gives no purpose. Cells of heads that ask for personal data are hidden by the page."""
    return replace(
        line,
        name=masking.mask_name(line.name),
        organisation=masking.mask_organisation(line.organisation),
        phone=masking.mask_phone(line.phone),
        statement=masking.mask_text(line.statement),
        handling=masking.mask_text(line.handling),
        cells={head: masking.mask_text(cell) for head, cell in line.cells.items()},
    )


def _cases_in(actor: Actor, scope: Scope) -> QuerySet[Case]:
    found = cases_seen_by(actor).filter(submitted_at__gte=scope.since, submitted_at__lt=scope.until)
    return found.filter(hall_id=scope.hall_id) if scope.hall_id is not None else found


def _lines(cases: list[Case]) -> list[Line]:
    raw = {case.pk: keys.unwrap(case.key.wrapped) for case in cases if hasattr(case, "key")}
    people, texts, cells = _people(raw), _texts(raw), _papers(raw)
    ids = [case.pk for case in cases]
    shares, ratings = _shares(ids), _ratings(ids)
    lines = []
    for case in cases:
        line = Line(**_plain(case), **shares.get(case.pk, {}), **ratings.get(case.pk, {}))
        told = texts.get(case.pk, {})
        lines.append(
            replace(
                line,
                **people.get(case.pk, {}),
                statement=told.get("statement", ""),
                handling=told.get("reply") or told.get("answer") or told.get("explanation", ""),
                cells=cells.get(case.pk, {}),
            )
        )
    return lines


def _plain(case: Case) -> dict[str, object]:
    return {
        "case_id": case.pk,
        "number": case.number,
        "place": case.place,
        "state": case.state,
        "channel": case.channel,
        "submitted_at": case.submitted_at,
        "accepted_at": case.accepted_at,
        "closed_at": case.closed_at,
        "hall": case.hall.name,
        "matter": case.matter.name if case.matter else "",
        "obstacle": case.obstacle.name if case.obstacle else "",
        "difficulty": case.difficulty,
        "nature": case.nature,
        "outcome": case.outcome,
        "recurrence": case.recurrence,
        "redirect_reason": case.redirect_reason,
        "is_erased": case.erased_at is not None,
    }


def _people(raw: Mapping[int, bytes]) -> dict[int, dict[str, str]]:
    """The reporter of each case."""
    found = {}
    for party in Party.objects.filter(case_id__in=list(raw), part="reporter"):
        sealed = {
            "name": party.name_sealed,
            "phone": party.phone_sealed,
            "organisation": party.organisation_sealed,
        }
        found[party.case_id] = {
            name: sealing.unseal(raw[party.case_id], value, f"party:{party.case_id}:{party.part}:{name}")
            for name, value in sealed.items()
            if value is not None
        }
    return found


def _texts(raw: Mapping[int, bytes]) -> dict[int, dict[str, str]]:
    """The first statement and the last of each other text."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = CaseText.objects.filter(case_id__in=list(raw), purpose__in=_TEXTS).order_by("version", "id")
    for row in rows:
        if row.purpose == "statement" and "statement" in found[row.case_id]:
            continue
        aad = f"text:{row.case_id}:{row.version}:{row.purpose}"
        found[row.case_id][row.purpose] = sealing.unseal(raw[row.case_id], row.body_sealed, aad)
    return found


def _papers(raw: Mapping[int, bytes]) -> dict[int, dict[str, str]]:
    rows = RegisterEntry.objects.filter(case_id__in=list(raw), cells_sealed__isnull=False)
    return {
        case_id: _cells(case_id, sealed, raw[case_id])
        for case_id, sealed in rows.values_list("case_id", "cells_sealed")
    }


def _cells(case_id: int, sealed: bytes, key: bytes) -> dict[str, str]:
    cells: dict[str, str] = json.loads(sealing.unseal(key, sealed, f"register:{case_id}"))
    return cells


def _shares(case_ids: Collection[int]) -> dict[int, dict[str, object]]:
    """Lead and co-handlers of the last handling, and when the lead had it."""
    rows = Share.objects.filter(case_id__in=case_ids).select_related("department").order_by("id")
    found: dict[int, dict[str, object]] = {}
    for case_id, shares in _grouped(rows).items():
        live = [share for share in shares if share.ended_at is None] or shares
        lead = next((share for share in reversed(live) if share.role == "lead"), None)
        co = dict.fromkeys(share.department.name for share in live if share.role == "co")
        found[case_id] = {
            "lead": lead.department.name if lead else "",
            "co": tuple(co),
            "dispatched_at": lead.dispatched_at if lead else None,
            "signed_at": lead.signed_at if lead else None,
        }
    return found


def _grouped(rows: QuerySet[Share]) -> dict[int, list[Share]]:
    found: dict[int, list[Share]] = defaultdict(list)
    for share in rows:
        found[share.case_id].append(share)
    return found


def _ratings(case_ids: Collection[int]) -> dict[int, dict[str, object]]:
    """The last grade, the reporter's own before what the call-back heard; and what the call-back heard was solved."""
    found: dict[int, dict[str, object]] = defaultdict(dict)
    own: set[int] = set()
    for rating in Rating.objects.filter(case_id__in=case_ids).order_by("closing", "given_at", "id"):
        if rating.source == "call_back":
            found[rating.case_id]["called_back"] = rating.resolution
        if rating.source != "call_back" or rating.case_id not in own:
            found[rating.case_id]["grade"] = rating.grade
        if rating.source != "call_back":
            own.add(rating.case_id)
    return found
