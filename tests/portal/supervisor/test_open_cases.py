"""All open cases, and the narrower lists that the board's figures lead to."""

from __future__ import annotations

from cases.models import Department
from cases.rules.classes import Conclusion, ContactWay
from cases.rules.flow import State
from cases.selectors.shares import open_page
from cases.services import handling
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of


def numbers(page) -> list[str]:
    return [row.number for row, _ in page.context["rows"]]


def test_open_cases_of_every_hall_stand_newest_first_and_ended_ones_are_left_out(case_in, at_board):
    first, second = case_in(State.FILED), case_in(State.REPLIED)
    case_in(State.CLOSED)
    case_in(State.REDIRECTED)
    assert numbers(at_board().get("/s/open")) == [second.number, first.number]


def test_the_list_narrows_to_one_state_or_one_department(case_in, sent_to, at_board):
    filed, handled, elsewhere = case_in(State.FILED), case_in(State.HANDLING), sent_to("S04")
    at = at_board()
    assert numbers(at.get("/s/open", {"state": "filed"})) == [filed.number]
    market = Department.objects.get(code="S02")
    page = at.get("/s/open", {"department": market.pk})
    assert numbers(page) == [handled.number]
    assert market.name in text_of(page)
    assert numbers(at.get("/s/open", {"department": Department.objects.get(code="S04").pk})) == [
        elsewhere.number
    ]


def test_each_step_holds_what_its_name_says(case_in, at_board, shijian):
    unsigned, signed, contacted, answered, replied = (
        case_in(state)
        for state in (State.HANDLING, State.HANDLING, State.HANDLING, State.ANSWERED, State.REPLIED)
    )
    for case in (signed, contacted):
        handling.sign_share(number=case.number, actor=shijian, now=MONDAY)
    handling.contact_reporter(
        number=contacted.number, way=ContactWay.PHONE, reached=True, actor=shijian, now=MONDAY
    )
    department = {"department": Department.objects.get(code="S02").pk}
    behind = {
        "to_sign": unsigned,
        "to_contact": signed,
        "handling": contacted,
        "to_check": answered,
        "to_close": replied,
    }
    at = at_board()
    for step, case in behind.items():
        assert numbers(at.get("/s/open", {**department, "step": step})) == [case.number], step
    assert "待签收" in text_of(at.get("/s/open", {**department, "step": "to_sign"}))


def test_a_co_handler_has_nobody_to_contact_and_what_it_answered_waits_to_be_checked(
    joint, at_board, budongchan
):
    case, at = joint(), at_board()
    department = {"department": Department.objects.get(code="S04").pk}
    handling.sign_share(number=case.number, actor=budongchan, now=MONDAY)
    assert numbers(at.get("/s/open", {**department, "step": "handling"})) == [case.number]
    handling.answer_share(
        number=case.number,
        conclusion=Conclusion.DONE,
        text="证明已经出具。",
        actor=budongchan,
        now=MONDAY,
    )
    assert numbers(at.get("/s/open", {**department, "step": "to_check"})) == [case.number]


def test_what_nobody_asks_for_is_not_a_filter(case_in, at_board):
    case = case_in(State.FILED)
    for query in ({"state": "closed"}, {"state": "x"}, {"department": "0"}, {"step": "x"}, {"before": "x"}):
        assert numbers(at_board().get("/s/open", query)) == [case.number]


def test_pages_follow_one_another(case_in, supervisor):
    filed = [case_in(State.FILED) for _ in range(3)]
    first = open_page(supervisor, limit=2)
    rest = open_page(supervisor, limit=2, before=first.next_before)
    assert [row.number for row in first.rows + rest.rows] == [case.number for case in reversed(filed)]
    assert rest.next_before is None


def test_an_empty_list_says_so(city, at_board):
    assert "现在没有在办的。" in text_of(at_board().get("/s/open"))
    assert "现在没有“待受理”的。" in text_of(at_board().get("/s/open", {"state": "filed"}))
