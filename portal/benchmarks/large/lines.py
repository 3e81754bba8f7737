"""What SQL cannot compute for a clone: its hash chain, its sealed people and texts, as lines for COPY.

A model is read once; a clone then costs some forty microseconds. Formats are those of cases.vault and cases.timeline; the tests
of this package open and verify clones through them, so that a change there is noticed here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from io import StringIO
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, models

from cases.models import CaseKey, CaseText, Event, Party
from cases.rules.numbering import compose_digits
from cases.timeline import event_body
from cases.vault import blind, codes, keys, sealing
from cases.vault.digests import canonical
from cases.vault.mac import hmac_sm3
from portal.benchmarks.large.casting import Model
from portal.benchmarks.large.plan import Clone

REPORTERS = 400_000  # people who come to the windows: at a million cases each has come two or three times
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华"
_CASE, _SHARE = -1, -2  # stand for ids in a body until a clone has its own
_NULL = "\\N"


class Table(NamedTuple):
    """A table that is filled by COPY: its name and its columns but the id, which its sequence gives."""

    name: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, model: type[models.Model]) -> Table:
        """Describe the table of a model."""
        return cls(
            model._meta.db_table,
            tuple(field.column for field in model._meta.concrete_fields if not field.primary_key),
        )

    @property
    def copy(self) -> str:
        """The statement that takes the lines."""
        return f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN"


CLONES = Table("bench_clone", ("model_id", "case_id", "number", "query_digest", "head_hash", "first_share"))
EVENTS, PARTIES, TEXTS = (Table.of(model) for model in (Event, Party, CaseText))
TABLES = (CLONES, EVENTS, PARTIES, TEXTS)


class _Line(NamedTuple):
    """One row of a model as COPY wrote it, with what a clone needs besides: parts of a body, or a text in clear."""

    fields: list[str]
    share: int | None  # how many shares of the model come before the one it is about
    body: tuple[bytes, ...] = ()
    clear: bytes = b""


class Template:
    """One model case, ready to be cloned."""

    def __init__(self, model: Model, shares: Sequence[int]) -> None:
        """Read the rows of a model; `shares` are the ids of its shares, ascending."""
        self.case_id, self.day, self._shares = model.case_id, model.filed_at.date(), shares
        self._key = keys.unwrap(CaseKey.objects.get(case_id=model.case_id).wrapped)
        self.cipher = AESGCM(hmac_sm3(self._key, "seal", sealing.AES))
        self.events = list(self._events())
        self.parties = [_Line(fields, None) for fields, _ in self._rows(Party, PARTIES)]
        self.texts = list(self._texts())

    def _rows(self, model: type[models.Model], table: Table) -> Iterator[tuple[list[str], Any]]:
        written, columns = StringIO(), ", ".join(table.columns)
        asked = f"SELECT {columns} FROM {table.name} WHERE case_id = {int(self.case_id)} ORDER BY id"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({asked}) TO STDOUT", written)
        rows = model._default_manager.filter(case_id=self.case_id).order_by("pk")
        lines = written.getvalue().splitlines()
        return ((line.split("\t"), row) for line, row in zip(lines, rows, strict=True))

    def _share(self, share_id: int | None) -> int | None:
        return None if share_id is None else self._shares.index(share_id)

    def _events(self) -> Iterator[_Line]:
        for fields, event in self._rows(Event, EVENTS):
            body = {**event_body(event), "case": _CASE, "share": _SHARE}
            before, rest = canonical(body).split(b'"case":%d' % _CASE)
            between, after = rest.split(b'"share":%d' % _SHARE)
            yield _Line(
                fields, self._share(event.share_id), (before + b'"case":', between + b'"share":', after)
            )

    def _texts(self) -> Iterator[_Line]:
        for fields, text in self._rows(CaseText, TEXTS):
            aad = f"text:{text.case_id}:{text.version}:{text.purpose}"
            clear = sealing.unseal(self._key, text.body_sealed, aad).encode()
            yield _Line(fields, self._share(text.share_id), clear=clear)


class Writer:
    """Writes the lines of clones, one text for each of TABLES."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self._templates = templates
        self._key_id, chain_key = next(iter(settings.CHAIN_KEYS.items()))
        self._mac = hmac.HMAC(bytes.fromhex(chain_key), hashes.SM3())
        self._mac.update(b"chain\0")
        self._out: tuple[list[str], ...] = ()
        self._nonces = _nonces()

    def lines(self, clones: Iterator[Clone]) -> list[str]:
        """Return the lines of clones, table by table."""
        self._out = tuple([] for _ in TABLES)
        self._nonces = _nonces()
        for clone in clones:
            template = self._templates[clone.model]
            head = self._write_events(clone, template)
            self._write_parties(clone, template)
            self._write_texts(clone, template)
            number = compose_digits(template.day, clone.serial)
            digest = _bytes(codes.code_digest(number, number[-6:]))
            self._out[0].append(
                f"{template.case_id}\t{clone.case_id}\t{number}\t{digest}\t{head}\t{clone.first_share}\n"
            )
        return ["".join(lines) for lines in self._out]

    def _write_events(self, clone: Clone, template: Template) -> str:
        case, head, write = str(clone.case_id), "", self._out[1].append
        for line in template.events:
            share = None if line.share is None else clone.first_share + line.share
            before, between, after = line.body
            told = b"null" if share is None else b"%d" % share
            body = before + case.encode() + between + told + after
            digest = f"{self._key_id}:{self._chained(head.encode(), body)}"
            fields = line.fields.copy()
            fields[_CASE_OF_EVENT], fields[_SHARE_OF_EVENT] = case, _NULL if share is None else str(share)
            fields[_PREV], fields[_HASH] = head, digest
            write("\t".join(fields) + "\n")
            head = digest
        return head

    def _chained(self, prev: bytes, body: bytes) -> str:
        mac = self._mac.copy()
        mac.update(b"".join((len(prev).to_bytes(8, "big"), prev, len(body).to_bytes(8, "big"), body)))
        return mac.finalize().hex()

    def _sealed(self, template: Template, clear: bytes, aad: str) -> str:
        nonce = next(self._nonces)
        return _bytes(sealing.AES + nonce + template.cipher.encrypt(nonce, clear, sealing.AES + aad.encode()))

    def _write_parties(self, clone: Clone, template: Template) -> None:
        name, phone = reporter_of(clone.case_id)
        for line in template.parties:
            row = dict(zip(PARTIES.columns, line.fields, strict=True))
            aad = f"party:{clone.case_id}:{row['part']}:"
            row["case_id"] = str(clone.case_id)
            row["name_sealed"] = self._sealed(template, name.encode(), f"{aad}name")
            row["phone_sealed"] = self._sealed(template, phone.encode(), f"{aad}phone")
            row["name_index"], row["initials_index"] = _name_indexes(name)
            row["phone_index"] = _bytes(blind.phone_index(phone))
            row["tail_index"] = _tail_index(phone[-4:])
            self._out[2].append("\t".join(row.values()) + "\n")

    def _write_texts(self, clone: Clone, template: Template) -> None:
        for line in template.texts:
            fields = line.fields.copy()
            aad = f"text:{clone.case_id}:{fields[_VERSION_OF_TEXT]}:{fields[_PURPOSE]}"
            fields[_CASE_OF_TEXT] = str(clone.case_id)
            fields[_SHARE_OF_TEXT] = _NULL if line.share is None else str(clone.first_share + line.share)
            fields[_SEALED] = self._sealed(template, line.clear, aad)
            self._out[3].append("\t".join(fields) + "\n")


