"""Every role × act × state through the services: done, hidden, not allowed or refused with a sentence, and nothing else."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from cases import errors
from cases.models import Case, Event
from cases.rules.flow import CREATION, Act, State, is_possible, next_state
from cases.rules.grants import Actor, HeldPost, Role, granted, post_for, sees
from cases.selectors.facts import facts_of
from tests.cases.every_act import do, market, services
from tests.conftest import MONDAY, actor_named

CITY_HALL, OTHER = "H01", "H02"
SENTENCE = re.compile(r"^[\u4e00-\u9fff“].*。$")


class RolledBackError(Exception):
    """Undoes an act that a test has looked at."""


def actors(case: Case) -> list[tuple[str, Actor]]:
    """One actor of each role inside the case's hall or department, the same outside, and citizens with and without code."""
    found = []
    for role in Role:
        if role is Role.CITIZEN:
            found.append(("citizen with code", Actor(None, (HeldPost(None, role),), frozenset({case.pk}))))
            found.append(("citizen", Actor(None, (HeldPost(None, role),))))
            continue
        inside = HeldPost(None, role, case.hall_id, market())
        outside = HeldPost(None, role, case.hall_id + 1000, market() + 1000)
        found += [
            (f"{role} inside", Actor(None, (inside,))),
            (f"{role} outside", Actor(None, (outside,))),
        ]
    return found


def expected(act: Act, actor: Actor, case: Case) -> type[errors.CaseError] | None:
    """What the tables of the rules say of this try."""
    facts = facts_of(case)
    if not sees(actor, facts):
        return errors.CaseNotFoundError
    if not granted(actor, act, facts):
        return errors.NotAllowedError
    if not is_possible(facts.state, act) or post_for(actor, act, facts) is None:
        return errors.IllegalMoveError
    return None


def test_every_act_on_a_case_has_a_service():
    assert set(services_without_database()) == set(Act) - CREATION


def services_without_database() -> set[Act]:
    import inspect

    return {Act[name] for name in re.findall(r"Act\.([A-Z_]+): \(", inspect.getsource(services))}


@pytest.mark.parametrize("state", [state for state in State if state is not State.WITHDRAWN])
def test_each_try_ends_as_the_tables_say(case_in, state):
    case = case_in(state)
    _try_everything(case)


def test_each_try_on_a_withdrawn_case_ends_as_the_tables_say(case_in):
    case = do(Act.WITHDRAW, case_in(State.HANDLING).number, actor_named("clerk"), MONDAY)
    _try_everything(case)


def _try_everything(case: Case) -> None:
    wrong = []
    for name, actor in actors(case):
        for act in services():
            want, got, problem = expected(act, actor, case), None, ""
            try:
                with transaction.atomic():
                    after = do(act, case.number, actor, MONDAY)
                    if act is not Act.ERASE and after.state != next_state(State(case.state), act).value:
                        problem = f"led to {after.state}"
                    raise RolledBackError
            except RolledBackError:
                pass
            except errors.CaseError as error:
                got = type(error)
                problem = "" if SENTENCE.match(error.message) else f"no sentence: {error.message}"
            if got is not want or problem:
                wrong.append((name, act.value, case.state, want, got, problem))
    assert wrong == []
    assert Event.objects.filter(case=case).count() == case.version
