"""The board: what is overdue and owed by whom, what soon will be, what each department has in hand."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Absence, Department
from cases.rules.flow import State
from escalation.models import SweepRun
from escalation.selectors.owed import owed, soon_until
from escalation.services.sweep import sweep
from tests.conftest import MONDAY, SHANGHAI
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)


def owed_in(page) -> list[tuple[str, str, str]]:
    """Case number, obligation and who owes it, row by row."""
    return [(item.number, item.clock.label, item.owes) for item in page.context["rows"]]


def test_overdue_obligations_stand_worst_first_with_who_owes_them(case_in, at_board):
    handled = case_in(State.HANDLING, now=MONDAY - 10 * DAY)
    accepted = case_in(State.ACCEPTED, now=MONDAY - 4 * DAY)
    answered = case_in(State.ANSWERED, now=MONDAY - 11 * DAY)
    case_in(State.HANDLING)
    assert owed_in(at_board().get("/s/")) == [
        (answered.number, "办结时限", "市政务服务中心"),
        (handled.number, "办结时限", "市市场监督管理局"),
        (handled.number, "部门答复时限", "市市场监督管理局"),
        (accepted.number, "转办时限", "市政务服务中心"),
    ]


def test_a_row_says_how_late_when_due_and_leads_to_the_case(case_in, at_board):
    case = case_in(State.FILED, now=MONDAY - 4 * DAY)
    page = at_board().get("/s/")
    words = text_of(page)
    for word in (
        "超期 1 个工作日",
        "受理时限",
        "11月20日（周五）17:30",
        "市政务服务中心",
        "待受理",
        "还没有",
    ):
        assert word in words
    assert f'href="/s/{case.number}/"' in page.content.decode()


def test_a_share_is_owed_by_its_own_department(sent_to, at_board):
    case = sent_to("S04", now=MONDAY - 10 * DAY)
    assert (case.number, "部门答复时限", "市不动产登记中心") in owed_in(at_board().get("/s/"))


def test_soon_is_what_ends_before_the_end_of_the_next_working_day(case_in, at_board, clock):
    case = case_in(State.HANDLING)  # ends on Thursday at 17:30
    soon = {"tab": "soon"}
    clock.now = datetime(2026, 11, 24, 18, 0, tzinfo=SHANGHAI)
    assert owed_in(at_board().get("/s/", soon)) == []
    clock.now = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
    assert {number for number, _, _ in owed_in(at_board().get("/s/", soon))} == set()
    clock.now = datetime(2026, 11, 26, 9, 0, tzinfo=SHANGHAI)
    assert {number for number, _, _ in owed_in(at_board().get("/s/", soon))} == {case.number}
    clock.now = datetime(2026, 11, 26, 17, 31, tzinfo=SHANGHAI)
    assert owed_in(at_board().get("/s/", soon)) == []
    assert {number for number, _, _ in owed_in(at_board().get("/s/"))} == {case.number}


def test_the_four_figures_are_the_lengths_of_the_lists_behind_them(case_in, sent_to, at_board, clock):
    for state, days in ((State.FILED, 0), (State.FILED, 9), (State.ACCEPTED, 4), (State.HANDLING, 10)):
        case_in(state, now=MONDAY - days * DAY)
    sent_to("S04", now=MONDAY - 5 * DAY)
    at = at_board()
    figures = at.get("/s/").context["figures"]
    assert figures["overdue"] == str(len(owed_in(at.get("/s/"))))
    assert figures["soon"] == str(len(owed_in(at.get("/s/", {"tab": "soon"}))))
    assert figures["filed"] == str(len(at.get("/s/open", {"state": "filed"}).context["rows"])) == "2"
    assert figures["open"] == str(len(at.get("/s/open").context["rows"])) == "5"


def test_each_number_of_a_department_is_the_length_of_the_list_behind_it(case_in, sent_to, at_board):
    for state, days in ((State.HANDLING, 10), (State.HANDLING, 5), (State.ANSWERED, 0), (State.CLOSED, 0)):
        case_in(state, now=MONDAY - days * DAY)
    sent_to("S04", now=MONDAY - 20 * DAY)
    at = at_board()
    board = at.get("/s/").context["board"]
    for line in board.lines:
        department = {"department": str(line.department_id)}
        assert line.open == sum(line.by_state) == len(at.get("/s/open", department).context["rows"])
        assert line.overdue == len(owed_in(at.get("/s/", department)))
        assert line.soon == len(owed_in(at.get("/s/", {**department, "tab": "soon"})))
    assert (board.total.open, board.total.overdue, board.complete) == (4, 2, True)
    assert [line.name for line in board.lines] == ["市市场监督管理局", "市不动产登记中心"]


def test_an_empty_board_says_so(city, at_board):
    words = text_of(at_board().get("/s/"))
    assert "没有超期的。" in words
    assert "现在没有转给部门的。" in words
    assert "1 个工作日内没有要到期的。" in text_of(at_board().get("/s/", {"tab": "soon"}))


def test_the_board_says_when_it_was_made_and_when_the_clocks_were_last_swept(city, at_board, clock):
    sweep(now=MONDAY - timedelta(minutes=1))
    words = text_of(at_board().get("/s/"))
    assert "更新于 11月23日（周一）09:30；时限巡检 11月23日（周一）09:2" in words
    assert "没有运行" not in words


@pytest.mark.parametrize(("minutes", "degraded"), [(5, False), (6, True)])
def test_a_sweep_older_than_five_minutes_is_said_in_a_bar(city, at_board, minutes, degraded):
    sweep(now=MONDAY - timedelta(minutes=minutes))
    assert ("起没有运行" in text_of(at_board().get("/s/"))) is degraded


def test_a_sweep_that_was_cut_off_does_not_count(city, at_board, clock):
    sweep(now=MONDAY)
    SweepRun.objects.update(finished_at=None)
    assert "时限巡检还没有运行过" in text_of(at_board().get("/s/"))


def test_without_any_sweep_the_board_says_that_too(city, at_board):
    assert "时限巡检还没有运行过" in text_of(at_board().get("/s/"))


def test_a_department_with_work_and_nobody_present_is_named(case_in, at_board, django_user_model):
    case_in(State.HANDLING)
    assert at_board().get("/s/").context["unattended"] == []
    for username in ("shijian", "shijian2"):
        assert at_board().get("/s/").context["unattended"] == []
        user = django_user_model.objects.get(username=username)
        Absence.objects.create(user=user, from_on=MONDAY.date(), until_on=MONDAY.date())
    assert at_board().get("/s/").context["unattended"] == ["市市场监督管理局"]
    assert "今天无人在岗：市市场监督管理局" in re.sub(r"： ", "：", text_of(at_board().get("/s/")))


def test_a_department_without_any_liaison_is_named_as_soon_as_it_has_work(sent_to, at_board):
    sent_to("S09")
    assert at_board().get("/s/").context["unattended"] == [Department.objects.get(code="S09").name]


def test_pages_follow_one_another_without_gap_or_double(case_in, supervisor):
    for days in (20, 10, 10, 4):
        case_in(State.HANDLING, now=MONDAY - days * DAY)
    whole = owed(supervisor, MONDAY).rows
    seen, after = [], None
    while True:
        page = owed(supervisor, MONDAY, after=after, limit=2)
        seen += page.rows
        after = page.end
        if after is None:
            break
    assert seen == whole
    assert len(whole) == 6


def test_soon_reaches_over_the_weekend(city):
    friday = datetime(2026, 11, 27, 10, 0, tzinfo=SHANGHAI)
    assert soon_until(friday) == datetime(2026, 11, 30, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("person", ["leader", "viewer", "supervisor2"])
def test_leaders_and_discipline_viewers_read_the_same_board(case_in, at_board, person):
    case_in(State.HANDLING, now=MONDAY - 10 * DAY)
    assert len(owed_in(at_board(person).get("/s/"))) == 2


@pytest.mark.parametrize("person", ["clerk", "shijian", "head", "admin", "audit"])
def test_nobody_else_reads_it(city, at_board, person):
    assert at_board(person).get("/s/").status_code == 403


@pytest.mark.parametrize(
    "query", [{"department": "x"}, {"department": "9" * 40}, {"after": "²-1"}, {"tab": "x"}]
)
def test_an_address_that_nobody_wrote_shows_the_whole_board(case_in, at_board, query):
    case_in(State.HANDLING, now=MONDAY - 10 * DAY)
    page = at_board().get("/s/", query)
    assert page.status_code == 200
    assert len(owed_in(page)) == 2


@pytest.mark.parametrize("address", ["/s/", "/s/?tab=soon", "/s/open"])
def test_the_board_costs_the_same_for_one_row_as_for_many(case_in, sent_to, at_board, address):
    sent_to("S04", now=MONDAY - 10 * DAY)
    sent_to("S04", now=MONDAY - 5 * DAY)
    at = at_board()
    at.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            at.get(address)
        return len(captured)

    one = cost()
    for days in (10, 9, 5, 5):
        case_in(State.HANDLING, now=MONDAY - days * DAY)
    case_in(State.FILED, now=MONDAY - 5 * DAY)
    assert cost() == one <= 20
