"""Two and more departments on one case: each its own part, the window only when all have answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import errors
from cases.models import Case, CaseText, Department, Event, Share
from cases.rules.classes import Conclusion
from cases.rules.flow import Act, State
from cases.selectors.queues import shares_of
from cases.services import handling
from tests.cases.every_act import do, market
from tests.conftest import MONDAY, actor_named

HOUR = timedelta(hours=1)


@pytest.fixture
def joint(case_in) -> Case:
    """A case at 市市场监督管理局 (主办) and 市自然资源局 (协办)."""
    case = case_in(State.ACCEPTED)
    other = actor_named("budongchan").posts[0].department_id
    return do(
        Act.DISPATCH,
        case.number,
        actor_named("clerk"),
        MONDAY,
        co_department_ids=[other],
        instruction="请一起把产权证明这一步办完。",
    )


def _answer(case: Case, username: str, hours: int = 1, **changes) -> Case:
    return do(Act.ANSWER, case.number, actor_named(username), MONDAY + hours * HOUR, **changes)


def test_a_dispatch_to_two_departments_leaves_one_event_each_and_one_instruction(joint):
    events = Event.objects.filter(case=joint, kind="dispatched").order_by("version")
    assert [event.data["role"] for event in events] == ["lead", "co"]
    assert {event.share_id for event in events} == set(Share.objects.values_list("pk", flat=True))
    assert CaseText.objects.filter(case=joint, purpose="instruction").count() == 1
    assert [share.role for share in shares_of(joint.pk)] == ["lead", "co"]


def test_the_case_goes_to_the_window_when_the_last_department_has_answered(joint):
    assert _answer(joint, "budongchan").state == State.HANDLING
    assert _answer(joint, "shijian", 2).state == State.ANSWERED
    assert [event.data["ready"] for event in Event.objects.filter(kind="answered").order_by("version")] == [
        False,
        True,
    ]


def test_each_department_answers_its_own_part_once(joint):
    _answer(joint, "shijian")
    with pytest.raises(errors.IllegalMoveError, match="本部门已经答复"):
        _answer(joint, "shijian", 2)
    with pytest.raises(errors.IllegalMoveError, match="本部门已经答复"):
        do(Act.CONTACT, joint.number, actor_named("shijian"), MONDAY + 2 * HOUR)


def test_an_answer_counts_as_signing(joint):
    _answer(joint, "shijian")
    assert Share.objects.get(case=joint, department_id=market()).signed_at == MONDAY + HOUR


def test_signing_happens_once(joint, shijian):
    do(Act.SIGN, joint.number, shijian, MONDAY)
    with pytest.raises(errors.IllegalMoveError, match="已经签收过"):
        do(Act.SIGN, joint.number, shijian, MONDAY)


def test_the_third_attempt_counts_as_the_first_contact(joint, shijian):
    for hour in range(2):
        do(Act.CONTACT, joint.number, shijian, MONDAY + hour * HOUR, reached=False)
        assert Share.objects.get(case=joint, department_id=market()).contacted_at is None
    do(Act.CONTACT, joint.number, shijian, MONDAY + 3 * HOUR, reached=False)
    assert Share.objects.get(case=joint, department_id=market()).contacted_at == MONDAY + 3 * HOUR
    kinds = Event.objects.filter(case=joint, kind__startswith="contact").order_by("version")
    assert list(kinds.values_list("kind", flat=True)) == ["contact_tried", "contact_tried", "contacted"]


def test_the_window_can_ask_one_department_to_answer_again(joint, clerk):
    _answer(joint, "budongchan")
    _answer(joint, "shijian", 2)
    case = do(Act.SEND_BACK, joint.number, clerk, MONDAY + 3 * HOUR)
    assert case.state == State.HANDLING
    assert _answer(joint, "shijian", 4, conclusion=Conclusion.PARTLY).state == State.ANSWERED
    assert Share.objects.get(case=joint, department_id=market()).conclusion == "partly"


def test_a_department_that_has_not_answered_cannot_be_asked_again(case_in, joint, clerk):
    _answer(joint, "budongchan")
    _answer(joint, "shijian", 2)
    elsewhere = Department.objects.exclude(pk__in=Share.objects.values("department_id")).first()
    with pytest.raises(errors.BadInputError, match="请选择"):
        do(Act.SEND_BACK, joint.number, clerk, MONDAY + 3 * HOUR, department_id=elsewhere.pk)


def test_a_lead_cannot_be_its_own_co_handler_and_unknown_departments_are_refused(case_in, clerk):
    case = case_in(State.ACCEPTED)
    for wrong in ({"co_department_ids": [market()]}, {"co_department_ids": [0]}, {"department_id": 0}):
        with pytest.raises(errors.BadInputError):
            do(Act.DISPATCH, case.number, clerk, MONDAY, **wrong)
    assert Share.objects.count() == 0


def test_any_number_of_co_handlers(case_in, clerk):
    case = case_in(State.ACCEPTED)
    others = list(Department.objects.filter(is_active=True).exclude(pk=market()).values_list("pk", flat=True))
    handling.dispatch_case(
        number=case.number, department_id=market(), co_department_ids=others, actor=clerk, now=MONDAY
    )
    assert Share.objects.filter(case=case, role="co").count() == len(others) > 5
