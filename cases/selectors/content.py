"""Reading sealed content: masked by default, in clear only for those who may read it and say why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, QuerySet

from cases.models import Attachment, Case, CaseKey, CaseText, Party
from cases.rules import masking
from cases.rules.grants import Actor, audience_of
from cases.rules.kinds import Audience
from cases.vault import files, keys, sealing

log = logging.getLogger("bancheng.files")

# Which texts the reporter reads; all others stay inside.
CITIZEN_TEXTS = frozenset(
    {"statement", "reply", "explanation", "supplement", "rating", "rectification", "reopening", "withdrawal"}
)
# And which files: the materials of the case, never the evidence of an answer or a closing.
CITIZEN_FILES = frozenset({"material"})
SUMMARY_LENGTH = 28  # characters of a statement that lists show


class MaskedPerson(NamedTuple):
    """A person of a case as staff see it before revealing: 刘*, 138****5678."""

    part: str
    name: str
    phone: str
    organisation: str
    notify_by: str
    relation: str


class Text(NamedTuple):
    """Something that was written, in clear."""

    purpose: str
    version: int
    body: str
    department: str
    author_name: str
    written_at: datetime


def _keys_of(case_ids: Iterable[int]) -> dict[int, bytes]:
    rows = CaseKey.objects.filter(case_id__in=list(case_ids)).values_list("case_id", "wrapped")
    return {case_id: keys.unwrap(wrapped) for case_id, wrapped in rows}


def _open(key: bytes, sealed: bytes | None, party: Party, field: str) -> str:
    if sealed is None:
        return ""
    return sealing.unseal(key, bytes(sealed), f"party:{party.case_id}:{party.part}:{field}")


def _with_keys(parties: QuerySet[Party]) -> Iterator[tuple[Party, bytes]]:
    """People in order, each with the key of their case; an erased case has nobody. One query."""
    raw: dict[int, bytes] = {}
    found = parties.annotate(wrapped=F("case__key__wrapped")).filter(wrapped__isnull=False)
    for party in found.order_by("case_id", "id"):
        if party.case_id not in raw:
            raw[party.case_id] = keys.unwrap(party.wrapped)
        yield party, raw[party.case_id]


def masked_people(case_ids: Sequence[int]) -> dict[int, list[MaskedPerson]]:
    """The people of many cases, masked, in one query; an erased case has none."""
    return _masked(case_ids, _with_keys(Party.objects.filter(case_id__in=case_ids)))


def people_and_summaries(
    wrapped: Mapping[int, str],
) -> tuple[dict[int, list[MaskedPerson]], dict[int, str]]:
    """The masked people and the first words of many cases by their wrapped keys, for lists; two queries."""
    raw = {case_id: keys.unwrap(key) for case_id, key in wrapped.items()}
    parties = Party.objects.filter(case_id__in=list(raw)).order_by("case_id", "id")
    people = _masked(raw, ((party, raw[party.case_id]) for party in parties))
    return people, _summaries(list(raw), raw, SUMMARY_LENGTH)


def _masked(case_ids: Iterable[int], parties: Iterable[tuple[Party, bytes]]) -> dict[int, list[MaskedPerson]]:
    found: dict[int, list[MaskedPerson]] = {case_id: [] for case_id in case_ids}
    for party, key in parties:
        found[party.case_id].append(
            MaskedPerson(
                party.part,
                masking.mask_name(_open(key, party.name_sealed, party, "name")),
                masking.mask_phone(_open(key, party.phone_sealed, party, "phone")),
                masking.mask_organisation(_open(key, party.organisation_sealed, party, "organisation")),
                party.notify_by,
                party.relation,
            )
        )
    return found


class ClearPerson(NamedTuple):
    """A person of a case in clear; comes only out of `services.revealing.reveal_contact`."""

    part: str
    name: str
    phone: str
    organisation: str


def clear_people(case_id: int) -> list[ClearPerson]:
    """The people of one case in clear; one query. Call it only where the look has been logged."""
    return [
        ClearPerson(
            party.part,
            _open(key, party.name_sealed, party, "name"),
            _open(key, party.phone_sealed, party, "phone"),
            _open(key, party.organisation_sealed, party, "organisation"),
        )
        for party, key in _with_keys(Party.objects.filter(case_id=case_id))
    ]


def texts_for(actor: Actor, case: Case) -> list[Text]:
    """The texts of a case that this actor may read, oldest first; empty after an erasure; one query."""
    rows = (
        CaseText.objects.filter(case=case)
        .select_related("share__department", "author")
        .annotate(wrapped=F("case__key__wrapped"))
        .order_by("version", "id")
    )
    inside = audience_of(actor) is not Audience.EVERYONE
    if not inside:
        rows = rows.filter(purpose__in=CITIZEN_TEXTS)
    found = [row for row in rows if row.wrapped]
    raw = keys.unwrap(found[0].wrapped) if found else b""
    return [
        Text(
            row.purpose,
            row.version,
            sealing.unseal(raw, bytes(row.body_sealed), f"text:{case.pk}:{row.version}:{row.purpose}"),
            row.share.department.name if row.share_id else "",
            row.author.name if inside and row.author_id else "",
            row.written_at,
        )
        for row in found
    ]


def summaries_of(case_ids: Sequence[int], *, length: int = SUMMARY_LENGTH) -> dict[int, str]:
    """The first words of each statement, for lists, with numbers that look personal masked; two queries."""
    return _summaries(case_ids, _keys_of(case_ids), length)


def _summaries(case_ids: Sequence[int], raw: dict[int, bytes], length: int) -> dict[int, str]:
    found = dict.fromkeys(case_ids, "")
    rows = CaseText.objects.filter(case_id__in=list(raw), purpose="statement").order_by("case_id", "version")
    for row in rows:
        body = sealing.unseal(
            raw[row.case_id], bytes(row.body_sealed), f"text:{row.case_id}:{row.version}:{row.purpose}"
        )
        body = masking.mask_text(" ".join(body.split()))
        found[row.case_id] = body if len(body) <= length else body[:length] + "…"
    return found


class FileLine(NamedTuple):
    """A file of a case as a list shows it."""

    uid: str
    name: str
    mime: str
    size: int
    uploaded_at: datetime


def files_for(actor: Actor, case: Case) -> list[FileLine]:
    """The files that the actor may open: the reporter the materials, the office all; one query."""
    rows = Attachment.objects.filter(case=case).annotate(wrapped=F("case__key__wrapped")).order_by("id")
    if audience_of(actor) is Audience.EVERYONE:
        rows = rows.filter(purpose__in=CITIZEN_FILES)
    found = [row for row in rows if row.wrapped]
    raw = keys.unwrap(found[0].wrapped) if found else b""
    return [
        FileLine(
            str(row.uid),
            sealing.unseal(raw, bytes(row.name_sealed), f"file:{row.uid}"),
            row.mime,
            row.size,
            row.uploaded_at,
        )
        for row in found
    ]


class OpenFile(NamedTuple):
    """The bytes of a file with what a response needs."""

    name: str
    mime: str
    content: bytes


def file_for(case: Case, uid: str, *, own: bool = False) -> OpenFile | None:
    """One file of a case that the actor has already been shown to see; with `own` only what its reporter may open."""
    rows = Attachment.objects.filter(case=case, uid=uid)
    row = (rows.filter(purpose__in=CITIZEN_FILES) if own else rows).first()
    raw = _keys_of([case.pk])
    if row is None or not raw:
        return None
    key = raw[case.pk]
    name = sealing.unseal(key, bytes(row.name_sealed), f"file:{row.uid}")
    try:
        return OpenFile(name, row.mime, files.open_file(row, key))
    except files.MissingFileError:
        log.exception("attachment %s is not in private storage", row.uid)
        return None
