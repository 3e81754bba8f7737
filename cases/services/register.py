"""台账补录: a row of a paper register becomes a case through the ordinary acts, each at the moment that the paper gives.

Paper knows two moments, registration and closing. What stands on it happened then: registered, accepted and dispatched at the
one, answered and closed at the other. Steps in between that nobody wrote down are not invented.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from cases import timeline
from cases.errors import AlreadyEnteredError, BadInputError
from cases.models import Case, RegisterEntry, Share
from cases.rules.classes import GRADES, Channel, Conclusion, Difficulty, Outcome
from cases.rules.coordination import CHINA
from cases.rules.flow import Act
from cases.rules.grants import Actor, registrar
from cases.rules.kinds import Kind
from cases.services.content import Person, key_of, write_texts
from cases.services.handling import all_have_answered, dispatch_case
from cases.services.intake import Intake, accept_case, register_case
from cases.services.perform import Asked, Change, Doing, perform
from cases.services.rating import record_rating
from cases.vault import blind, sealing

TERSE = 12  # characters of a problem that may well be written twice by two people
ChangeOf = Callable[[Case, Doing], Change]
_CONCLUSIONS = {
    Outcome.DONE: Conclusion.DONE.value,
    Outcome.PARTLY: Conclusion.PARTLY.value,
}  # the rest says nothing of a department


@dataclass(frozen=True)
class PaperCase:
    """A row with everything resolved: ids of reference data, aware moments. `outcome` None means 办理中, `grade` None unknown.

    Without a lead the window had it in hand alone.
    """

    hall_id: int
    registered_at: datetime
    channel: Channel
    name: str
    statement: str
    difficulty: Difficulty
    lead_id: int | None = None
    co_ids: tuple[int, ...] = ()
    phone: str = ""
    matter_id: int | None = None
    obstacle_id: int | None = None
    handling: str = ""
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    grade: int | None = None


class Source(NamedTuple):
    """Where a row stood: file, digest of the file, data row from 1, and all of its cells as written, by header."""

    file: str
    sha256: str
    row: int
    cells: Mapping[str, str]


def identity_of(paper: PaperCase) -> bytes:
    """Return what makes a row the same row again: who, which telephone, and the words of the problem, however they were typed.

    Keyed, so that it says nothing about the person. Terse problems say little: then the day of registration counts too.
    """
    told = "".join(c for c in unicodedata.normalize("NFKC", paper.statement).casefold() if c.isalnum())
    is_terse = len(told) < TERSE or not paper.phone
    day = paper.registered_at.astimezone(CHINA).date().isoformat() if is_terse else ""
    return blind.register_index(paper.name, paper.phone, told, day)


@transaction.atomic
def enter_from_register(
    paper: PaperCase, source: Source, *, number: str, importer: Actor, rule_version: int, now: datetime
) -> Case:
    """Enter one row as a case (台账补录). `number` comes from `next_number` for the day of registration.

    Errors: AlreadyEnteredError with the number of the case that the row is already; BadInputError.
    """
    _check(paper, now)
    with timeline.unheard():  # the case is folded once, at the end
        case = _enter(paper, source, number, importer, rule_version, now)
    timeline.tell_listeners(case.pk, now)
    return case


def _enter(
    paper: PaperCase, source: Source, number: str, importer: Actor, rule_version: int, now: datetime
) -> Case:
    actor = registrar(importer, hall_id=paper.hall_id)
    case = register_case(
        number=number,
        intake=_intake(paper),
        actor=actor,
        now=now,
        happened_at=paper.registered_at,
        on_paper=True,
    ).case
    _claim(case, paper, source, now)
    then: Asked = {
        "number": number,
        "actor": actor,
        "now": now,
        "happened_at": paper.registered_at,
        "on_paper": True,
    }
    case = accept_case(difficulty=paper.difficulty, rule_version=rule_version, **then)
    if paper.lead_id is not None:
        told = f"台账记载：{paper.handling}" if paper.handling and paper.outcome is None else ""
        case = dispatch_case(
            department_id=paper.lead_id, co_department_ids=paper.co_ids, instruction=told, **then
        )
    if paper.outcome is not None:
        case = _finish(paper, paper.outcome, importer, {**then, "happened_at": paper.closed_at})
    return case


def _check(paper: PaperCase, now: datetime) -> None:
    if (paper.outcome is None) != (paper.closed_at is None):
        raise BadInputError("closed_at", "结果和办结时间要么都填，要么都不填。")
    if paper.registered_at > now or (paper.closed_at and not paper.registered_at <= paper.closed_at <= now):
        raise BadInputError("closed_at", "登记时间、办结时间的先后不对，或者还没有到。")
    if paper.grade is not None and (paper.grade not in GRADES or paper.outcome is None):
        raise BadInputError("grade", "没有办结的事项不能有满意度，满意度分五档。")


def _intake(paper: PaperCase) -> Intake:
    return Intake(
        statement=paper.statement,
        hall_id=paper.hall_id,
        people=(Person(paper.name, paper.phone),),
        channel=paper.channel,
        matter_id=paper.matter_id,
        obstacle_id=paper.obstacle_id,
    )


def _claim(case: Case, paper: PaperCase, source: Source, now: datetime) -> None:
    """Write down the row; the unique identity lets one of two imports through."""
    identity = identity_of(paper)
    cells = json.dumps(dict(source.cells), ensure_ascii=False)
    try:
        with transaction.atomic():
            RegisterEntry.objects.create(
                case=case,
                identity=identity,
                source=source.file[:120],
                sha256=source.sha256,
                row=source.row,
                cells_sealed=sealing.seal(key_of(case), cells, f"register:{case.pk}"),
                entered_at=now,
            )
    except IntegrityError:
        found = RegisterEntry.objects.select_related("case").get(identity=identity)
        raise AlreadyEnteredError(found.case.number) from None


def _finish(paper: PaperCase, outcome: Outcome, importer: Actor, then: Asked) -> Case:
    """Answered by every department, told to the reporter, closed, and rated if the paper says so."""
    if paper.lead_id is None:
        case = perform(Act.RESOLVE, _closed(Kind.RESOLVED, outcome, paper.handling), **then)
    else:
        for department_id in (paper.lead_id, *paper.co_ids):
            theirs: Asked = {
                **then,
                "actor": registrar(importer, hall_id=paper.hall_id, department_id=department_id),
            }
            perform(Act.ANSWER, _answered(_CONCLUSIONS.get(outcome, "")), **theirs)
        perform(Act.PUBLISH, _told(paper.handling), **then)
        case = perform(Act.CLOSE, _closed(Kind.CLOSED, outcome), **then)
    if paper.grade is not None:
        case = perform(Act.RATE, _rated(paper.grade), **then)
    return case


def _answered(conclusion: str) -> ChangeOf:
    def change(case: Case, doing: Doing) -> Change:
        share = Share.objects.get(
            case=case, department_id=doing.post.department_id or 0, ended_at__isnull=True
        )
        share.answered_at = share.signed_at = doing.at
        share.conclusion = conclusion
        share.save(update_fields=["answered_at", "signed_at", "conclusion"])
        ready = all_have_answered(case)
        data = {"role": share.role, "conclusion": conclusion, "ready": ready}
        return Change(Kind.ANSWERED, data, share.pk, stays=not ready)

    return change


def _told(handling: str) -> ChangeOf:
    def change(case: Case, doing: Doing) -> Change:
        case.replied_at = doing.at
        return Change(
            Kind.PUBLISHED, {"digests": write_texts(case, key_of(case), {"reply": handling}, doing)}
        )

    return change


def _closed(kind: Kind, outcome: Outcome, handling: str = "") -> ChangeOf:
    """Closed without what a live closing asks for (办结依据, 别人也会遇到吗): the paper has no such column."""

    def change(case: Case, doing: Doing) -> Change:
        case.outcome = outcome.value
        case.replied_at = case.replied_at or doing.at
        case.closed_at = doing.at
        case.closed_on_paper = True
        digests = write_texts(case, key_of(case), {"reply": handling}, doing)
        return Change(kind, {"outcome": outcome.value, "digests": digests})

    return change


def _rated(grade: int) -> ChangeOf:
    def change(case: Case, doing: Doing) -> Change:
        case.rated_at = doing.at
        return Change(Kind.RATED, record_rating(case, "register", None, grade, (), doing))

    return change
