"""The permission matrix: this table is the specification."""

from __future__ import annotations

import pytest

from cases.rules.facts import CaseFacts
from cases.rules.flow import CREATION, MOVES, Act, State
from cases.rules.grants import DOES, READS, SEES, Actor, HeldPost, Role, open_acts, post_for
from cases.rules.kinds import KINDS, Kind

EXPECTED = """
submit      citizen
register    clerk clerk_lead registrar
accept      clerk clerk_lead registrar
redirect    clerk clerk_lead
resolve     clerk clerk_lead registrar
dispatch    clerk clerk_lead supervisor registrar
sign        liaison handler
contact     liaison handler
answer      liaison handler registrar
carry       clerk clerk_lead
send_back   clerk clerk_lead
publish     clerk clerk_lead registrar
close       clerk clerk_lead registrar
call_back   clerk clerk_lead
rate        citizen registrar
reopen      citizen clerk clerk_lead supervisor
supplement  citizen clerk clerk_lead
withdraw    citizen clerk clerk_lead
supervise   supervisor
suspend     supervisor
renew       supervisor
resume      supervisor
extend      supervisor
reclassify  supervisor
redispatch  supervisor
call_meeting supervisor
hold_meeting supervisor
file_minutes supervisor
contact_rater clerk clerk_lead
rectify     clerk clerk_lead
erase       supervisor
"""

REACH = """
citizen own · clerk hall · clerk_lead hall · liaison department · handler department · head department ·
follower all · supervisor all · bureau_leader all · viewer all · system_admin nothing · security_admin nothing ·
audit_admin nothing · registrar all · system all
"""


def _matrix():
    for line in EXPECTED.strip().splitlines():
        act, *roles = line.split()
        for role in Role:
            yield role.value, act, role.value in roles


def test_tables_are_complete():
    assert set(MOVES) == set(DOES) == set(Act)
    assert set(SEES) == set(READS) == set(Role)
    assert set(KINDS) == set(Kind)
    assert len(list(_matrix())) == len(Role) * len(Act)


@pytest.mark.parametrize(("role", "act", "granted"), list(_matrix()))
def test_a_role_is_granted_exactly_the_acts_of_the_matrix(role, act, granted):
    assert (Role(role) in DOES[Act(act)]) is granted


def test_each_role_reaches_as_far_as_the_table_says():
    expected = dict(pair.split() for pair in REACH.replace("\n", " ").split("·"))
    assert {role.value: reach.value for role, reach in SEES.items()} == expected


def _post_of(role: Role, *, own: bool) -> HeldPost:
    return HeldPost(1, role, hall_id=7 if own else 8, department_id=3 if own else 4)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_buttons_and_enforcement_agree_for_every_role_and_state(role, state):
    facts = CaseFacts(5, state, 7, frozenset({3}), frozenset({3}))
    actor = Actor(1, (_post_of(role, own=True),), frozenset({5}))
    offered = set(open_acts(actor, facts))
    allowed = {
        act for act in set(Act) - CREATION if state in MOVES[act].sources and post_for(actor, act, facts)
    }
    assert offered == allowed


@pytest.mark.parametrize("act", sorted(set(Act) - CREATION))
@pytest.mark.parametrize("role", [Role.CLERK, Role.CLERK_LEAD, Role.LIAISON, Role.HANDLER])
def test_a_post_in_another_unit_may_nothing(role, act):
    facts = CaseFacts(5, State.HANDLING, 7, frozenset({3}), frozenset({3}))
    assert post_for(Actor(1, (_post_of(role, own=False),)), act, facts) is None


def test_a_person_acts_with_all_posts_of_the_unit_and_the_event_names_the_one_used():
    clerk, lead = HeldPost(1, Role.HEAD, department_id=3), HeldPost(2, Role.HANDLER, department_id=3)
    facts = CaseFacts(5, State.HANDLING, 7, frozenset({3}), frozenset({3}))
    used = post_for(Actor(1, (clerk, lead)), Act.ANSWER, facts)
    assert used is not None
    assert used.post_id == 2
