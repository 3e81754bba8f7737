"""Writing sealed content: the case's key, its people, its texts, its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.errors import BadInputError, ErasedError
from cases.models import Attachment, Case, CaseKey, CaseText, Party
from cases.rules import contacts
from cases.services.perform import Doing
from cases.vault import blind, keys, sealing
from cases.vault.digests import text_digest
from cases.vault.files import FileRefusedError, StoredFile, remove, store_file

File = tuple[str, bytes]  # name and content of an upload, checked and sealed on writing


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


def required(field: str, text: str, message: str, *, most: int | None = None) -> str:
    """Return what was typed without the space around it.

    Errors: BadInputError with `message` when nothing is left, or when there are more than `most` characters.
    """
    text = text.strip()
    if not text:
        raise BadInputError(field, message)
    if most is not None and len(text) > most:
        raise BadInputError(field, f"最多写 {most} 个字，现在多了 {len(text) - most} 个。")
    return text


def write_texts(
    case: Case, key: bytes, written: Mapping[str, str], doing: Doing, *, share_id: int | None = None
) -> dict[str, str]:
    """Seal several texts by purpose, leaving out the empty ones; they belong to the event about to be recorded.

    Returns their keyed digests for that event.
    """
    version = case.version + 1
    bodies = {purpose: body.strip() for purpose, body in written.items() if body.strip()}
    CaseText.objects.bulk_create(
        CaseText(
            case=case,
            share_id=share_id,
            purpose=purpose,
            version=version,
            author_id=doing.actor_id,
            body_sealed=sealing.seal(key, body, f"text:{case.pk}:{version}:{purpose}"),
            written_at=doing.now,
        )
        for purpose, body in bodies.items()
    )
    return {purpose: text_digest(key, body) for purpose, body in bodies.items()}


def add_files(
    case: Case,
    key: bytes,
    files: Iterable[File],
    doing: Doing,
    *,
    purpose: str,
    share_id: int | None = None,
) -> list[str]:
    """Check, seal and enter files (name, content) into a case; returns their sha256 values for the event.

    Errors: BadInputError with the reason; what was stored is removed again when the act fails.
    """
    version = case.version + 1
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
            uploaded_by_id=doing.actor_id,
            uploaded_at=doing.now,
        )
        for file in _store(files, key, doing.now)
    ]
    Attachment.objects.bulk_create(rows)
    return [row.sha256 for row in rows]


def _store(files: Iterable[File], key: bytes, now: datetime) -> list[StoredFile]:
    stored: list[StoredFile] = []
    for name, content in files:
        try:
            stored.append(store_file(name, content, key, day=now.date()))
        except FileRefusedError as refused:
            remove(file.path for file in stored)
            raise BadInputError("files", f"{name}：{refused.message}") from None
    return stored
