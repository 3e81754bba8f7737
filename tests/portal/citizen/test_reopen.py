"""重新办理: within ten working days and twice at most; later the page says whom to ask."""

from __future__ import annotations

from datetime import datetime

import pytest

from cases.models import Case, Event
from cases.rules.flow import State
from tests.cases.every_act import Act, do
from tests.conftest import MONDAY, SHANGHAI
from tests.portal.citizen.conftest import errors_in, heading_of, words_of

WHY = "执照上的地址写错了。"
LAST_MINUTE = datetime(2026, 12, 7, 17, 30, tzinfo=SHANGHAI)
TOO_LATE = datetime(2026, 12, 7, 17, 31, tzinfo=SHANGHAI)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def case(somebody, case_in):
    """A closed case, opened with its query code."""
    found = case_in(State.CLOSED)
    somebody.code = case_in.code
    somebody.track(found.number, case_in.code)
    return found


def closed_again(case, clerk, shijian) -> None:
    for act, actor in (
        (Act.DISPATCH, clerk),
        (Act.ANSWER, shijian),
        (Act.PUBLISH, clerk),
        (Act.CLOSE, clerk),
    ):
        do(act, case.number, actor, MONDAY)


def test_the_moment_until_which_it_is_possible_stands_on_both_pages(somebody, case):
    page = words_of(somebody.case_page(case.number))
    assert "问题没有解决，12月7日（周一）17:30 前可以直接重新办理。" in page
    page = words_of(somebody.client.get(f"/track/{case.number}/reopen").content.decode())
    assert "12月7日（周一）17:30 前可以直接重新办理。最多可以重新办理 2 次，这是第 1 次。" in page


def test_it_needs_a_reason(somebody, case):
    response = somebody.act(case.number, "reopen", reason="  ")
    assert response.status_code == 422
    assert errors_in(response) == ["请写哪里还没有解决，一两句话就行。"]
    assert Case.objects.get(pk=case.pk).reopenings == 0


def test_it_starts_anew_with_a_new_promise_and_says_how_often(somebody, case, clock):
    clock.now = datetime(2026, 11, 26, 10, 0, tzinfo=SHANGHAI)
    somebody.track(case.number, somebody.code)
    response = somebody.act(case.number, "reopen", reason=WHY)
    assert response.headers["Location"] == f"/track/{case.number}?done=reopen"
    response = somebody.client.get(response.headers["Location"])
    assert heading_of(response) == "已受理"
    page = words_of(response.content.decode())
    assert "第 2 步，共 5 步（第 1 次重新办理）" in page
    assert "2026年12月1日（周二）17:30 前" in page
    assert "还有 3 个工作日。" in page
    assert "第 1 次重新办理" in page
    assert WHY in page
    why = somebody.client.get(f"/track/{case.number}/why").content.decode()
    assert '12月1日（周二）</th><td>第 3 个工作日，<span class="bc-u-phrase">最晚' in why


def test_the_old_reply_moves_into_the_story_and_the_old_departments_go(somebody, case):
    somebody.act(case.number, "reopen", reason=WHY)
    page = somebody.case_page(case.number)
    assert "给您的答复" not in page
    assert "您的营业执照已办好。" in page[page.index("办到哪了") :]
    assert "<dt>承办</dt>" not in page
    assert "<dt>结果</dt>" not in page


def test_what_was_written_with_the_rating_stands_there_already(somebody, case):
    somebody.act(case.number, "rate", resolution="unsolved", grade="1", text=WHY)
    assert WHY in somebody.client.get(f"/track/{case.number}/reopen").content.decode()


def test_the_last_minute_is_in_time(somebody, case, clock):
    clock.now = LAST_MINUTE
    somebody.track(case.number, somebody.code)
    assert somebody.act(case.number, "reopen", reason=WHY).status_code == 302


def test_a_minute_later_the_link_is_gone_and_the_page_says_whom_to_ask(somebody, case, clock):
    clock.now = TOO_LATE
    somebody.track(case.number, somebody.code)
    page = somebody.case_page(case.number)
    assert f"/track/{case.number}/reopen" not in page
    assert "网上直接重新办理的期限已经过了。有新的情况，请打电话或者到窗口告诉我们" in page
    may = page[page.index("您可以") : page.index("办到哪了")]
    assert 'href="tel:070088001037"' in may
    assert "08:30–12:00" in may


def test_a_form_that_was_open_too_long_is_refused_and_keeps_the_reason(somebody, case, clock):
    clock.now = LAST_MINUTE
    somebody.track(case.number, somebody.code)
    keys = somebody.hidden(case.number, "reopen")
    clock.now = TOO_LATE
    response = somebody.act(case.number, "reopen", keys, reason=WHY)
    assert response.status_code == 409
    assert WHY in response.content.decode()
    assert "网上直接重新办理的期限已经过了。" in response.content.decode()
    assert Case.objects.get(pk=case.pk).state == State.CLOSED


def test_a_third_time_is_for_the_supervisor_and_the_page_says_whom_to_ask(somebody, case, clerk, shijian):
    for time in (1, 2):
        keys = somebody.hidden(case.number, "reopen")
        assert somebody.act(case.number, "reopen", keys, reason=WHY).status_code == 302
        assert Case.objects.get(pk=case.pk).reopenings == time
        closed_again(case, clerk, shijian)
    page = somebody.case_page(case.number)
    assert "这件事已经重新办理过两次" in page
    assert f"/track/{case.number}/reopen" not in page
    response = somebody.client.get(f"/track/{case.number}/reopen")
    assert "再次办理要由督办专员决定，请到窗口或打电话说明。" in response.content.decode()
    assert 'href="tel:070088001037"' in response.content.decode()


def test_pressing_twice_reopens_once(somebody, case):
    keys = somebody.hidden(case.number, "reopen")
    for _ in range(2):
        assert somebody.act(case.number, "reopen", keys, reason=WHY).status_code == 302
    assert Event.objects.filter(case=case, kind="reopened").count() == 1


def test_when_the_window_was_first_the_page_says_so(somebody, case, clerk):
    keys = somebody.hidden(case.number, "reopen")
    do(Act.REOPEN, case.number, clerk, MONDAY)
    response = somebody.act(case.number, "reopen", keys, reason=WHY)
    assert response.status_code == 409
    page = response.content.decode()
    assert "已开始重新办理（第 1 次重新办理）" in page
    assert "这件事现在是“已受理”，不能重新办理。" in page
    assert WHY in page
