"""Files in the supervisors' room."""

from __future__ import annotations

import uuid

from cases.rules.flow import State


def test_an_unknown_file_is_not_found(case_in, at_board):
    case = case_in(State.HANDLING)
    assert at_board().get(f"/s/{case.number}/files/{uuid.UUID(int=0)}").status_code == 404
    assert at_board().get(f"/s/261123999995/files/{uuid.UUID(int=0)}").status_code == 404
