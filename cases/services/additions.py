"""What comes in between: the reporter adds something (补充), withdraws (撤回); the 专员 steps in (督办)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from cases.models import Case
from cases.rules.classes import Outcome
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.services.content import File, add_files, key_of, required, write_texts
from cases.services.perform import Asked, Change, Doing, perform


def supplement_case(*, text: str, files: Sequence[File] = (), **asked: Unpack[Asked]) -> Case:
    """Add a note or photographs to an open case (补充材料), by the reporter or at the counter for them."""
    if not files:
        text = required("text", text, "请写要补充的内容，或者选一张照片。")

    def change(case: Case, doing: Doing) -> Change:
        key = key_of(case)
        digests = write_texts(case, key, {"supplement": text}, doing)
        hashes = add_files(case, key, files, doing, purpose="material")
        return Change(Kind.SUPPLEMENTED, {"digests": digests, "files": hashes})

    return perform(Act.SUPPLEMENT, change, **asked)


def withdraw_case(*, reason: str = "", **asked: Unpack[Asked]) -> Case:
    """Withdraw a case at the reporter's wish (撤回): nothing more is owed."""

    def change(case: Case, doing: Doing) -> Change:
        case.outcome = Outcome.WITHDRAWN.value
        case.closed_at = doing.at
        return Change(
            Kind.WITHDRAWN, {"digests": write_texts(case, key_of(case), {"withdrawal": reason}, doing)}
        )

    return perform(Act.WITHDRAW, change, **asked)


def supervise_case(*, text: str, **asked: Unpack[Asked]) -> Case:
    """Step in (督办): the 专员 writes what must be done and by when; whoever holds the case is told, the reporter sees that."""
    text = required("text", text, "请写督办意见：要谁做什么，什么时候之前。")

    def change(case: Case, doing: Doing) -> Change:
        return Change(
            Kind.SUPERVISED, {"digests": write_texts(case, key_of(case), {"supervision": text}, doing)}
        )

    return perform(Act.SUPERVISE, change, **asked)
