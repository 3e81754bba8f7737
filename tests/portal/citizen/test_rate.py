"""评价: first whether it is solved, then how satisfied; no default, once, and nothing promised that the rules do not say."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cases.models import Rating
from cases.rules import words, wrong_words
from cases.rules.flow import State
from cases.selectors.ratings import ratings_of
from tests.cases.every_act import Act, do
from tests.conftest import MONDAY
from tests.portal.citizen.conftest import errors_in, words_of

BAD = {"resolution": "unsolved", "grade": "2", "reasons": ["passed_on", "other"], "text": "又让我跑了一趟。"}
GOOD = {"resolution": "solved", "grade": "5"}
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def case(somebody, case_in):
    """A closed case, opened with its query code."""
    found = case_in(State.CLOSED)
    somebody.track(found.number, case_in.code)
    return found


def chosen_in(page: str) -> list[str]:
    return re.findall(r'value="(\w+)"[^>]* checked', page)


def test_the_case_page_asks_first_whether_it_is_solved(somebody, case):
    page = somebody.case_page(case.number)
    asked = page.index("请您评价：问题解决了吗？")
    assert asked < page.index("给您的答复")
    buttons = re.findall(r'name="resolution" value="(\w+)">(\w+)<', page)
    assert buttons == list(words.RESOLUTION.items())


def test_nothing_is_chosen_beforehand_but_what_was_pressed_on_the_case_page(somebody, case):
    address = f"/track/{case.number}/rate"
    assert chosen_in(somebody.client.get(address).content.decode()) == []
    assert chosen_in(somebody.client.get(f"{address}?resolution=partly").content.decode()) == ["partly"]
    assert chosen_in(somebody.client.get(f"{address}?resolution=nonsense").content.decode()) == []


def test_the_five_grades_stand_in_their_own_words(somebody, case):
    page = words_of(somebody.client.get(f"/track/{case.number}/rate").content.decode())
    places = [
        page.index(f"\n{word}") if f"\n{word}" in page else page.index(word)
        for word in words.SATISFACTION.values()
    ]
    assert len(places) == 5
    assert page.index("问题解决了吗？") < page.index("您满意吗？")


def test_after_a_rectification_the_reporter_reads_what_was_mended_and_is_asked_again(
    somebody, case, clerk, clock
):
    somebody.act(case.number, "rate", **BAD)
    do(Act.CONTACT_RATER, case.number, clerk, clock.now)
    do(Act.RECTIFY, case.number, clerk, clock.now + timedelta(minutes=1), text="指南已经改好。")
    clock.now += timedelta(minutes=2)
    page = words_of(somebody.case_page(case.number))
    for part in ("窗口已按您的评价整改，请您再评价一次", "指南已经改好。", "窗口已就您的评价与您联系"):
        assert part in page
    assert "说是指南没有改。" not in page  # what was said to the window stays inside
    somebody.act(case.number, "rate", **GOOD)
    assert [rating.grade for rating in ratings_of(case.pk)] == [5, 2]
    page = words_of(somebody.case_page(case.number))
    assert "已解决，非常满意" in page
    assert "再评价一次" not in page


def test_both_questions_need_an_answer_and_what_was_given_stays(somebody, case):
    response = somebody.act(case.number, "rate", text="还行")
    assert response.status_code == 422
    assert errors_in(response) == ["请选择问题解决了没有。", "请选择您满意不满意。"]
    response = somebody.act(case.number, "rate", resolution="unsolved", reasons=["speed"], text="还行")
    assert errors_in(response) == ["请选择您满意不满意。"]
    assert chosen_in(response.content.decode()) == ["unsolved", "speed"]
    assert "还行" in response.content.decode()
    assert "<details" in response.content.decode()
    assert re.search(r"<details[^>]* open>", response.content.decode())


def test_two_answers_are_enough_and_the_rating_is_shown_and_asked_no_more(somebody, case):
    response = somebody.act(case.number, "rate", **GOOD)
    assert response.headers["Location"] == f"/track/{case.number}?done=rate"
    page = somebody.case_page(case.number)
    assert "谢谢您的评价。" in page
    assert "您的评价：已解决，非常满意" in page
    assert f"/track/{case.number}/rate" not in page
    (rating,) = ratings_of(case.pk)
    assert (rating.source, rating.resolution, rating.grade, rating.reasons) == ("reporter", "solved", 5, [])


def test_reasons_and_words_are_kept_and_told_in_the_story(somebody, case):
    somebody.act(case.number, "rate", **BAD)
    page = somebody.case_page(case.number)
    assert "未解决，不满意（推来推去、其他）" in page
    assert BAD["text"] in page
    assert ratings_of(case.pk)[0].reasons == ["passed_on", "other"]


@pytest.mark.parametrize("resolution", ["unsolved", "partly"])
def test_who_is_not_helped_is_offered_to_have_it_handled_again_until_a_named_moment(
    somebody, case, resolution
):
    somebody.act(case.number, "rate", **{**BAD, "resolution": resolution})
    page = somebody.case_page(case.number)
    first = page[page.index("需要您做什么") : page.index("给您的答复")]
    assert f'href="/track/{case.number}/reopen"' in first
    assert "12月7日（周一）17:30 前可以直接重新办理" in words_of(first)


def test_who_is_helped_may_still_come_back(somebody, case):
    somebody.act(case.number, "rate", **GOOD)
    assert f'href="/track/{case.number}/reopen"' in somebody.case_page(case.number)


def test_pressing_twice_rates_once(somebody, case):
    keys = somebody.hidden(case.number, "rate")
    for _ in range(2):
        assert somebody.act(case.number, "rate", keys, **GOOD).status_code == 302
    assert Rating.objects.count() == 1


def test_a_second_rating_is_refused_kindly_and_what_was_written_can_be_copied(somebody, case):
    keys = somebody.hidden(case.number, "rate")
    somebody.act(case.number, "rate", **GOOD)
    response = somebody.act(case.number, "rate", keys, **BAD)
    page = response.content.decode()
    assert response.status_code == 409
    assert "您已经评价过了，谢谢。" in page
    assert BAD["text"] in page
    assert "提交评价" not in page
    assert Rating.objects.count() == 1


def test_an_open_case_cannot_be_rated(somebody, case_in):
    case = case_in(State.HANDLING)
    somebody.track(case.number, case_in.code)
    page = somebody.client.get(f"/track/{case.number}/rate")
    assert "这件事现在是“部门办理中”，不能评价。" in page.content.decode()
    assert 'name="grade"' not in page.content.decode()


def test_after_another_closing_it_is_asked_again(somebody, case, clerk, shijian):
    somebody.act(case.number, "rate", **BAD)
    somebody.act(case.number, "reopen", reason="地址还是错的。")
    for act, actor in (
        (Act.DISPATCH, clerk),
        (Act.ANSWER, shijian),
        (Act.PUBLISH, clerk),
        (Act.CLOSE, clerk),
    ):
        do(act, case.number, actor, MONDAY)
    assert "请您评价：问题解决了吗？" in somebody.case_page(case.number)
    somebody.act(case.number, "rate", **GOOD)
    assert [(one.closing, one.resolution) for one in ratings_of(case.pk)] == [(1, "solved"), (0, "unsolved")]
    assert "您的评价：已解决，非常满意" in somebody.case_page(case.number)


def test_what_happens_with_it_is_said_without_words_of_the_office(somebody, case):
    page = words_of(somebody.client.get(f"/track/{case.number}/rate").content.decode())
    assert "谁也不能改" in page
    assert "评价不会自动重新办理。" in page
    for word in (*wrong_words.NOT_FOR_CITIZENS, "整改", "回访"):
        assert word not in page


def test_the_call_back_is_told_with_what_was_said_or_that_nobody_answered(somebody, case, clerk):
    do(Act.CALL_BACK, case.number, clerk, MONDAY, reached=False)
    assert "窗口回访您，没有联系上" in somebody.case_page(case.number)
    do(Act.CALL_BACK, case.number, clerk, MONDAY)
    page = somebody.case_page(case.number)
    assert "窗口已回访您" in page
    assert "已解决，非常满意" in page
    assert (
        "请您评价：问题解决了吗？" in page
    )  # what was said on the telephone does not replace one's own rating
