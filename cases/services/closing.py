"""The end of a case: solved on the spot (现场解决), answered to the reporter (答复反映人), closed (办结)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from cases.errors import BadInputError
from cases.models import Case
from cases.rules.classes import CLOSING_OUTCOMES, ON_THE_SPOT, Difficulty, Outcome, Recurrence
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.services.content import File, add_files, key_of, required, write_texts
from cases.services.perform import Asked, Change, Doing, perform

EVIDENCE_MISSING = "请写办结依据：结果是什么，怎么核实的。"


def resolve_case(
    *,
    outcome: Outcome,
    reply: str,
    evidence: str,
    recurrence: Recurrence,
    recurrence_note: str = "",
    **asked: Unpack[Asked],
) -> Case:
    """Solve or explain a matter at the counter while the person is there (现场解决): answered and closed in one act.

    Whoever was not yet accepted counts as accepted now, as 即办 (policy.md F2).
    """
    if outcome not in ON_THE_SPOT:
        raise BadInputError("outcome", "请选择是已经办成，还是已经解释清楚。")
    reply = required("reply", reply, "请写当场怎么答复的，反映人会看到这段话。")
    evidence = required("evidence", evidence, EVIDENCE_MISSING)

    def change(case: Case, doing: Doing) -> Change:
        case.difficulty = case.difficulty or Difficulty.INSTANT.value
        case.accepted_at = case.accepted_at or doing.at
        case.replied_at = doing.at
        written = {"reply": reply, "closing": evidence, "recurrence": recurrence_note}
        digests = write_texts(case, key_of(case), written, doing)
        return Change(Kind.RESOLVED, {**_closed(case, outcome, recurrence, doing), "digests": digests})

    return perform(Act.RESOLVE, change, **asked)


def publish_reply(*, text: str, **asked: Unpack[Asked]) -> Case:
    """Publish the reply that the reporter reads (答复反映人), after the window has checked it."""
    text = required("text", text, "请写给反映人的答复。")

    def change(case: Case, doing: Doing) -> Change:
        case.replied_at = doing.at
        return Change(Kind.PUBLISHED, {"digests": write_texts(case, key_of(case), {"reply": text}, doing)})

    return perform(Act.PUBLISH, change, **asked)


def close_case(
    *,
    outcome: Outcome,
    evidence: str,
    recurrence: Recurrence,
    recurrence_note: str = "",
    files: Sequence[File] = (),
    **asked: Unpack[Asked],
) -> Case:
    """Close a case (办结) with outcome, evidence, and the answer to 别人也会遇到吗? (policy.md F3)."""
    if outcome not in CLOSING_OUTCOMES:
        raise BadInputError("outcome", "请选择办结类型。")
    evidence = required("evidence", evidence, EVIDENCE_MISSING)

    def change(case: Case, doing: Doing) -> Change:
        key, written = key_of(case), {"closing": evidence, "recurrence": recurrence_note}
        digests = write_texts(case, key, written, doing)
        hashes = add_files(case, key, files, doing, purpose="evidence")
        data = _closed(case, outcome, recurrence, doing)
        return Change(Kind.CLOSED, {**data, "digests": digests, "files": hashes})

    return perform(Act.CLOSE, change, **asked)


def _closed(case: Case, outcome: Outcome, recurrence: Recurrence, doing: Doing) -> dict[str, str]:
    case.outcome = outcome.value
    case.recurrence = recurrence.value
    case.closed_at = doing.at
    return {"outcome": outcome.value, "recurrence": recurrence.value}
