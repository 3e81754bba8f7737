"""`perform`: the only path by which a case changes state. Lock, check sight, check grant, check move, change, record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from cases import timeline
from cases.errors import (
    BadInputError,
    CaseNotFoundError,
    ErasedError,
    IllegalMoveError,
    NotAllowedError,
    StaleScreenError,
)
from cases.models import Case, Event
from cases.rules import words
from cases.rules.flow import Act, State, is_possible, next_state
from cases.rules.grants import Actor, HeldPost, granted, post_for, sees
from cases.rules.kinds import Kind
from cases.selectors.facts import facts_of


class Change(NamedTuple):
    """What an act leaves on the timeline."""

    kind: Kind
    data: Mapping[str, Any]
    share_id: int | None = None


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


def refusal(state: State, act: Act) -> str:
    """Return the sentence that refuses `act` in `state`."""
    return f"这件事现在是“{words.STATES[state.value]}”，不能{words.ACTS[act.value]}。"


@transaction.atomic
def perform(
    act: Act,
    *,
    number: str,
    actor: Actor,
    now: datetime,
    seen_version: int | None,
    change: Callable[[Case, HeldPost], Change],
    happened_at: datetime | None = None,
) -> Case:
    """Carry out one act on one case and record exactly one event.

    `change` does the act's own writes on the locked case and returns what to record. Errors: CaseNotFoundError (missing
    or hidden, alike), NotAllowedError, IllegalMoveError, StaleScreenError, and whatever `change` raises.
    """
    case = lock_case(number)
    facts = facts_of(case)
    if not sees(actor, facts):
        raise CaseNotFoundError
    if not granted(actor, act, facts):
        raise NotAllowedError
    refuse_stale(case, seen_version)
    post = post_for(actor, act, facts)
    if post is None or not is_possible(facts.state, act):
        raise IllegalMoveError(ErasedError.message if facts.is_erased else refusal(facts.state, act))
    if happened_at is not None and happened_at < case.submitted_at:
        raise BadInputError("happened_at", "补录的时间不能早于反映的时间。")
    case.state = next_state(facts.state, act).value
    result = change(case, post)
    timeline.record(
        case,
        result.kind,
        actor=actor,
        post=post,
        now=now,
        happened_at=happened_at,
        share_id=result.share_id,
        data=result.data,
    )
    timeline.tell_listeners(case.pk, now)
    return case
