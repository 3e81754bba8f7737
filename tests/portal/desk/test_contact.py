"""Contacting the reporter: the number at hand while the first contact is owed, every attempt on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import AccessEntry, Event, Share
from cases.rules.flow import State
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of

PHONE = "13000000039"
UNREACHED = {"way": "phone", "reached": "no", "note": ""}
REACHED = {"way": "phone", "reached": "yes", "note": "已说明要带的材料。"}


def test_who_owes_the_first_contact_sees_the_number_dials_it_and_the_look_is_logged(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    html = at.get(f"{case.number}/contact").content.decode()
    assert f'href="tel:{PHONE}"' in html
    entry = AccessEntry.objects.get(case=case)
    assert (entry.user.username, entry.purpose, entry.field) == ("shijian", "contact", "contact")


def test_a_contact_is_booked_and_ends_the_obligation_and_with_it_the_open_number(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    assert at.press(f"{case.number}/contact", **REACHED).headers["Location"] == f"/d/{case.number}/"
    assert Share.objects.get(case=case).contacted_at == MONDAY
    page = at.get(f"{case.number}/contact")
    assert PHONE not in page.content.decode()
    assert "首次联系已经完成" in text_of(page)
    assert "已说明要带的材料。" in text_of(at.get(f"{case.number}/"))
    assert AccessEntry.objects.filter(case=case).count() == 1


def test_the_third_attempt_counts_as_the_first_contact_and_the_page_says_so(case_in, desk, clock):
    case, at = case_in(State.HANDLING), desk()
    for n in range(2):
        clock.now = MONDAY + timedelta(hours=n)
        at.press(f"{case.number}/contact", **UNREACHED)
    words = text_of(at.get(f"{case.number}/contact"))
    assert "已经试过 2 次，没有联系上：" in words
    assert "11月23日（周一）10:30，电话，岑志远" in words
    assert "这次还联系不上，首次联系就算已完成。" in words
    assert Share.objects.get(case=case).contacted_at is None
    at.press(f"{case.number}/contact", **UNREACHED)
    assert Share.objects.get(case=case).contacted_at == clock.now
    assert "试过 3 次没有联系上，首次联系算已完成。" in text_of(at.get(f"{case.number}/"))


def test_a_later_contact_may_be_booked_too(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    for _ in range(2):
        assert at.press(f"{case.number}/contact", **REACHED).status_code == 302
    assert Event.objects.filter(case=case, kind="contacted").count() == 2


def test_way_and_result_are_asked_for_and_the_note_is_kept(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    page = at.press(f"{case.number}/contact", note="打了两遍")
    assert page.status_code == 422
    words = text_of(page)
    assert "请选联系的方式。" in words
    assert "请选有没有联系上。" in words
    assert "打了两遍" in words


def test_a_double_press_books_one_contact(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    held = at.held(case)
    for _ in range(2):
        assert at.client.post(f"/d/{case.number}/contact", {**held, **UNREACHED}).status_code == 302
    assert Event.objects.filter(case=case, kind="contact_tried").count() == 1


def test_a_co_handler_may_contact_but_sees_no_number_for_it(joint, desk):
    case, co = joint(), desk("budongchan")
    page = co.get(f"{case.number}/contact")
    assert PHONE not in page.content.decode()
    assert "首次联系由主办部门负责" in text_of(page)
    assert not AccessEntry.objects.exists()
    assert co.press(f"{case.number}/contact", **REACHED).status_code == 302


@pytest.mark.parametrize(("person", "status"), [("head", 200), ("budongchan", 404)])
def test_nobody_else_sees_the_number(case_in, desk, person, status):
    case = case_in(State.HANDLING)
    page = desk(person).get(f"{case.number}/contact")
    assert page.status_code == status
    assert PHONE not in page.content.decode()
    assert not AccessEntry.objects.exists()


def test_after_the_answer_no_number_is_shown(case_in, desk):
    case = case_in(State.ANSWERED)
    assert PHONE not in desk().get(f"{case.number}/contact").content.decode()
