"""The supervisor's acts that change time: 延期、改定难度、改派、会商, each with its refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import errors
from cases.models import Case, CaseText, Department, Event, Share
from cases.rules.classes import Difficulty, Nature
from cases.rules.flow import Act, State
from cases.rules.grants import citizen, sees
from cases.selectors.content import texts_for
from cases.selectors.facts import facts_of
from cases.services import handling
from tests.cases.every_act import do, market, registry, village
from tests.conftest import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def handled(case_in) -> Case:
    return case_in(State.HANDLING)


def last(case: Case) -> Event:
    return Event.objects.filter(case=case).order_by("-version")[0]


def reopened(case: Case, actor) -> None:
    for act in (Act.PUBLISH, Act.CLOSE):
        do(act, case.number, actor, MONDAY)
    do(Act.REOPEN, case.number, citizen(opened=frozenset({case.pk})), MONDAY)


# ------------------------------------------------------------------------------------------------ 延期


def test_an_extension_says_its_days_and_keeps_its_reason_inside(handled, supervisor):
    case = do(Act.EXTEND, handled.number, supervisor, MONDAY)
    event = last(case)
    assert (event.kind, event.share_id, event.data["days"]) == ("extended", None, 2)
    assert "extension" in event.data["digests"]
    assert "要等测绘结果。" in [text.body for text in texts_for(supervisor, case)]
    assert "extension" not in [text.purpose for text in texts_for(citizen(opened=frozenset({case.pk})), case)]
    assert case.state == State.HANDLING


@pytest.mark.parametrize("days", [0, -1, 11])
def test_an_extension_stays_within_its_bounds(handled, supervisor, days):
    with pytest.raises(errors.BadInputError, match="1 至 10 个工作日"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY, days=days)
    with pytest.raises(errors.BadInputError, match="为什么"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY, reason=" ")


def test_an_extension_comes_in_time_or_not_at_all(handled, supervisor):
    limits = {"until": MONDAY + HOUR, "due_at": MONDAY + DAY}
    with pytest.raises(errors.IllegalMoveError, match="太近"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY + 2 * HOUR, **limits)
    with pytest.raises(errors.IllegalMoveError, match="已经到期"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY + DAY, **limits)
    assert do(Act.EXTEND, handled.number, supervisor, MONDAY + HOUR, **limits)


def test_backdating_makes_no_extension_timely(handled, supervisor):
    with pytest.raises(errors.IllegalMoveError, match="已经到期"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY + DAY, happened_at=MONDAY, due_at=MONDAY + HOUR)


def test_a_case_is_extended_once_in_a_handling_and_each_share_for_itself(handled, clerk, shijian, supervisor):
    do(Act.EXTEND, handled.number, supervisor, MONDAY)
    with pytest.raises(errors.IllegalMoveError, match="已经延期 1 次"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY)
    case = do(Act.EXTEND, handled.number, supervisor, MONDAY, department_id=market())
    assert last(case).share_id == Share.objects.get().pk
    with pytest.raises(errors.IllegalMoveError, match="已经延期 1 次"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY, department_id=market())
    do(Act.ANSWER, handled.number, shijian, MONDAY)
    reopened(handled, clerk)
    assert do(Act.EXTEND, handled.number, supervisor, MONDAY)


def test_only_a_share_that_waits_is_extended(handled, shijian, supervisor):
    with pytest.raises(errors.BadInputError, match="还没有答复"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY, department_id=registry())
    do(Act.ANSWER, handled.number, shijian, MONDAY)
    with pytest.raises(errors.BadInputError, match="还没有答复"):
        do(Act.EXTEND, handled.number, supervisor, MONDAY, department_id=market())


# ------------------------------------------------------------------------------------------------ 改定难度


def test_a_reclassification_goes_upward_and_says_what_it_was(handled, supervisor):
    case = do(Act.RECLASSIFY, handled.number, supervisor, MONDAY, nature=Nature.DIFFICULT)
    assert (case.difficulty, case.nature) == ("hard", "difficult")
    data = last(case).data
    assert (data["difficulty"], data["nature"], data["previous"]) == ("hard", "difficult", "ordinary")


@pytest.mark.parametrize("difficulty", [Difficulty.INSTANT, Difficulty.ORDINARY])
def test_never_down_and_never_to_the_same(handled, supervisor, difficulty):
    with pytest.raises(errors.BadInputError, match="现在是“一般”"):
        do(Act.RECLASSIFY, handled.number, supervisor, MONDAY, difficulty=difficulty)
    assert Case.objects.get().difficulty == "ordinary"


def test_once_and_before_half_the_limit_is_used(handled, supervisor):
    with pytest.raises(errors.IllegalMoveError, match="一半"):
        do(Act.RECLASSIFY, handled.number, supervisor, MONDAY + HOUR, until=MONDAY)
    do(Act.RECLASSIFY, handled.number, supervisor, MONDAY, difficulty=Difficulty.SPECIAL)
    with pytest.raises(errors.IllegalMoveError, match="改定过一次"):
        do(Act.RECLASSIFY, handled.number, supervisor, MONDAY)


# ------------------------------------------------------------------------------------------------ 改派


def test_a_share_goes_from_one_department_to_another_in_one_act(handled, shijian, budongchan, supervisor):
    old = Share.objects.get()
    case = do(Act.REDISPATCH, handled.number, supervisor, MONDAY + HOUR)
    old.refresh_from_db()
    new = Share.objects.get(ended_at__isnull=True)
    assert (old.ended_at, new.department_id, new.role) == (MONDAY + HOUR, registry(), "lead")
    events = Event.objects.filter(case=case).order_by("-version")[:2]
    assert [(event.kind, event.share_id) for event in events] == [
        ("dispatched", new.pk),
        ("returned", old.pk),
    ]
    assert [event.data["department_id"] for event in events] == [registry(), market()]
    assert not sees(shijian, facts_of(case))  # it never answered
    assert do(Act.ANSWER, handled.number, budongchan, MONDAY + HOUR).state == State.ANSWERED


def test_a_department_gets_nothing_back_in_the_same_handling(handled, clerk, budongchan, supervisor):
    do(Act.REDISPATCH, handled.number, supervisor, MONDAY)
    back = {"from_department_id": registry(), "department_id": market()}
    with pytest.raises(errors.BadInputError, match="不能再派回去"):
        do(Act.REDISPATCH, handled.number, supervisor, MONDAY, **back)
    do(Act.ANSWER, handled.number, budongchan, MONDAY)
    reopened(handled, clerk)
    do(Act.DISPATCH, handled.number, clerk, MONDAY, department_id=registry())
    assert do(Act.REDISPATCH, handled.number, supervisor, MONDAY, **back)


def test_where_it_goes_is_checked(handled, shijian, supervisor):
    for wrong, message in (
        ({"department_id": market()}, "已经在办"),
        ({"department_id": 0}, "改派给哪个部门"),
        ({"from_department_id": registry()}, "还没有答复"),
        ({"reason": ""}, "为什么要改派"),
    ):
        with pytest.raises(errors.BadInputError, match=message):
            do(Act.REDISPATCH, handled.number, supervisor, MONDAY, **wrong)
    assert Share.objects.get().ended_at is None


def test_a_co_handler_is_replaced_and_the_joint_case_waits_for_the_new_one(
    case_in, clerk, shijian, supervisor
):
    case = case_in(State.ACCEPTED)
    handling.dispatch_case(
        number=case.number,
        department_id=market(),
        co_department_ids=[registry()],
        actor=clerk,
        now=MONDAY,
    )
    do(Act.ANSWER, case.number, shijian, MONDAY)
    case = do(
        Act.REDISPATCH,
        case.number,
        supervisor,
        MONDAY,
        from_department_id=registry(),
        department_id=village(),
    )
    assert case.state == State.HANDLING
    assert Share.objects.get(department_id=village()).role == "co"
    assert last(case).data["carried"] is True  # the window acts for it
    assert do(Act.CARRY, case.number, clerk, MONDAY).state == State.ANSWERED


def test_a_department_that_was_closed_down_gets_nothing(handled, supervisor):
    Department.objects.filter(pk=registry()).update(is_active=False)
    with pytest.raises(errors.BadInputError, match="改派给哪个部门"):
        do(Act.REDISPATCH, handled.number, supervisor, MONDAY)


# ------------------------------------------------------------------------------------------------ 会商

MEETING = (Act.CALL_MEETING, Act.HOLD_MEETING, Act.FILE_MINUTES)


def test_a_meeting_is_called_held_and_minuted_in_this_order(handled, supervisor):
    from cases.services import coordinating as acts

    asked = {"number": handled.number, "actor": supervisor, "now": MONDAY}
    with pytest.raises(errors.IllegalMoveError, match="还没有召开的会商"):
        acts.hold_meeting(**asked)
    acts.call_meeting(text="定材料。", **asked)
    with pytest.raises(errors.IllegalMoveError, match="不能再召集"):
        acts.call_meeting(text="定材料。", **asked)
    with pytest.raises(errors.IllegalMoveError, match="还没有提交纪要"):
        acts.file_minutes(text="三天内办完。", **asked)
    acts.hold_meeting(**asked)
    acts.file_minutes(text="三天内办完。", **asked)
    kinds = Event.objects.filter(case=handled).order_by("-version").values_list("kind", flat=True)
    assert list(kinds[:3]) == ["minutes_filed", "meeting_held", "meeting_called"]
    assert set(CaseText.objects.values_list("purpose", flat=True)) >= {"meeting", "minutes"}
    acts.call_meeting(text="再定一次。", **asked)


def test_a_meeting_of_an_earlier_handling_is_forgotten(handled, clerk, shijian, supervisor):
    do(Act.CALL_MEETING, handled.number, supervisor, MONDAY)
    do(Act.ANSWER, handled.number, shijian, MONDAY)
    reopened(handled, clerk)
    assert do(Act.CALL_MEETING, handled.number, supervisor, MONDAY)


@pytest.mark.parametrize("act", [Act.CALL_MEETING, Act.FILE_MINUTES])
def test_a_meeting_says_what_about_and_what_was_settled(handled, supervisor, act):
    with pytest.raises(errors.BadInputError, match="请写"):
        do(act, handled.number, supervisor, MONDAY, text=" ")
