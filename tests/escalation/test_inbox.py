"""The department's inbox by tab: what waits to be signed, is in hand, ends today, is over, is answered; with its cards."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from cases.services import handling
from escalation.rules.obligations import Obligation
from escalation.selectors.inbox import Tab, inbox_counts, inbox_tab
from escalation.selectors.owed import owed
from escalation.selectors.queues import due_queue
from escalation.services.sweep import sweep
from tests.conftest import MONDAY

DAY = timedelta(days=1)


def numbers(actor, tab: Tab, now=MONDAY) -> list[str]:
    return [task.row.number for task in inbox_tab(actor, now, tab).tasks]


def test_each_tab_holds_what_its_name_says(case_in, shijian):
    unsigned, signed, answered = (
        case_in(state) for state in (State.HANDLING, State.HANDLING, State.ANSWERED)
    )
    handling.sign_share(number=signed.number, actor=shijian, now=MONDAY)
    found = {tab: numbers(shijian, tab) for tab in Tab}
    assert found == {
        Tab.TO_SIGN: [unsigned.number],
        Tab.HANDLING: [signed.number],
        Tab.TODAY: [unsigned.number],  # four office hours to sign
        Tab.OVERDUE: [],
        Tab.ANSWERED: [answered.number],
    }
    later = {tab: numbers(shijian, tab, MONDAY + DAY) for tab in (Tab.TODAY, Tab.OVERDUE)}
    assert later == {
        Tab.TODAY: [signed.number],
        Tab.OVERDUE: [unsigned.number],
    }  # the first contact; the signing


def test_the_counts_are_those_of_the_lists_in_one_query(case_in, shijian):
    for state in (State.HANDLING, State.HANDLING, State.ANSWERED):
        case_in(state)
    for now in (MONDAY, MONDAY + DAY, MONDAY + 5 * DAY):
        with CaptureQueriesContext(connection) as captured:
            counts = inbox_counts(shijian, now)
        assert len(captured) == 1
        assert counts._asdict() == {tab.value: len(numbers(shijian, tab, now)) for tab in Tab}
    assert inbox_counts(shijian, MONDAY, limit=1).to_sign == 2


def test_tabs_are_keyset_pages(case_in, shijian):
    cases = [case_in(State.HANDLING, now=MONDAY + timedelta(minutes=n)) for n in range(3)]
    first = inbox_tab(shijian, MONDAY, Tab.TO_SIGN, limit=2)
    rest = inbox_tab(shijian, MONDAY, Tab.TO_SIGN, first.end, limit=2)
    assert [task.row.number for task in (*first.tasks, *rest.tasks)] == [case.number for case in cases]
    assert rest.end is None


def test_rows_carry_their_cards_at_one_query_for_all(case_in, shijian, clerk, supervisor):
    case_in(State.HANDLING)
    now = MONDAY + 4 * DAY
    sweep(now=now)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            (task, *_) = inbox_tab(shijian, now, Tab.OVERDUE).tasks
            (row, *_) = due_queue(clerk, {State.HANDLING}, now).rows
            lines = owed(supervisor, now).rows
        costs.append(len(captured))
        case_in(State.HANDLING, now=MONDAY + timedelta(minutes=1))
        sweep(now=now)
    assert costs[0] == costs[1]
    assert [card.colour for card in task.cards] == ["yellow", "blue"]
    assert task.due.obligation is Obligation.SIGN
    assert [card.colour for card in row.cards] == ["yellow", "blue"]
    assert {debt.owes for line in lines for debt in line.debts} == {"市市场监督管理局"}
