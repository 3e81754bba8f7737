"""The queue: what waits, the earliest due first, with the one thing to do next."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from cases.models import Matter
from cases.rules.flow import Act, State
from cases.services.content import Person
from cases.services.erasing import erase_case
from escalation.selectors.queues import due_queue
from escalation.services.sweep import sweep
from portal.counter.navigation import TABS
from tests.cases.every_act import do
from tests.conftest import MONDAY, actor_named
from tests.portal.counter.conftest import RESOLVED, page_of, words_of
from tests.portal.counter.test_contact_rater import rate


def numbers(response) -> list[str]:
    """The case numbers of the table, in order."""
    table = page_of(response).partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'href="/w/(\d+)/"', table)


def test_each_tab_holds_the_cases_of_its_states_with_their_count(window, case_now):
    by_state = {state: case_now(state) for state in State if state is not State.WITHDRAWN}
    tabs = {
        "filed": [State.FILED],
        "accepted": [State.ACCEPTED],
        "answered": [State.ANSWERED],
        "replied": [State.REPLIED],
        "call_back": [State.CLOSED],
        "handling": [State.HANDLING],
        "ended": [State.CLOSED, State.REDIRECTED],
    }
    for tab, states in tabs.items():
        response = window.get(f"?tab={tab}")
        assert set(numbers(response)) == {by_state[state].number for state in states}
    said = words_of(window.get(""))
    for tab in ("待受理 1", "待转办 1", "待核对答复 1", "待办结 1", "待回访 1", "部门办理中 1"):
        assert tab in said


def test_the_earliest_due_stands_first_whenever_it_came_in(window, case_now):
    late = case_now(State.ACCEPTED, ago=timedelta(days=1))
    early = case_now(State.ACCEPTED, ago=timedelta(days=20))
    middle = case_now(State.ACCEPTED, ago=timedelta(days=9))
    assert numbers(window.get("?tab=accepted")) == [early.number, middle.number, late.number]


def test_a_row_leads_to_what_the_window_owes_with_one_key(window, case_now):
    keys = {
        "filed": ("accept", "A"),
        "accepted": ("dispatch", "Z"),
        "answered": ("publish", "P"),
        "replied": ("close", "B"),
        "call_back": ("call_back", "H"),
    }
    by_tab = {tab: case_now(TABS[tab].waiting[0]) for tab in keys}
    for tab, (act, key) in keys.items():
        row = page_of(window.get(f"?tab={tab}")).partition("<tbody>")[2].partition("</tbody>")[0]
        assert f'href="/w/{by_tab[tab].number}/{act}" data-row-key="{key}"' in row
    handling = case_now(State.HANDLING)
    row = page_of(window.get("?tab=handling")).partition("<tbody>")[2].partition("</tbody>")[0]
    assert handling.number in row
    assert "data-row-key" not in row


def test_the_list_of_calls_says_since_when_and_until_when_and_forgets_who_was_called(window, case_now):
    first, second = case_now(State.CLOSED, ago=timedelta(days=5)), case_now(State.CLOSED)
    response = window.get("?tab=call_back")
    assert numbers(response) == [first.number, second.number]
    said = words_of(response)
    assert "回访时限" in said
    assert " 办结" in said
    window.send(first, "call_back", resolution="solved", grade="5")
    assert numbers(window.get("?tab=call_back")) == [second.number]
    assert "待回访 1" in words_of(window.get(""))


def test_bad_ratings_wait_in_a_list_of_their_own_the_soonest_due_first(window, case_in, clock, clerk):
    heard, rated, good = (case_in(State.CLOSED) for _ in range(3))
    do(Act.CALL_BACK, good.number, clerk, MONDAY)
    do(Act.CALL_BACK, heard.number, clerk, MONDAY, grade=2)
    rate(rated, MONDAY)
    clock.now = MONDAY + timedelta(hours=1)
    response = window.get("?tab=rectify")
    assert numbers(response) == [rated.number, heard.number]
    page = page_of(response)
    assert f'href="/w/{rated.number}/contact_rater" data-row-key="L"' in page
    assert f'href="/w/{heard.number}/rectify" data-row-key="G"' in page
    said = words_of(response)
    assert "差评待整改 2" in said
    assert "差评联系时限" in said
    assert "差评整改时限" in said
    beside = page.partition("下一件事")[2]
    assert f'href="/w/{rated.number}/contact_rater"' in beside


def test_each_list_of_what_is_closed_goes_by_its_own_clocks(window, case_in, clock):
    case = case_in(State.CLOSED)
    rate(case, MONDAY)
    clock.now = MONDAY + timedelta(hours=1)
    page = page_of(window.get("?tab=call_back"))
    assert f'href="/w/{case.number}/call_back" data-row-key="H"' in page
    assert f'href="/w/{case.number}/contact_rater" data-row-key="L"' in page_of(window.get("?tab=ended"))
    window.send(case, "contact_rater", way="phone", text="要求改指南。")
    window.send(case, "rectify", text="指南已经改好。")
    assert numbers(window.get("?tab=rectify")) == []
    assert "没有等待整改的差评" in words_of(window.get("?tab=rectify"))


def test_the_cards_of_a_case_stand_in_its_row_as_words(window, case_now):
    case = case_now(State.HANDLING, ago=timedelta(days=30))
    sweep(now=timezone.now())
    row = page_of(window.get("?tab=handling")).partition("<tbody>")[2].partition("</tbody>")[0]
    assert case.number in row
    assert "红牌" in row


def test_today_is_told_in_four_numbers_of_the_own_hall(window, elsewhere, case_in, clock):
    case_in(State.CLOSED, now=MONDAY - timedelta(days=1))
    case_in(State.CLOSED)
    case_in(State.FILED)
    resolved = case_in(State.FILED)
    clock.now = MONDAY + timedelta(hours=1)
    window.send(resolved, "resolve", **RESOLVED)
    said = words_of(window.get(""))
    assert "今日登记 3 现场解决 1 已转部门 1 已办结 2" in said
    assert "今日登记 0 现场解决 0 已转部门 0 已办结 0" in words_of(elsewhere.get(""))


def test_pages_follow_one_another_without_gap_or_double(case_now):
    made = {case_now(State.FILED, ago=timedelta(days=n % 3)).pk for n in range(7)}
    seen, after = [], None
    for _ in range(4):
        found = due_queue(actor_named("clerk"), [State.FILED], timezone.now(), after=after, limit=2)
        seen += [item.row.id for item in found.rows]
        after = found.end
    assert after is None
    assert len(seen) == 7
    assert set(seen) == made


def test_a_page_of_fifty_links_to_the_next(window, case_now):
    for _ in range(51):
        case_now()
    response = window.get("")
    assert len(numbers(response)) == 50
    link = re.search(r'href="(\?tab=filed&after=\d+-\d+)">更晚到期的', page_of(response))[1]
    assert len(numbers(window.get(link))) == 1
    assert "更晚到期的" not in words_of(window.get(link))


def test_the_next_thing_is_the_earliest_due_of_what_waits_for_the_window(window, case_now):
    case_now(State.HANDLING, ago=timedelta(days=30))  # the department's turn
    waiting = case_now(State.ANSWERED, ago=timedelta(days=12))
    case_now(State.FILED)
    page = page_of(window.get(""))
    beside = page.partition("下一件事")[2]
    assert f'href="/w/{waiting.number}/publish"' in beside
    assert "答复反映人" in beside


def test_nothing_to_do_is_said_with_the_keys(window):
    said = words_of(window.get(""))
    assert "没有等待受理的" in said
    assert "现在没有等窗口办的事" in said


def test_names_are_masked_and_no_telephone_stands_in_the_list(window, case_now):
    case_now(people=(Person(name="刘德明", phone="13000000039"),))
    said = words_of(window.get(""))
    assert "刘**" in said
    assert "刘德明" not in said
    assert "0039" not in said


def test_an_erased_case_keeps_its_row_without_anything_personal(window, case_now, supervisor):
    case = case_now(State.CLOSED)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=timezone.now())
    said = words_of(window.get("?tab=ended"))
    assert "已依法删除" in said
    assert "孟先生" not in said


def test_another_hall_sees_nothing_of_it(elsewhere, case_now):
    case_now()
    assert "没有等待受理的" in words_of(elsewhere.get(""))


def test_a_case_without_a_clock_is_never_lost_from_the_queue(window, case_now):
    from escalation.models import Clock

    case = case_now()
    Clock.objects.filter(case=case).delete()  # as after a failed fold
    assert numbers(window.get("")) == [case.number]


def test_what_has_ended_says_whether_in_time_newest_first(window, case_now):
    first, second = case_now(State.CLOSED, ago=timedelta(days=3)), case_now(State.REDIRECTED)
    response = window.get("?tab=ended")
    assert numbers(response) == [second.number, first.number]
    assert "按时完成" in words_of(response)


def test_a_strange_page_address_starts_at_the_beginning(window, case_now):
    case = case_now()
    for after in ("x", "1-2-3", "99999999999999999999999-1", ""):
        assert numbers(window.get(f"?tab=nonsense&after={after}")) == [case.number]


def test_ten_rows_cost_as_many_queries_as_one(window, case_now, django_assert_max_num_queries):
    matters = list(Matter.objects.order_by("code")[:10])
    case_now()
    window.get("")
    with django_assert_max_num_queries(12) as one:
        window.get("")
    for matter in matters:
        case_now(matter_id=matter.pk)
    with django_assert_max_num_queries(12) as many:
        window.get("")
    assert len(many) == len(one)


def test_a_department_has_no_way_in_and_a_stranger_is_sent_to_log_in(client, signed_in):
    assert signed_in("shijian").get("/w/").status_code == 403
    assert client.get("/w/").headers["Location"].startswith("/accounts/login/")
