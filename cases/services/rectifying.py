"""After a bad rating (差评): the window contacts whoever gave it, and mends what was wrong. Source: policy.md F3, bad rating.

After a rectification the reporter may rate a second time; a second bad grade is to be mended anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from cases.errors import BadInputError
from cases.models import Case
from cases.rules.classes import ContactWay
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.services.content import File, add_files, key_of, required, write_texts
from cases.services.perform import Asked, Change, Doing, perform
from cases.services.rating import last_bad_at


def contact_rater(*, way: ContactWay, text: str, **asked: Unpack[Asked]) -> Case:
    """Book that the window has talked with the reporter about a bad rating (联系评价人): how, and what they said.

    Only who was reached counts; what was said stays inside.
    """
    text = required("text", text, "请写对方怎么说的、要求怎么改。")

    def change(case: Case, doing: Doing) -> Change:
        _refuse_before(case, doing)
        case.rater_contacted_at = doing.at
        digests = write_texts(case, key_of(case), {"rater_contact": text}, doing)
        return Change(Kind.RATER_CONTACTED, {"way": way.value, "digests": digests})

    return perform(Act.CONTACT_RATER, change, **asked)


def rectify_case(*, text: str, files: Sequence[File] = (), **asked: Unpack[Asked]) -> Case:
    """Book what was done about a bad rating (整改); the reporter reads it and is asked again. Files are evidence, kept inside."""
    text = required("text", text, "请写改了什么、结果怎样。")

    def change(case: Case, doing: Doing) -> Change:
        _refuse_before(case, doing)
        case.rectified_at = doing.at
        key = key_of(case)
        digests = write_texts(case, key, {"rectification": text}, doing)
        hashes = add_files(case, key, files, doing, purpose="evidence")
        return Change(Kind.RECTIFIED, {"digests": digests, "files": hashes})

    return perform(Act.RECTIFY, change, **asked)


def _refuse_before(case: Case, doing: Doing) -> None:
    """What answers a bad grade comes after it."""
    last = last_bad_at(case)
    if last is not None and doing.at < last:
        raise BadInputError("happened_at", "时间不能早于差评的时间。")
