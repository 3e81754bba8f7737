"""A case comes in: submitted by a citizen (网上反映), registered at the counter (登记), accepted, or redirected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Unpack

from django.db import transaction

from cases import timeline
from cases.errors import BadInputError, NotAllowedError
from cases.models import Case, Hall
from cases.rules import scope
from cases.rules.classes import WINDOW_SETS, Channel, Difficulty
from cases.rules.flow import MOVES, Act
from cases.rules.grants import Actor, Role, may_create
from cases.rules.kinds import Kind
from cases.services.content import (
    File,
    Person,
    add_files,
    add_person,
    create_key,
    key_of,
    required,
    write_texts,
)
from cases.services.perform import PAPER, Asked, Change, Doing, perform
from cases.vault import codes

DECIDES_HARD = frozenset({Role.SUPERVISOR, Role.REGISTRAR})  # 特殊, 难点 (F2); on paper it has been decided


@dataclass(frozen=True)
class Intake:
    """What is known when a case comes in. Ids point at reference data; texts are sealed on writing."""

    statement: str
    hall_id: int
    people: tuple[Person, ...]
    channel: Channel
    matter_id: int | None = None
    obstacle_id: int | None = None
    visits_before: int | None = None
    tried_on: date | None = None
    first_unit_id: int | None = None
    first_person: str = ""
    files: tuple[File, ...] = ()


class Filed(NamedTuple):
    """A new case and the query code (查询码), which is shown once and never stored in clear."""

    case: Case
    query_code: str


def submit_case(
    *, number: str, intake: Intake, actor: Actor, now: datetime, happened_at: datetime | None = None
) -> Filed:
    """File a case from a citizen's form. `number` comes from `next_number`."""
    return _file(Act.SUBMIT, Kind.SUBMITTED, number, intake, actor, now, happened_at)


def register_case(
    *,
    number: str,
    intake: Intake,
    actor: Actor,
    now: datetime,
    happened_at: datetime | None = None,
    on_paper: bool = False,
) -> Filed:
    """Register a case at the counter on behalf of the person standing there, or (`on_paper`) as a paper register has it."""
    return _file(Act.REGISTER, Kind.REGISTERED, number, intake, actor, now, happened_at, on_paper)


@transaction.atomic
def _file(
    act: Act,
    kind: Kind,
    number: str,
    intake: Intake,
    actor: Actor,
    now: datetime,
    happened_at: datetime | None,
    on_paper: bool = False,
) -> Filed:
    post = may_create(actor, act)
    if post is None:
        raise NotAllowedError
    hall = Hall.objects.get(pk=intake.hall_id)
    if post.hall_id and post.hall_id != hall.pk:
        raise NotAllowedError
    code = codes.new_code()
    target = MOVES[act].target
    if target is None:
        raise NotAllowedError
    case = Case.objects.create(
        number=number,
        place=hall.place,
        state=target.value,
        channel=intake.channel.value,
        hall=hall,
        matter_id=intake.matter_id,
        obstacle_id=intake.obstacle_id,
        visits_before=intake.visits_before,
        tried_on=intake.tried_on,
        first_unit_id=intake.first_unit_id,
        submitted_at=happened_at or now,
        query_digest=codes.code_digest(number, code),
    )
    data = _write_content(case, intake, Doing(post, actor.user_id, happened_at or now, now))
    data |= PAPER if on_paper else {}
    timeline.record(case, kind, actor=actor, post=post, now=now, happened_at=happened_at, data=data)
    timeline.tell_listeners(case.pk, now)
    return Filed(case, code)


def _write_content(case: Case, intake: Intake, doing: Doing) -> dict[str, Any]:
    """Seal people, statement and files; returns the event's data (ids, codes, digests)."""
    key = create_key(case)
    for person in intake.people:
        add_person(case, key, person, now=doing.now)
    written = {"statement": intake.statement, "first_person": intake.first_person}
    digests = write_texts(case, key, written, doing)
    hashes = add_files(case, key, intake.files, doing, purpose="material")
    return {
        "hall_id": intake.hall_id,
        "channel": intake.channel.value,
        "matter_id": intake.matter_id,
        "obstacle_id": intake.obstacle_id,
        "digests": digests,
        "files": hashes,
    }


def accept_case(
    *, difficulty: Difficulty, rule_version: int, matter_id: int | None = None, **asked: Unpack[Asked]
) -> Case:
    """Accept a case (受理). Pins the rule version that governs it. Difficulties 特殊 and 难点 need a 专员 (F2)."""

    def change(case: Case, doing: Doing) -> Change:
        if difficulty not in WINDOW_SETS and doing.post.role not in DECIDES_HARD:
            raise BadInputError("difficulty", "“特殊”和“难点”由督办专员确定，请先选一般或复杂。")
        case.difficulty = difficulty.value
        case.rule_version = rule_version
        case.accepted_at = doing.at
        if matter_id is not None:
            case.matter_id = matter_id
        data = {"difficulty": difficulty.value, "nature": case.nature or None, "rule_version": rule_version}
        return Change(Kind.ACCEPTED, {**data, "matter_id": case.matter_id})

    return perform(Act.ACCEPT, change, **asked)


def redirect_case(*, reason: str, explanation: str, **asked: Unpack[Asked]) -> Case:
    """Hand a matter outside the window's scope to the right channel (转其他渠道), with reason, in the same answer."""
    if reason not in scope.REASONS:
        raise BadInputError("reason", "请选择为什么不在本窗口范围内。")
    text = required("explanation", explanation, "请写清楚应该找哪里、怎么找，反映人会看到这段话。")

    def change(case: Case, doing: Doing) -> Change:
        case.redirect_reason = reason
        case.replied_at = case.closed_at = doing.at
        digests = write_texts(case, key_of(case), {"explanation": text}, doing)
        return Change(Kind.REDIRECTED, {"reason": reason, "digests": digests})

    return perform(Act.REDIRECT, change, **asked)
