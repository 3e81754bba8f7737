"""Supervisors look at a name and number with a reason; leaders and viewers do not."""

from __future__ import annotations

import pytest

from cases.models import AccessEntry
from cases.rules.flow import State

PHONE = "13000000039"


def test_with_a_reason_the_number_is_shown_and_the_look_is_logged(case_in, at_board):
    case = case_in(State.HANDLING)
    shown = at_board().post(f"/s/{case.number}/reveal", {"purpose": "supervise"})
    assert shown.status_code == 200
    assert PHONE in shown.content.decode()
    assert AccessEntry.objects.get(case=case).user.username == "supervisor"


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_leaders_and_viewers_are_refused(case_in, at_board, person):
    case = case_in(State.HANDLING)
    refused = at_board(person).post(f"/s/{case.number}/reveal", {"purpose": "supervise"})
    assert refused.status_code == 422
    assert PHONE not in refused.content.decode()
    assert not AccessEntry.objects.exists()
