"""Reading sealed content: masked by default, in clear only for those who may read it and say why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from cases.models import Attachment, Case, CaseKey, CaseText, Party
from cases.rules import masking
from cases.rules.grants import Actor, audience_of
from cases.rules.kinds import Audience
from cases.vault import files, keys, sealing

log = logging.getLogger("bancheng.files")

# Which texts the reporter reads; all others stay inside.
CITIZEN_TEXTS = frozenset({"statement", "reply", "explanation"})
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


def masked_people(case_ids: Sequence[int]) -> dict[int, list[MaskedPerson]]:
    """The people of many cases, masked, in two queries; an erased case has none."""
    return _masked_people(case_ids, _keys_of(case_ids))


def people_and_summaries(
    case_ids: Sequence[int],
) -> tuple[dict[int, list[MaskedPerson]], dict[int, str]]:
    """The masked people and the first words of many cases, for lists; three queries."""
    raw = _keys_of(case_ids)
    return _masked_people(case_ids, raw), _summaries(case_ids, raw, SUMMARY_LENGTH)


def _masked_people(case_ids: Sequence[int], raw: dict[int, bytes]) -> dict[int, list[MaskedPerson]]:
    found: dict[int, list[MaskedPerson]] = {case_id: [] for case_id in case_ids}
    for party in Party.objects.filter(case_id__in=list(raw)).order_by("case_id", "id"):
        key = raw[party.case_id]
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
    """The people of one case in clear. Call it only where the look has been logged."""
    raw = _keys_of([case_id])
    if not raw:
        return []
    key = raw[case_id]
    return [
        ClearPerson(
            party.part,
            _open(key, party.name_sealed, party, "name"),
            _open(key, party.phone_sealed, party, "phone"),
            _open(key, party.organisation_sealed, party, "organisation"),
        )
        for party in Party.objects.filter(case_id=case_id).order_by("id")
    ]


def texts_for(actor: Actor, case: Case) -> list[Text]:
    """The texts of a case that this actor may read, oldest first; empty after an erasure."""
    raw = _keys_of([case.pk])
    if not raw:
        return []
    rows = (
        CaseText.objects.filter(case=case)
        .select_related("share__department", "author")
        .order_by("version", "id")
    )
    inside = audience_of(actor) is not Audience.EVERYONE
    if not inside:
        rows = rows.filter(purpose__in=CITIZEN_TEXTS)
    return [
        Text(
            row.purpose,
            row.version,
            sealing.unseal(
                raw[case.pk], bytes(row.body_sealed), f"text:{case.pk}:{row.version}:{row.purpose}"
            ),
            row.share.department.name if row.share_id else "",
            row.author.name if inside and row.author_id else "",
            row.written_at,
        )
        for row in rows
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
    """The files that the actor may open: the window, supervisors and the reporter all, a department what it shares."""
    raw = _keys_of([case.pk])
    if not raw:
        return []
    rows = Attachment.objects.filter(case=case).order_by("id")
    return [
        FileLine(
            str(row.uid),
            sealing.unseal(raw[case.pk], bytes(row.name_sealed), f"file:{row.uid}"),
            row.mime,
            row.size,
            row.uploaded_at,
        )
        for row in rows
    ]


class OpenFile(NamedTuple):
    """The bytes of a file with what a response needs."""

    name: str
    mime: str
    content: bytes


def file_for(case: Case, uid: str) -> OpenFile | None:
    """One file of a case that the actor has already been shown to see."""
    row = Attachment.objects.filter(case=case, uid=uid).first()
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
