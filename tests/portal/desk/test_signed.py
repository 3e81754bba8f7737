"""The page that says what the last press signed."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from tests.portal.desk.conftest import text_of
from tests.portal.desk.test_sign_all import press


def test_opened_without_having_signed_it_says_so_and_leads_back(desk):
    page = desk().get("signed")
    assert page.status_code == 200
    assert "没有要说的签收结果" in text_of(page)
    assert 'href="/d/"' in page.content.decode()


def test_it_costs_the_same_for_two_as_for_five(case_in, desk):
    at, costs = desk(), []
    for many in (2, 5):
        press(at, *(case_in(State.HANDLING).number for _ in range(many)))
        at.get("signed")
        with CaptureQueriesContext(connection) as captured:
            at.get("signed")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 14
