"""代录答复: the window books what a unit without account (经联社、村委会…) has answered; no clock runs against the unit."""

from __future__ import annotations

import pytest

from cases.models import Case, Department, Event, Share
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from cases.services.handling import answer_share, dispatch_case
from escalation.models import Clock
from tests.conftest import MONDAY
from tests.portal.counter.conftest import page_of

GIVEN = {"conclusion": "done", "text": "公示期满，没有人提意见。", "source": "经联社办公室来电，邱姓经办人。"}


@pytest.fixture
def joint(case_in, clerk) -> Case:
    """市市场监督管理局 leads, 东区经济联合社 helps."""
    lead, unit = (Department.objects.get(code=code).pk for code in ("S02", "V01"))
    case = case_in(State.ACCEPTED)
    return dispatch_case(
        department_id=lead, co_department_ids=[unit], number=case.number, actor=clerk, now=MONDAY
    )


def given(**changes: str) -> dict[str, str]:
    return {"department": str(Department.objects.get(code="V01").pk), **GIVEN, **changes}


def test_the_unit_s_answer_is_booked_and_the_case_goes_on_when_all_have_answered(window, joint, shijian):
    assert f"{joint.number}/carry" in page_of(window.get(f"{joint.number}/"))
    assert window.send(joint, "carry", **given()).status_code == 302
    joint.refresh_from_db()
    assert joint.state == State.HANDLING
    event = Event.objects.get(kind="answered")
    assert (event.data["carried"], event.data["ready"], event.role) == (True, False, "clerk")
    do_answer(joint, shijian)
    joint.refresh_from_db()
    assert joint.state == State.ANSWERED
    told = [text.body for text in texts_for(citizen(opened=frozenset({joint.pk})), joint)]
    assert GIVEN["source"] not in told


def do_answer(case: Case, actor) -> None:
    from cases.rules.classes import Conclusion

    answer_share(conclusion=Conclusion.DONE, text="可以办照。", number=case.number, actor=actor, now=MONDAY)


def test_a_carried_answer_is_asked_for_again_and_booked_again_without_a_clock(window, joint, shijian):
    window.send(joint, "carry", **given())
    do_answer(joint, shijian)
    unit = given()["department"]
    assert window.send(joint, "send_back", department=unit, reason="公示日期没有写。").status_code == 302
    assert not Clock.objects.filter(share_id=Share.objects.get(department__code="V01").pk).exists()
    assert window.send(joint, "carry", **given(text="公示到 11 月 20 日。")).status_code == 302
    joint.refresh_from_db()
    assert joint.state == State.ANSWERED


def test_no_clock_runs_against_the_unit(joint):
    share = Share.objects.get(department__code="V01")
    assert not Clock.objects.filter(share_id=share.pk).exists()


def test_only_the_unit_s_own_share_and_only_once(window, joint, clerk):
    assert window.send(joint, "carry", **given()).status_code == 302
    again = window.send(joint, "carry", **given(text="再写一次。"))
    assert again.status_code == 409
    assert "再写一次。" in page_of(again)
    assert f"{joint.number}/carry" not in page_of(window.get(f"{joint.number}/"))


@pytest.mark.parametrize("field", ["conclusion", "text", "source"])
def test_what_is_missing_is_asked_for_and_nothing_is_lost(window, joint, field):
    response = window.send(joint, "carry", **given(**{field: ""}))
    assert response.status_code == 422
    others = [value for name, value in GIVEN.items() if name not in (field, "conclusion")]
    assert all(value in page_of(response) for value in others)
    assert not Event.objects.filter(kind="answered").exists()


def test_a_department_with_account_answers_for_itself(window, joint):
    market = str(Department.objects.get(code="S02").pk)
    assert window.send(joint, "carry", **given(department=market)).status_code == 422
