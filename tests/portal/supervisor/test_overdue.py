"""The board: what is late and where each case is stuck, live cards, what departments have in hand, what waits today."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Absence, Case, Department
from cases.rules.classes import ContactWay, Resolution
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.services import aftercare, handling
from escalation.models import SweepRun
from escalation.selectors.owed import owed, soon_until
from escalation.services.sweep import sweep
from tests.conftest import MONDAY, SHANGHAI
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)
DEPARTMENTS = re.compile(r'href="(/s/[^"]*department=\d+[^"]*)">(?:<strong>)?(\d+)')


def numbers_in(page) -> list[str]:
    """Case numbers, row by row."""
    return [case.number for case, *_ in page.context["rows"]]


def sentence_of(page, case: Case) -> str:
    return next(sentence for owed, sentence, *_ in page.context["rows"] if owed.number == case.number)


def length_of(at, address: str) -> int:
    """How many rows there are behind an address, over all pages."""
    seen, more = 0, ""
    while True:
        page = at.get(address + more)
        seen += len(page.context["cards"] if "cards" in page.context else page.context["rows"])
        end = page.context.get("end") or page.context.get("next")
        if not end:
            return seen
        more = f"&{'after' if '/s/?' in address else 'before'}={end}"


def test_overdue_cases_stand_worst_first_each_once(case_in, at_board):
    handled = case_in(State.HANDLING, now=MONDAY - 10 * DAY)  # four obligations of it are late
    accepted = case_in(State.ACCEPTED, now=MONDAY - 4 * DAY)
    answered = case_in(State.ANSWERED, now=MONDAY - 11 * DAY)
    case_in(State.HANDLING)
    assert numbers_in(at_board().get("/s/")) == [handled.number, answered.number, accepted.number]


def test_a_row_says_how_late_and_leads_to_the_case(case_in, at_board):
    case = case_in(State.FILED, now=MONDAY - 4 * DAY)
    page = at_board().get("/s/")
    for word in ("超期 1 个工作日", "市政务服务中心，待受理", "营业执照设立登记"):
        assert word in text_of(page)
    assert f'href="/s/{case.number}/"' in page.content.decode()


def test_one_sentence_says_who_owes_what_since_when_and_what_was_last_done(sent_to, at_board, budongchan):
    case = sent_to("S04", now=MONDAY - 6 * DAY)
    handling.sign_share(number=case.number, actor=budongchan, now=MONDAY - 5 * DAY)
    assert sentence_of(at_board().get("/s/"), case) == (
        "市不动产登记中心 应在 11月19日 17:30 前联系反映人，已超 2 个工作日；"
        "11月18日 已签收，此后没有新的记录。"
    )


def test_the_sentence_names_the_window_when_it_holds_the_case_up(case_in, at_board):
    case = case_in(State.ANSWERED, now=MONDAY - 11 * DAY)
    assert sentence_of(at_board().get("/s/"), case) == (
        "市政务服务中心 应在 11月13日 17:30 前答复反映人，已超 6 个工作日；"
        "11月12日 市市场监督管理局 已答复窗口，此后没有新的记录。"
    )


def test_the_sentence_names_other_departments_that_are_late_too(joint, at_board, budongchan):
    case = joint(now=MONDAY - 10 * DAY)
    handling.sign_share(number=case.number, actor=budongchan, now=MONDAY)
    sentence = sentence_of(at_board().get("/s/"), case)
    assert sentence.startswith("市市场监督管理局 应在 11月13日 ")
    assert "；市不动产登记中心 也没有按时办；" in sentence
    assert sentence.endswith("今天 09:30 市不动产登记中心 已签收。")


def test_a_row_says_when_the_case_turns_red_and_shows_its_live_card_with_its_number(sent_to, at_board):
    case = sent_to("S04", now=MONDAY - 6 * DAY)
    for day in (3, 2, 1, 0):
        sweep(now=MONDAY - day * DAY)
    page = at_board().get("/s/")
    ((_, _, red_at, cards),) = page.context["rows"]
    assert red_at > MONDAY
    assert [card.colour for card in cards] == ["yellow"]
    words = text_of(page)
    assert "〔2026〕黄第1号" in words
    assert re.search(r"不办，11月\d+日（周.）08:30 转红牌", words)
    assert f'href="/s/cards/{cards[0].id}"' in page.content.decode()
    assert case.number in numbers_in(page)


def test_soon_is_what_ends_before_the_end_of_the_next_working_day(case_in, at_board, clock, shijian):
    case = case_in(State.HANDLING)  # to be answered by Thursday 17:30
    handling.sign_share(number=case.number, actor=shijian, now=MONDAY)
    handling.contact_reporter(
        number=case.number, way=ContactWay.PHONE, reached=True, actor=shijian, now=MONDAY
    )
    soon = {"tab": "soon"}
    clock.now = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
    assert numbers_in(at_board().get("/s/", soon)) == []
    clock.now = datetime(2026, 11, 26, 9, 0, tzinfo=SHANGHAI)
    page = at_board().get("/s/", soon)
    assert numbers_in(page) == [case.number]
    assert "应在 11月26日 17:30 前答复窗口，今日到期，剩 6 小时；11月23日" in sentence_of(page, case)
    clock.now = datetime(2026, 11, 26, 17, 31, tzinfo=SHANGHAI)
    assert numbers_in(at_board().get("/s/", soon)) == []
    assert numbers_in(at_board().get("/s/")) == [case.number]


@pytest.fixture
def busy(case_in, sent_to, shijian):
    """Cases of two departments and the window at many steps, judged by a month of sweeps; 25 of them late."""
    for state, days in ((State.FILED, 0), (State.FILED, 9), (State.ACCEPTED, 4), (State.REPLIED, 1)):
        case_in(state, now=MONDAY - days * DAY)
    for days in (0, 3, 10, 11, 12, 20):
        sent_to("S04", now=MONDAY - days * DAY)
    for _ in range(20):
        case_in(State.HANDLING, now=MONDAY - 5 * DAY)
    signed = case_in(State.HANDLING, now=MONDAY - 2 * DAY)
    handling.sign_share(number=signed.number, actor=shijian, now=MONDAY)
    for days in range(20, -1, -1):
        sweep(now=MONDAY - days * DAY)


def test_the_four_figures_are_the_lengths_of_the_lists_behind_them(busy, at_board):
    at = at_board()
    page = at.get("/s/")
    figures = page.context["figures"]
    behind = {
        "soon": "/s/?tab=soon",
        "overdue": "/s/?tab=overdue",
        "yellow": "/s/cards?live=1&colour=yellow",
        "red": "/s/cards?live=1&colour=red",
    }
    assert {name: str(length_of(at, address)) for name, address in behind.items()} == figures
    assert all(int(figure) > 0 for figure in figures.values())
    for address in ("/s/?tab=soon", "/s/cards?live=1&amp;colour=yellow", "/s/cards?live=1&amp;colour=red"):
        assert f'href="{address}"' in page.content.decode()


def test_each_number_of_the_table_is_the_length_of_the_list_it_leads_to(busy, at_board):
    at = at_board()
    links = DEPARTMENTS.findall(at.get("/s/").content.decode())
    assert len(links) > 10
    for address, number in links:
        assert length_of(at, address.replace("&amp;", "&")) == int(number), address


def test_a_department_s_steps_add_up_to_what_it_has_in_hand(busy, at_board):
    board = at_board().get("/s/").context["board"]
    assert {line.name for line in board.lines} == {"市市场监督管理局", "市不动产登记中心"}
    for line in (*board.lines, board.total):
        assert sum(line.by_step) == line.open
    assert board.total.open == sum(line.open for line in board.lines)


def test_the_worst_twenty_stand_on_the_board_and_the_others_on_the_next_page(busy, at_board):
    at = at_board()
    first = at.get("/s/")
    assert len(numbers_in(first)) == 20
    assert "超期最久的 20 件" in text_of(first)
    second = at.get("/s/", {"tab": "overdue", "after": first.context["end"]})
    assert numbers_in(second)
    assert not set(numbers_in(first)) & set(numbers_in(second))
    assert "各部门在办" not in text_of(second)


def test_an_empty_board_says_so(city, at_board):
    words = text_of(at_board().get("/s/"))
    for word in ("没有将到期或超期的。", "现在没有转给部门的。", "没有等您处理的"):
        assert word in words
    assert "1 个工作日内没有要到期的。" in text_of(at_board().get("/s/", {"tab": "soon"}))


def test_the_board_says_when_it_was_made_and_what_the_last_sweep_looked_at(case_in, at_board, clock):
    case_in(State.FILED, now=MONDAY - 9 * DAY)
    sweep(now=MONDAY - timedelta(minutes=1))
    words = text_of(at_board().get("/s/"))
    assert re.search("更新于 09:30 ?，每 60 秒一次", words)
    assert "时限巡检 11月23日（周一）09:29 完成，检查 1 项" in words
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


def test_a_refresh_fetches_the_board_alone_and_a_pause_stops_asking(busy, at_board):
    at = at_board()
    whole = at.get("/s/").content.decode()
    part = at.get("/s/", headers={"HX-Request": "true"})
    assert "HX-Request" in part.headers["Vary"]
    assert part.content.decode().lstrip().startswith('<div id="board" hx-get="/s/" hx-trigger="every 60s"')
    assert "<html" not in part.content.decode()
    assert 'href="?tab=overdue&amp;pause=1">暂停刷新' in whole
    paused = at.get("/s/", {"tab": "overdue", "pause": "1"})
    assert "hx-trigger" not in paused.content.decode()
    assert 'href="?tab=overdue">继续自动刷新' in paused.content.decode()


# ---------- 今日须处理 ----------


def todos(page) -> list[tuple[str, str]]:
    return [(todo.what, todo.number) for todo in page.context["today"].todos]


def reopened(case: Case, actor, *, now=MONDAY) -> Case:
    return aftercare.reopen_case(
        number=case.number,
        reason="还没有解决。",
        new_facts=True,
        until=None,
        rule_version=1,
        actor=actor,
        now=now,
    )


def test_a_case_taken_up_again_waits_until_it_is_dispatched(case_in, at_board, clerk):
    case = case_in(State.CLOSED, now=MONDAY - DAY)
    case_in(State.ACCEPTED)
    reopened(case, clerk)
    at = at_board()
    page = at.get("/s/")
    assert todos(page) == [("重新办理，等转办", case.number)]
    assert "第 1 次重新办理，还没有转办" in text_of(page)
    market = Department.objects.get(code="S02").pk
    handling.dispatch_case(number=case.number, department_id=market, actor=clerk, now=MONDAY)
    assert todos(at.get("/s/")) == []


def rated(case: Case, grade: int, resolution=Resolution.SOLVED, *, now=MONDAY) -> None:
    aftercare.rate_case(
        number=case.number,
        resolution=resolution,
        grade=grade,
        actor=citizen(opened=frozenset({case.pk})),
        now=now,
    )


def test_bad_ratings_and_unsolved_call_backs_since_the_last_working_day_are_listed(case_in, at_board, clerk):
    friday = datetime(2026, 11, 20, 0, 1, tzinfo=SHANGHAI)
    bad, unsolved, good, old = (case_in(State.CLOSED, now=MONDAY - 5 * DAY) for _ in range(4))
    rated(bad, 2, now=friday)
    aftercare.call_back(
        number=unsolved.number,
        reached=True,
        resolution=Resolution.UNSOLVED,
        grade=4,
        actor=clerk,
        now=MONDAY,
    )
    rated(good, 3)
    rated(old, 1, now=friday - timedelta(minutes=2))
    at = at_board()
    page = at.get("/s/")
    assert todos(page) == [("回访：满意", unsolved.number), ("反映人评价：不满意", bad.number)]
    assert "问题未解决，11月23日（周一）09:30" in text_of(page)
    reopened(unsolved, clerk)
    assert todos(at.get("/s/")) == [("重新办理，等转办", unsolved.number), ("反映人评价：不满意", bad.number)]


def test_who_says_it_twice_is_listed_once(case_in, at_board, clerk):
    case = case_in(State.CLOSED, now=MONDAY - DAY)
    rated(case, 1, Resolution.UNSOLVED)
    aftercare.call_back(
        number=case.number, reached=True, resolution=Resolution.UNSOLVED, grade=1, actor=clerk, now=MONDAY
    )
    assert todos(at_board().get("/s/")) == [("回访：非常不满意", case.number)]


def test_a_department_with_work_and_nobody_present_is_named(case_in, at_board, django_user_model):
    case_in(State.HANDLING)
    for username in ("shijian", "shijian2"):
        assert todos(at_board().get("/s/")) == []
        user = django_user_model.objects.get(username=username)
        Absence.objects.create(user=user, from_on=MONDAY.date(), until_on=MONDAY.date())
    page = at_board().get("/s/")
    assert todos(page) == [("今天无人在岗", "")]
    assert "今天无人在岗 市市场监督管理局" in text_of(page)


def test_a_department_without_any_liaison_is_named_as_soon_as_it_has_work(sent_to, at_board):
    sent_to("S09")
    (todo,) = at_board().get("/s/").context["today"].todos
    department = Department.objects.get(code="S09")
    assert (todo.about, todo.url) == (department.name, f"/s/open?department={department.pk}")


# ---------- who, and at what price ----------


def test_pages_follow_one_another_without_gap_or_double(case_in, supervisor):
    for days in (20, 10, 10, 4):
        case_in(State.HANDLING, now=MONDAY - days * DAY)
    whole = owed(supervisor, MONDAY).rows
    seen, after = [], None
    while True:
        page = owed(supervisor, MONDAY, after=after, limit=3)
        seen += page.rows
        after = page.end
        if after is None:
            break
    assert seen == whole
    assert len(whole) == 4


def test_soon_reaches_over_the_weekend(city):
    friday = datetime(2026, 11, 27, 10, 0, tzinfo=SHANGHAI)
    assert soon_until(friday) == datetime(2026, 11, 30, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("person", ["leader", "viewer", "supervisor2"])
def test_leaders_and_discipline_viewers_read_the_same_board(busy, at_board, person):
    mine, theirs = at_board().get("/s/"), at_board(person).get("/s/")
    assert numbers_in(theirs) == numbers_in(mine)
    assert theirs.context["figures"] == mine.context["figures"]


@pytest.mark.parametrize("person", ["clerk", "shijian", "head", "admin", "audit"])
def test_nobody_else_reads_it(city, at_board, person):
    assert at_board(person).get("/s/").status_code == 403


@pytest.mark.parametrize(
    "query", [{"department": "x"}, {"department": "9" * 40}, {"after": "²-1"}, {"tab": "x"}]
)
def test_an_address_that_nobody_wrote_shows_the_whole_board(case_in, at_board, query):
    case = case_in(State.HANDLING, now=MONDAY - 10 * DAY)
    page = at_board().get("/s/", query)
    assert page.status_code == 200
    assert numbers_in(page) == [case.number]


@pytest.mark.parametrize("address", ["/s/", "/s/?tab=soon", "/s/open"])
def test_the_board_costs_the_same_for_one_row_as_for_many(case_in, sent_to, at_board, clerk, address):
    reopened(case_in(State.CLOSED, now=MONDAY - DAY), clerk)
    rated(case_in(State.CLOSED, now=MONDAY - DAY), 1)
    sent_to("S04", now=MONDAY - 10 * DAY)
    sent_to("S04", now=MONDAY - 5 * DAY)
    sweep(now=MONDAY)
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
    for _ in range(3):
        reopened(case_in(State.CLOSED, now=MONDAY - DAY), clerk)
        rated(case_in(State.CLOSED, now=MONDAY - DAY), 1)
    sweep(now=MONDAY)
    assert cost() == one <= 21


def test_from_november_on_the_board_says_that_next_years_notice_is_missing(at_board, clock):
    page = at_board().get("/s/")
    assert "2027年的放假安排通知还没有录入" in text_of(page)
    assert 'href="/a/calendar/notices"' in page.text
    clock.now = datetime(2026, 10, 31, 9, 0, tzinfo=SHANGHAI)
    assert "还没有录入" not in text_of(at_board().get("/s/"))
