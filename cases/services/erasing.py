"""Erasing personal data by law (依法删除): key and sealed rows go, the timeline stays and still verifies."""

from __future__ import annotations

from typing import Unpack

from django.db import transaction

from cases.errors import BadInputError
from cases.models import Attachment, Case, CaseKey, CaseText, Party, RegisterEntry
from cases.rules import words
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.services.perform import Asked, Change, Doing, perform
from cases.vault import files


def erase_case(*, basis: str, **asked: Unpack[Asked]) -> Case:
    """Erase who the people were and what was written. `basis` is a code of words.ERASURE_BASES (PIPL 47).

    The digest of the query code stays: it is not personal, and the reporter must be able to read that it was done.
    """
    if basis not in words.ERASURE_BASES:
        raise BadInputError("basis", "请选择删除的法律依据。")

    def change(case: Case, doing: Doing) -> Change:
        case.erased_at = doing.now
        paths = list(Attachment.objects.filter(case=case).values_list("path", flat=True))
        for rows in (CaseText, Party, Attachment, CaseKey):
            rows.objects.filter(case=case).delete()
        RegisterEntry.objects.filter(case=case).update(cells_sealed=None)
        transaction.on_commit(lambda: files.remove(paths))
        return Change(Kind.ERASED, {"basis": basis, "files": len(paths)})

    return perform(Act.ERASE, change, **asked)