def reporter_of(case_id: int) -> tuple[str, str]:
    """Return name and telephone of the reporter of a clone; both are invented."""
    person = case_id * 7919 % REPORTERS
    name = _SURNAMES[person % len(_SURNAMES)] + "".join(
        _GIVEN[person // by % len(_GIVEN)] for by in (30, 750)
    )
    return name, f"13{person * 2503 % 10**9:09d}"


def _nonces() -> Iterator[bytes]:
    """Random nonces, asked of the system many at a time. Each process must begin anew."""
    size = sealing.NONCE_BYTES
    while True:
        block = os.urandom(size * 1000)
        yield from (block[at : at + size] for at in range(0, len(block), size))


def _bytes(value: bytes) -> str:
    return "\\\\x" + value.hex()


@cache
def _name_indexes(name: str) -> tuple[str, str]:
    return _bytes(blind.name_index(name)), _bytes(blind.initials_index(name))


@cache
def _tail_index(tail: str) -> str:
    return _bytes(blind.tail_index(tail))


_CASE_OF_EVENT, _SHARE_OF_EVENT = EVENTS.columns.index("case_id"), EVENTS.columns.index("share_id")
_PREV, _HASH = EVENTS.columns.index("prev_hash"), EVENTS.columns.index("hash")
_CASE_OF_TEXT, _SHARE_OF_TEXT = TEXTS.columns.index("case_id"), TEXTS.columns.index("share_id")
_SEALED, _PURPOSE = TEXTS.columns.index("body_sealed"), TEXTS.columns.index("purpose")
_VERSION_OF_TEXT = TEXTS.columns.index("version")
