"""The receipt: number and code once, the moment that is promised, why that day; for half an hour in the same browser."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from escalation.models import Clock
from tests.conftest import SHANGHAI
from tests.portal.citizen.conftest import heading_of, words_of


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves: `clock(datetime)` or `clock(timedelta)`."""

    class Hands:
        now = datetime(2026, 11, 21, 20, 14, tzinfo=SHANGHAI)  # a Saturday evening

        def __call__(self, to: datetime | timedelta) -> None:
            self.now = self.now + to if isinstance(to, timedelta) else to

    hands = Hands()
    monkeypatch.setattr(timezone, "now", lambda: hands.now)
    return hands


def test_number_code_and_the_moment_that_is_promised(somebody, clock):
    case, code = somebody.file()
    page = somebody.client.get("/receipt").content.decode()
    assert f"{case.number[:6]}-{case.number[6:11]}-{case.number[11:]}" in page
    assert case.place in page
    assert f"{code[:3]} {code[3:]}" in page
    assert "最晚受理时间" in page
    due = Clock.objects.get(case=case, obligation="acceptance").due_at.astimezone(SHANGHAI)
    assert f"{due:%H:%M} 前" in page
    assert "2026年11月24日（周二）" in words_of(page)


def test_the_reckoning_shows_day_by_day_why(somebody, clock):
    somebody.file()
    page = somebody.client.get("/receipt").content.decode()
    rows = page[page.index('<table class="bc-days">') : page.index("</table>")]
    assert "2026年11月21日（周六）是休息日，视为2026年11月23日（周一）收到。" in page
    assert "11月23日（周一）</th><td>当天不算，从下一个工作日数起" in rows
    assert (
        '<tr class="bc-days__end"><th scope="row">11月24日（周二）</th><td>第 1 个工作日，<span class="bc-u-phrase">最晚'
        in rows
    )


def test_a_long_holiday_is_named_in_the_reckoning(somebody, clock):
    clock(datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI))
    somebody.file()
    page = somebody.client.get("/receipt").content.decode()
    assert "10月1日（周四）</th><td>国庆节放假，不算" in page
    assert "10月1日至7日国庆节放假，不算在内。" in page
    assert "2026年10月8日（周四）" in words_of(page)


def test_limits_that_follow_come_from_the_rule_package(somebody, clock):
    somebody.file()
    page = somebody.client.get("/receipt").content.decode()
    assert "一般的事 3 个工作日" in page.replace("3个", "3 个")
    assert "复杂的事 5 个工作日" in page.replace("5个", "5 个")


def test_it_stays_for_half_an_hour_and_then_the_code_is_gone(somebody, clock):
    case, code = somebody.file()
    shown = f"{code[:3]} {code[3:]}"
    clock(timedelta(minutes=29))
    assert shown in somebody.client.get("/receipt").content.decode()
    clock(timedelta(minutes=2))
    response = somebody.client.get("/receipt", follow=True)
    assert heading_of(response) == "查进度"
    assert f'value="{case.number}"' in response.content.decode()
    assert somebody.track(case.number, code).status_code == 302  # opens the case again, for half an hour …
    assert (
        shown not in somebody.client.get("/receipt", follow=True).content.decode()
    )  # … but the code stays gone


def test_the_code_is_nowhere_in_the_session_in_clear(somebody):
    case, code = somebody.file()
    assert code not in str(dict(somebody.client.session.items())).replace(case.number, "")


def test_another_browser_has_no_receipt(somebody, somebody_else):
    somebody.file()
    assert somebody_else.client.get("/receipt").headers["Location"] == "/track"


def test_it_is_not_kept_by_any_cache(somebody):
    somebody.file()
    response = somebody.client.get("/receipt")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_case_that_was_not_folded_yet_has_a_receipt_without_a_moment(somebody):
    case, _ = somebody.file()
    Clock.objects.filter(case=case).delete()
    response = somebody.client.get("/receipt")
    assert response.status_code == 200
    assert "最晚受理时间" not in response.content.decode()


def test_whoever_is_done_closes_it_for_the_next_person(somebody):
    case, _ = somebody.file()
    assert somebody.client.post("/track/leave").headers["Location"] == "/"
    assert somebody.client.get("/receipt").headers["Location"] == "/track"
    assert somebody.client.get(f"/track/{case.number}").status_code == 302


def test_it_costs_no_more_than_eight_queries(somebody, django_assert_max_num_queries):
    somebody.file()
    with django_assert_max_num_queries(8):
        somebody.client.get("/receipt")
    assert Case.objects.count() == 1


def test_what_can_be_done_later_is_told_where_it_is_true(somebody):
    somebody.file()
    assert "办结以前，可以在“查进度”里补充、撤回" in somebody.client.get("/receipt").content.decode()
    assert "也能补充、评价、撤回" in somebody.client.get("/").content.decode()
