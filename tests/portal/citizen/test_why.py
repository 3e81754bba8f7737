"""为什么是这一天 for the reporter: every day, in plain words, also when time stood still or the limit became another."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest

from cases.models import Case, Cause
from cases.rules.classes import Difficulty, SuspensionReason
from cases.rules.flow import State
from cases.rules.wrong_words import NOT_FOR_CITIZENS
from cases.services.coordinating import extend_case, reclassify_case
from cases.services.suspending import suspend_case
from tests.conftest import MONDAY, actor_named

INTERNAL = (*NOT_FOR_CITIZENS, "中止计时", "改定难度", "规则第", "日历第", "民法典")
SENTENCE = "省里的登记系统正在升级，升级好了马上接着办。"


@pytest.fixture
def waiting(case_in, somebody, django_user_model):
    """A case that became a hard one and now waits for the province, opened by its reporter."""
    case, supervisor, now = case_in(State.HANDLING), actor_named("supervisor"), MONDAY + timedelta(hours=3)
    asked = {"number": case.number, "actor": supervisor, "now": now}
    far = now + timedelta(days=90)
    reclassify_case(difficulty=Difficulty.HARD, reason="历史遗留。", until=far, **asked)
    cause = Cause.objects.create(
        kind="system",
        title="省登记系统",
        since=date(2026, 11, 20),
        evidence="通知",
        asked="市局向省局报修",
        sentence=SENTENCE,
        planned_end=date(2026, 12, 18),
        recorded_at=now,
        recorded_by=django_user_model.objects.get(username="supervisor"),
    )
    suspend_case(
        reason=SuspensionReason.UPSTREAM,
        planned_end=date(2026, 12, 18),
        latest_end=date(2026, 12, 30),
        text="省局通知〔2026〕8号。",
        cause_id=cause.pk,
        **asked,
    )
    extend_case(days=3, reason="材料多。", most_days=10, until=far, due_at=far, **asked)
    somebody.track(case.number, case_in.code)
    return case


def page_of(somebody, case: Case) -> str:
    return unescape(somebody.client.get(f"/track/{case.number}/why").content.decode())


def test_it_says_what_is_waited_for_and_that_these_days_do_not_count(somebody, waiting):
    page = page_of(somebody, waiting)
    assert SENTENCE in page
    assert "要等上级答复或上级的系统恢复，11月23日至12月18日暂停计算，其中 19 个工作日不算" in page
    assert "2026年11月23日（周一）决定延长 3 个工作日，一共 23 个工作日。" in page
    assert "由 3 个工作日改为 20 个工作日，仍从原来的起点算。" in page
    assert '第 23 个工作日，<span class="bc-u-phrase">最晚' in page


def test_the_page_of_the_case_says_it_too(somebody, waiting):
    page = unescape(somebody.client.get(f"/track/{waiting.number}").content.decode())
    assert f"{SENTENCE}办理时间现在暂停计算，之后还有 23 个工作日。" in page


def test_there_is_no_word_of_the_office_in_it(somebody, waiting):
    page = page_of(somebody, waiting)
    assert not [word for word in INTERNAL if word in page]


def test_a_long_run_of_days_is_put_away_in_weeks_that_open_without_a_script(somebody, waiting):
    page = page_of(somebody, waiting)
    assert page.count("<details") >= 4
    assert page.count("<details") == page.count("</details>")
    assert page.count("第 1 个工作日") == 1
    assert "1月1日至3日元旦放假，不算在内。" in page


def test_next_years_days_are_marked_as_not_yet_settled(somebody, waiting):
    assert "2027年的放假安排尚未公布" in page_of(somebody, waiting)


def test_it_costs_no_more_than_eight_queries(somebody, waiting, django_assert_max_num_queries):
    page_of(somebody, waiting)
    with django_assert_max_num_queries(8):
        page_of(somebody, waiting)
