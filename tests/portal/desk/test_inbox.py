"""The inbox: what waits for the department's answer, the most urgent first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.classes import ContactWay
from cases.rules.flow import State
from cases.services.erasing import erase_case
from cases.services.handling import contact_reporter, sign_share
from escalation.models import Clock
from escalation.selectors.inbox import inbox, inbox_counts
from escalation.services.sweep import sweep
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)


def numbers_in(response) -> list[str]:
    """Case numbers as they stand in the rows, top to bottom."""
    return re.findall(r'href="/d/(\d+)/"', response.content.decode())


def test_the_overdue_stand_on_top_and_then_the_earliest_due(case_in, desk):
    late, early, fresh = (case_in(State.HANDLING, now=MONDAY - n * DAY) for n in (10, 3, 0))
    page = desk().get()
    assert numbers_in(page) == [late.number, early.number, fresh.number]
    words = text_of(page)
    assert "超期 6 个工作日 签收时限" in words  # 13日转办，4 小时内签收；16至20日、23日
    assert "今日到期，剩 4 小时 签收时限，11月23日（周一）16:00 前" in words


def test_a_row_says_what_it_is_about_where_it_came_from_and_whose_part_it_is(case_in, desk):
    case_in(State.HANDLING)
    words = text_of(desk().get())
    for word in ("营业执照设立登记", "市政务服务中心", "主办", "11月23日（周一）09:30", "办了三趟"):
        assert word in words


def test_what_another_department_holds_is_not_in_the_inbox(case_in, sent_to, desk):
    ours, theirs = case_in(State.HANDLING), sent_to("S04")
    assert numbers_in(desk().get()) == [ours.number]
    assert numbers_in(desk("budongchan").get()) == [theirs.number]
    assert numbers_in(desk("renshe").get()) == []


def test_what_has_not_been_dispatched_is_not_there_yet(case_in, desk):
    case_in(State.ACCEPTED)
    page = desk().get()
    assert numbers_in(page) == []
    assert "现在没有要答复的" in text_of(page)


def test_the_answered_ones_have_a_tab_with_conclusion_and_present_step(case_in, desk):
    first = case_in(State.ANSWERED, now=MONDAY - DAY)
    second = case_in(State.CLOSED)
    page = desk().get(tab="answered")
    assert numbers_in(page) == [second.number, first.number]
    words = text_of(page)
    for word in ("已办成", "待窗口核对", "已办结", "按时完成"):
        assert word in words
    assert numbers_in(desk().get()) == []


def test_every_tab_carries_its_count(case_in, desk, shijian, clock):
    for state in (State.HANDLING, State.HANDLING, State.HANDLING, State.ANSWERED):
        number = case_in(state).number
        if state is State.HANDLING:
            last = number
    sign_share(number=last, actor=shijian, now=MONDAY)
    clock.now = MONDAY.replace(hour=16)
    nav = {label: count for label, _, count, _, _ in desk().get().context["nav"]}
    assert nav == {
        "待答复": "3",
        "待签收": "2",
        "办理中": "1",
        "今日到期": "0",
        "已超期": "2",
        "已答复": "1",
        "牌": None,
    }
    assert inbox_counts(shijian, MONDAY, limit=1) == (2, 1, 2, 0, 1)


def test_a_count_equals_the_list_behind_it(case_in, desk, shijian, clock):
    cases = [case_in(State.HANDLING, now=MONDAY - n * DAY) for n in (3, 0, 0)]
    sign_share(number=cases[2].number, actor=shijian, now=MONDAY)
    case_in(State.ANSWERED)
    at = desk()
    counts = {url.partition("tab=")[2]: count for _, url, count, _, _ in at.get().context["nav"] if count}
    assert {tab: str(len(numbers_in(at.get(tab=tab)))) for tab in counts} == counts


def test_the_step_of_a_row_is_a_word(case_in, desk, shijian):
    _, signed, called = (case_in(State.HANDLING) for _ in range(3))
    for case in (signed, called):
        sign_share(number=case.number, actor=shijian, now=MONDAY)
    contact_reporter(number=called.number, way=ContactWay.PHONE, reached=True, actor=shijian, now=MONDAY)
    words = text_of(desk().get())
    assert all(step in words for step in ("待签收 主办", "待首次联系 主办", "待答复 主办"))


def test_a_row_shows_the_departments_own_card_as_a_word_with_its_shape(case_in, desk, clock):
    case = case_in(State.HANDLING, now=MONDAY - 10 * DAY)
    sweep(now=MONDAY)
    html = desk().get().content.decode()
    row = html[html.index(f"/d/{case.number}/") :]
    assert re.search(r'bc-tag--yellow"><svg.*?</svg>黄牌|bc-tag--red"><svg.*?</svg>红牌', row)


def test_who_may_not_sign_gets_neither_boxes_nor_buttons(case_in, desk):
    case_in(State.HANDLING)
    html = desk("head").get().content.decode()
    assert 'type="checkbox" name="number"' not in html
    assert 'name="only"' not in html


def test_pages_follow_one_another_without_gap_or_double(case_in, shijian):
    filed = [case_in(State.HANDLING, now=MONDAY - n * DAY) for n in (5, 4, 4, 3, 0)]
    seen, after = [], None
    while True:
        found = inbox(shijian, MONDAY, answered=False, after=after, limit=2)
        seen += [task.row.number for task in found.tasks]
        after = found.end
        if after is None:
            break
    assert seen == [case.number for case in filed]


def test_the_answered_go_back_page_by_page(case_in, shijian):
    filed = [case_in(State.ANSWERED, now=MONDAY - n * DAY) for n in (0, 1, 1)]
    first = inbox(shijian, MONDAY, answered=True, limit=2)
    rest = inbox(shijian, MONDAY, answered=True, limit=2, after=first.end)
    assert {task.row.number for task in first.tasks + rest.tasks} == {case.number for case in filed}
    assert rest.end is None


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"after": "9" * 60 + "-1"}, {"after": "-1-2"}, {"tab": "?"}]
)
def test_an_address_that_nobody_wrote_shows_the_first_page(case_in, desk, query):
    case = case_in(State.HANDLING)
    page = desk().get(**query)
    assert page.status_code == 200
    assert numbers_in(page) == [case.number]


def test_a_share_without_a_clock_is_shown_all_the_same(case_in, desk):
    case = case_in(State.HANDLING)
    Clock.objects.filter(case=case).delete()
    page = desk().get()
    assert numbers_in(page) == [case.number]
    assert "时限计算中" in text_of(page)


def test_an_erased_case_keeps_its_row_without_a_word_of_its_content(case_in, desk, supervisor):
    case = case_in(State.CLOSED)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=MONDAY)
    words = text_of(desk().get(tab="answered"))
    assert "已依法删除" in words
    assert "办了三趟" not in words


def test_a_list_costs_the_same_for_one_row_as_for_many(case_in, desk):
    case_in(State.HANDLING)
    at = desk()
    at.get()

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            at.get()
        return len(captured)

    one = cost()
    for state in (State.HANDLING, State.HANDLING, State.ANSWERED):
        case_in(state)
    assert cost() == one <= 14
