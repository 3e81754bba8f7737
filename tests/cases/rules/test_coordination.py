"""Whose turn it is agrees with who may do the next act."""

from __future__ import annotations

import pytest

from cases.rules.coordination import TURNS, WITH_DEPARTMENT, Side, whose_turn
from cases.rules.flow import ENDED, MOVES, OPEN, Act, State
from cases.rules.grants import DOES, SEES, Reach

REACH = {Side.WINDOW: Reach.HALL, Side.DEPARTMENT: Reach.DEPARTMENT}


def test_every_state_is_somebody_s_turn_or_nobody_s():
    assert set(TURNS) == set(State)
    assert {state for state in State if whose_turn(state) is Side.NOBODY} == set(ENDED)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_whoever_s_turn_it_is_may_do_an_act_that_moves_the_case_on(state):
    steps = [act for act in Act if state in MOVES[act].sources and MOVES[act].target]
    doers = {SEES[role] for act in steps for role in DOES[act]}
    assert REACH[whose_turn(state)] in doers


def test_the_columns_of_boards_are_the_open_states_after_dispatch():
    assert set(WITH_DEPARTMENT) == OPEN - {State.FILED, State.ACCEPTED}
