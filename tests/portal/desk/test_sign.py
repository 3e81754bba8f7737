"""Signing: one press on the case page, or a page of its own; said with the clocks that run."""

from __future__ import annotations

from datetime import timedelta

from cases.models import Case, Event, Share
from cases.rules.flow import State
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of

HOUR = timedelta(hours=1)


def signed_at(case: Case):
    return Share.objects.get(case=case).signed_at


def test_one_press_on_the_case_page_signs_and_says_what_comes_next(case_in, desk, clock):
    case, at = case_in(State.HANDLING), desk()
    clock.now = MONDAY + 2 * HOUR
    page = at.get(f"{case.number}/")
    assert 'data-key="A"' in page.content.decode()
    form = page.context["sign_form"]
    done = at.client.post(
        f"/d/{case.number}/sign", {"idem": str(form["idem"].value()), "version": form["version"].value()}
    )
    assert done.headers["Location"] == f"/d/{case.number}/"
    assert signed_at(case) == clock.now
    words = text_of(at.get(f"{case.number}/"))
    assert "本单位主办：已签收 经办 岑志远" in words
    assert "11月23日（周一）09:30 转办 · 已用 2 小时 · 首次联系须在 11月24日（周二）17:30 前" in words


def test_the_page_of_the_act_signs_without_script(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    page = at.get(f"{case.number}/sign")
    assert "时限从转办时就开始算了" in text_of(page)
    assert at.press(f"{case.number}/sign").status_code == 302
    assert signed_at(case) == MONDAY


def test_a_double_press_signs_once(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    held = at.held(case)
    for _ in range(2):
        assert at.client.post(f"/d/{case.number}/sign", held).status_code == 302
    assert Event.objects.filter(case=case, kind="signed").count() == 1


def test_what_a_colleague_signed_is_told_and_not_signed_again(case_in, desk):
    case, at, other = case_in(State.HANDLING), desk(), desk("shijian2")
    held = at.held(case)
    other.press(f"{case.number}/sign")
    late = at.client.post(f"/d/{case.number}/sign", held)
    assert late.status_code == 409
    assert "温立群" in text_of(late)
    assert "这件承办任务已经签收过了。" in text_of(at.get(f"{case.number}/sign"))


def test_once_signed_the_button_is_gone(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    at.press(f"{case.number}/sign")
    assert 'data-key="A"' not in at.get(f"{case.number}/").content.decode()


def test_the_head_and_other_departments_may_not_sign(case_in, desk):
    case = case_in(State.HANDLING)
    held = desk().held(case)
    assert desk("head").client.post(f"/d/{case.number}/sign", held).status_code == 409
    assert desk("budongchan").client.post(f"/d/{case.number}/sign", held).status_code == 404
    assert signed_at(case) is None
