"""Writing sealed content: the case's key, its people, its texts, its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.errors import BadInputError, ErasedError
from cases.models import Attachment, Case, CaseKey, CaseText, Party
from cases.rules import contacts
from cases.vault import blind, keys, sealing
from cases.vault.digests import text_digest
from cases.vault.files import FileRefusedError, StoredFile, remove, store_file


@dataclass(frozen=True)
class Person:
    """A person or organisation as typed into a form; `part` is reporter, principal or contact."""

    name: str
    phone: str = ""
    part: str = "reporter"
    organisation: str = ""
    credit_code: str = ""
    relation: str = ""
    notify_by: str = ""


def create_key(case: Case) -> bytes:
    """Give a new case its data key; returns the raw key."""
    raw, wrapped = keys.new_case_key()
    CaseKey.objects.create(case=case, wrapped=wrapped)
    return raw


def key_of(case: Case) -> bytes:
    """Return the raw data key of a case. Errors: ErasedError after an erasure."""
    row = CaseKey.objects.filter(case=case).first()
    if row is None:
        raise ErasedError
    return keys.unwrap(row.wrapped)


def add_person(case: Case, key: bytes, person: Person, *, now: datetime) -> None:
    """Seal one person of a case and write the blind indexes by which they can be found."""
    name = contacts.clean_name(person.name)
    phone = contacts.clean_phone(person.phone) if person.phone.strip() else ""
    organisation = contacts.clean_organisation(person.organisation) if person.organisation.strip() else ""
    code = contacts.clean_credit_code(person.credit_code) if person.credit_code.strip() else ""

    def sealed(text: str, field: str) -> bytes | None:
        return sealing.seal(key, text, f"party:{case.pk}:{person.part}:{field}") if text else None

    Party.objects.create(
        case=case,
        part=person.part,
        is_organisation=bool(organisation),
        relation=person.relation,
        notify_by=person.notify_by,
        name_sealed=sealed(name, "name"),
        phone_sealed=sealed(phone, "phone"),
        organisation_sealed=sealed(organisation, "organisation"),
        credit_code_sealed=sealed(code, "credit_code"),
        name_index=blind.name_index(name),
        initials_index=blind.initials_index(name),
        phone_index=blind.phone_index(phone) if phone else None,
        tail_index=blind.tail_index(phone) if phone else None,
        organisation_index=blind.name_index(organisation) if organisation else None,
        credit_code_index=blind.code_index(code) if code else None,
        consented_at=now,
    )


def write_text(
    case: Case,
    key: bytes,
    purpose: str,
    body: str,
    *,
    author_id: int | None,
    now: datetime,
    share_id: int | None = None,
) -> str:
    """Seal one text that belongs to the event about to be recorded; returns its keyed digest for that event."""
    version = case.version + 1
    CaseText.objects.create(
        case=case,
        share_id=share_id,
        purpose=purpose,
        version=version,
        author_id=author_id,
        body_sealed=sealing.seal(key, body, f"text:{case.pk}:{version}:{purpose}"),
        written_at=now,
    )
    return text_digest(key, body)


def write_texts(
    case: Case,
    key: bytes,
    written: Mapping[str, str],
    *,
    author_id: int | None,
    now: datetime,
    share_id: int | None = None,
) -> dict[str, str]:
    """Seal several texts of one event by purpose, leaving out the empty ones; returns their keyed digests."""
    return {
        purpose: write_text(case, key, purpose, body.strip(), author_id=author_id, now=now, share_id=share_id)
        for purpose, body in written.items()
        if body.strip()
    }


def add_files(
    case: Case,
    key: bytes,
    files: Iterable[tuple[str, bytes]],
    *,
    purpose: str,
    author_id: int | None,
    now: datetime,
    share_id: int | None = None,
) -> list[str]:
    """Check, seal and enter files (name, content) into a case; returns their sha256 values for the event.

    Errors: BadInputError with the reason; what was stored is removed again when the act fails.
    """
    version = case.version + 1
    stored = _store(files, key, now)
    rows = [
        Attachment(
            case=case,
            share_id=share_id,
            uid=file.uid,
            purpose=purpose,
            path=file.path,
            mime=file.mime,
            size=file.size,
            sha256=file.sha256,
            name_sealed=sealing.seal(key, file.name, f"file:{file.uid}"),
            version=version,
            uploaded_by_id=author_id,
            uploaded_at=now,
        )
        for file in stored
    ]
    Attachment.objects.bulk_create(rows)
    return [row.sha256 for row in rows]


def _store(files: Iterable[tuple[str, bytes]], key: bytes, now: datetime) -> list[StoredFile]:
    stored: list[StoredFile] = []
    try:
        for name, content in files:
            stored.append(store_file(name, content, key, day=now.date()))
    except FileRefusedError as refused:
        remove(file.path for file in stored)
        raise BadInputError("files", refused.message) from None
    return stored
