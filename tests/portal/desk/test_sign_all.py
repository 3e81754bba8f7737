"""Signing what is ticked: each by its own act, all by one press; what was refused is told with its reason."""

from __future__ import annotations

import re

from cases.errors import BusyError
from cases.models import Event, Share
from cases.rules.flow import State
from cases.services.handling import sign_share
from portal.desk import inbox
from tests.conftest import MONDAY
from tests.portal.desk.conftest import hidden, text_of


def press(at, *numbers: str, held=None, **more):
    held = held or hidden(at.get().context["form"])
    return at.client.post("/d/sign?tab=to_sign", {**held, "number": list(numbers), **more})


def signed(*cases) -> set[str]:
    found = Share.objects.filter(case__in=cases, signed_at__isnull=False)
    return set(found.values_list("case__number", flat=True))


def test_all_that_is_ticked_is_signed_by_one_press(case_in, desk):
    first, second, third = (case_in(State.HANDLING) for _ in range(3))
    at = desk()
    done = press(at, first.number, second.number)
    assert done.headers["Location"] == "/d/signed"
    assert signed(first, second, third) == {first.number, second.number}
    words = text_of(at.get("signed"))
    assert "已签收 2 件" in words
    assert "没有签收" not in words
    assert "联系反映人 ，11月24日（周二）17:30 前" in words


def test_what_is_refused_is_told_with_its_reason_and_stops_nothing(case_in, sent_to, desk, shijian):
    ours, taken, theirs = case_in(State.HANDLING), case_in(State.HANDLING), sent_to("S04")
    at = desk()
    held = hidden(at.get().context["form"])
    sign_share(number=taken.number, actor=shijian, now=MONDAY)
    press(at, ours.number, taken.number, theirs.number, held=held)
    assert signed(ours, theirs) == {ours.number}
    words = text_of(at.get("signed"))
    assert "已签收 1 件， 2 件没有签收" in words or "已签收 1 件，2 件没有签收" in words
    assert "这件承办任务已经签收过了。" in words
    assert "没有找到这件反映事项。" in words


def test_a_second_press_of_the_same_button_signs_nothing_again_and_tells_the_same(case_in, desk):
    case, other = case_in(State.HANDLING), case_in(State.HANDLING)
    at = desk()
    held = hidden(at.get().context["form"])
    answers = [press(at, case.number, other.number, held=held) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {"/d/signed"}
    assert Event.objects.filter(kind="signed").count() == 2
    assert "已签收 2 件" in text_of(at.get("signed"))


def test_the_button_of_a_row_signs_that_row_alone_and_leads_to_it(case_in, desk):
    case, other = case_in(State.HANDLING), case_in(State.HANDLING)
    done = press(desk(), other.number, only=case.number)
    assert done.headers["Location"] == f"/d/{case.number}/"
    assert signed(case, other) == {case.number}


def test_a_press_with_nothing_ticked_says_so(case_in, desk):
    case_in(State.HANDLING)
    page = press(desk())
    assert page.status_code == 422
    assert "请先勾选要签收的事项。" in text_of(page)


def test_when_a_case_is_busy_nothing_is_signed_and_everything_stays_ticked(case_in, desk, monkeypatch):
    case, other = case_in(State.HANDLING), case_in(State.HANDLING)

    def busy(*_: object) -> None:
        raise BusyError

    at = desk()
    held = hidden(at.get().context["form"])
    monkeypatch.setattr(inbox, "once", busy)
    page = press(at, case.number, held=held)
    assert page.status_code == 409
    ticked = re.findall(r'name="number" value="(\d+)"[^>]* checked', page.content.decode())
    assert ticked == [case.number]
    assert signed(case, other) == set()


def test_the_head_signs_nothing(case_in, desk):
    case, at = case_in(State.HANDLING), desk("head")
    press(at, case.number, held=hidden(desk().get().context["form"]))
    assert signed(case) == set()
    assert "您的岗位没有此权限。" in text_of(at.get("signed"))


def test_an_address_alone_signs_nothing(case_in, desk):
    assert desk().get("sign").status_code == 405
