"""`perform`: the only path by which a case changes state. Lock, check sight, check grant, check move, change, record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Least

from cases import timeline
from cases.errors import (
    BadInputError,
    CaseNotFoundError,
    IllegalMoveError,
    NotAllowedError,
    StaleScreenError,
)
from cases.models import Case, Event, Suspension
from cases.rules.coordination import CHINA
from cases.rules.facts import CaseFacts
from cases.rules.flow import ENDED, Act, is_possible, next_state
from cases.rules.grants import Actor, HeldPost, granted, post_for, sees
from cases.rules.kinds import Kind
from cases.rules.refusals import refusal
from cases.selectors.facts import facts_of


class Change(NamedTuple):
    """One event that an act leaves on the timeline; with `stays` the case keeps its state (a joint case not yet ready)."""

    kind: Kind
    data: Mapping[str, Any]
    share_id: int | None = None
    stays: bool = False


PAPER = {"paper": True}  # in the data of events that a paper register tells of


def lock_case(number: str) -> Case:
    """Lock one case first of all (FOR NO KEY UPDATE, so that inserts pointing at it do not wait)."""
    case = Case.objects.select_for_update(no_key=True).filter(number=number).first()
    if case is None:
        raise CaseNotFoundError
    return case


def refuse_stale(case: Case, seen_version: int | None) -> None:
    """Refuse when a person has acted since the form was rendered; the system's own events do not count."""
    if seen_version is None or seen_version == case.version:
        return
    if Event.objects.filter(case=case, version__gt=seen_version, actor__isnull=False).exists():
        raise StaleScreenError(seen_version, case.version)


class Asked(TypedDict):
    """What every act is asked with: which case, by whom, when, from which screen, and since when it is true (补录).

    `on_paper`: a paper register says so; the event is marked, because nobody acted in the portal then.
    """

    number: str
    actor: Actor
    now: datetime
    seen_version: NotRequired[int | None]
    happened_at: NotRequired[datetime | None]
    on_paper: NotRequired[bool]


class Doing(NamedTuple):
    """An act under way: the post it is done under, the person, the moment it takes effect and the moment it is written."""

    post: HeldPost
    actor_id: int | None
    at: datetime
    now: datetime


@transaction.atomic
def perform(
    act: Act,
    change: Callable[[Case, Doing], Change | Sequence[Change]],
    **asked: Unpack[Asked],
) -> Case:
    """Carry out one act on one case and record what it leaves: one event, or one for each share that it concerns.

    `change` does the act's own writes on the locked case and returns what to record; texts that it writes belong to the
    first event. Errors: CaseNotFoundError (missing or hidden, alike), NotAllowedError, IllegalMoveError,
    StaleScreenError, and whatever `change` raises.
    """
    actor, now, happened_at = asked["actor"], asked["now"], asked.get("happened_at")
    case = lock_case(asked["number"])
    facts = facts_of(case)
    post = _allowed(act, case, facts, actor, asked.get("seen_version"))
    _refuse_impossible(case, happened_at, now)
    found = change(case, Doing(post, actor.user_id, happened_at or now, now))
    changes = [found] if isinstance(found, Change) else list(found)
    if not any(one.stays for one in changes):
        case.state = next_state(facts.state, act).value
    if facts.state not in ENDED and case.state in ENDED:
        end_suspensions_of(Suspension.objects.filter(case=case), happened_at or now)
    mark = PAPER if asked.get("on_paper") else {}
    for kind, data, share_id, _ in changes:
        timeline.record(
            case,
            kind,
            actor=actor,
            post=post,
            now=now,
            happened_at=happened_at,
            share_id=share_id,
            data={**data, **mark},
        )
    timeline.tell_listeners(case.pk, now)
    return case


def end_suspensions_of(found: QuerySet[Suspension], at: datetime) -> None:
    """What stands still (中止计时) ends with its case or share, at its planned end at the latest.

    It has no event of its own: the end of the case, the answer or the return says so.
    """
    day = at.astimezone(CHINA).date()
    still = found.filter(ended_on__isnull=True)
    still.update(ended_on=Least(F("planned_end"), Greatest(F("from_on"), day)))


def _refuse_impossible(case: Case, happened_at: datetime | None, now: datetime) -> None:
    """Refuse a moment (补录) before there was a case, and one to come."""
    if happened_at is None:
        return
    if happened_at < case.submitted_at:
        raise BadInputError("happened_at", "补录的时间不能早于反映的时间。")
    if happened_at > now:
        raise BadInputError("happened_at", "时间不能晚于现在。")


def _allowed(act: Act, case: Case, facts: CaseFacts, actor: Actor, seen_version: int | None) -> HeldPost:
    """Check sight, grant, screen and move of a locked case, in this order; returns the post to act under."""
    if not sees(actor, facts):
        raise CaseNotFoundError
    if not granted(actor, act, facts):
        raise NotAllowedError
    refuse_stale(case, seen_version)
    post = post_for(actor, act, facts)
    if post is None or not is_possible(facts.state, act):
        raise IllegalMoveError(refusal(facts, act))
    return post
