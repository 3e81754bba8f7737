"""Suspensions: what is refused, what stands in the rows, and that the end of a case ends them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cases.errors import BadInputError, IllegalMoveError, NotAllowedError
from cases.models import CaseText, Event, Suspension
from cases.rules.classes import SuspensionReason
from cases.rules.flow import Act, State
from cases.services.suspending import renew_suspension, resume_case, suspend_case
from tests.cases.every_act import do, market, registry
from tests.conftest import MONDAY

DAY = timedelta(days=1)
LATEST = date(2026, 12, 21)
END = date(2026, 12, 4)


@pytest.fixture
def case(case_in):
    return case_in(State.HANDLING)


@pytest.fixture
def suspend(case, supervisor):
    def act(**changes):
        values = {
            "number": case.number,
            "actor": supervisor,
            "now": MONDAY + DAY,
            "reason": SuspensionReason.UPSTREAM,
            "planned_end": END,
            "latest_end": LATEST,
            "text": "省局〔2026〕12号请示。",
        }
        return suspend_case(**{**values, **changes})

    return act


def test_a_suspension_is_an_event_a_row_and_a_sealed_text(case, suspend):
    suspend()
    event = Event.objects.get(case=case, kind="suspended")
    assert event.share_id is None
    assert {k: event.data[k] for k in ("reason", "from_on", "planned_end", "cause")} == {
        "reason": "upstream",
        "from_on": "2026-11-24",
        "planned_end": "2026-12-04",
        "cause": None,
    }
    row = Suspension.objects.get(case=case)
    assert (row.version, row.from_on, row.planned_end, row.ended_on) == (
        event.version,
        date(2026, 11, 24),
        END,
        None,
    )
    assert "省局" not in str(event.data)
    assert CaseText.objects.get(case=case, purpose="suspension").version == event.version


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"planned_end": date(2026, 11, 24)}, "planned_end", "计划结束日期要晚于 2026年11月24日。"),
        ({"planned_end": LATEST + DAY}, "planned_end", "最晚到 2026年12月21日"),
        ({"happened_at": MONDAY - DAY}, "happened_at", "不能早于"),
        (
            {"happened_at": MONDAY, "planned_end": date(2026, 11, 24), "now": MONDAY + 3 * DAY},
            "planned_end",
            "已经过了",
        ),
        ({"text": "  "}, "text", "依据"),
        ({"department_id": 999_999}, "department", "请选择还没有答复的承办部门。"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_a_sentence(suspend, changes, field, message):
    with pytest.raises(BadInputError, match=message) as refused:
        suspend(**changes)
    assert refused.value.field == field
    assert not Suspension.objects.exists()


def test_the_same_thing_does_not_stand_still_twice_but_a_share_may_beside_its_case(case, suspend, supervisor):
    suspend()
    with pytest.raises(IllegalMoveError, match=r"已经在中止计时，到 2026年12月4日"):
        suspend(now=MONDAY + 2 * DAY)
    suspend(department_id=market())
    of = Suspension.objects.get(share=None).version
    resume_case(of=of, number=case.number, actor=supervisor, now=MONDAY + 3 * DAY)
    with pytest.raises(BadInputError, match="上一次中止计时以内"):
        suspend(now=MONDAY + 4 * DAY, happened_at=MONDAY + 2 * DAY)
    suspend(now=MONDAY + 4 * DAY, happened_at=MONDAY + 3 * DAY)


def test_a_share_stands_still_from_its_dispatch_at_the_earliest(case, suspend, supervisor):
    do(
        Act.REDISPATCH,
        case.number,
        supervisor,
        MONDAY + 2 * DAY,
        department_id=registry(),
    )
    with pytest.raises(BadInputError, match="不能早于转办的时间"):
        suspend(now=MONDAY + 3 * DAY, happened_at=MONDAY + DAY, department_id=registry())


def test_a_renewal_moves_the_planned_end_and_an_end_that_passed_cannot_be_moved(case, suspend, supervisor):
    suspend()
    row = Suspension.objects.get()
    asked = {"of": row.version, "number": case.number, "actor": supervisor, "text": "省局还没有答复。"}
    later = END + 7 * DAY
    with pytest.raises(BadInputError, match="要晚于 2026年12月4日"):
        renew_suspension(planned_end=END, latest_end=LATEST, now=MONDAY + 2 * DAY, **asked)
    renew_suspension(planned_end=later, latest_end=LATEST, now=MONDAY + 2 * DAY, **asked)
    row.refresh_from_db()
    assert row.planned_end == later
    assert Event.objects.get(kind="renewed").data["of"] == row.version
    with pytest.raises(IllegalMoveError, match="已经结束"):
        renew_suspension(planned_end=LATEST, latest_end=LATEST, now=MONDAY + 20 * DAY, **asked)


def test_time_runs_again_from_the_day_that_is_said_not_before_the_start(case, suspend, supervisor):
    suspend()
    row = Suspension.objects.get()
    asked = {"of": row.version, "number": case.number, "actor": supervisor, "now": MONDAY + 4 * DAY}
    with pytest.raises(BadInputError, match="不能早于开始中止的时间"):
        resume_case(happened_at=MONDAY, **asked)
    resume_case(happened_at=MONDAY + 3 * DAY, **asked)
    row.refresh_from_db()
    assert row.ended_on == date(2026, 11, 26)
    assert {k: Event.objects.get(kind="resumed").data[k] for k in ("of", "ended_on", "by_itself")} == {
        "of": row.version,
        "ended_on": "2026-11-26",
        "by_itself": False,
    }
    with pytest.raises(IllegalMoveError):
        resume_case(**asked)


@pytest.mark.parametrize("acts", [(Act.WITHDRAW,), (Act.ANSWER, Act.PUBLISH, Act.CLOSE)])
def test_the_end_of_a_case_ends_what_stands_still_without_a_word(case, suspend, clerk, shijian, acts):
    suspend()
    suspend(department_id=market())
    for act in acts:
        do(act, case.number, shijian if act is Act.ANSWER else clerk, MONDAY + 3 * DAY)
    assert set(Suspension.objects.values_list("ended_on", flat=True)) == {
        timezone.localdate(MONDAY + 3 * DAY)
    }
    assert not Event.objects.filter(kind="resumed").exists()


def test_the_window_lets_no_time_stand_still(suspend, clerk):
    with pytest.raises(NotAllowedError):
        suspend(actor=clerk)


def test_nothing_is_booked_as_of_a_moment_to_come(case, suspend, supervisor):
    with pytest.raises(BadInputError, match="时间不能晚于现在。") as refused:
        suspend(happened_at=MONDAY + 5 * DAY)
    assert refused.value.field == "happened_at"
    suspend()
    with pytest.raises(BadInputError, match="时间不能晚于现在。"):
        do(Act.RESUME, case.number, supervisor, MONDAY + 2 * DAY, happened_at=MONDAY + 3 * DAY)


@pytest.mark.parametrize("name", ["case", "share"])
def test_an_answer_ends_what_stands_still_for_its_share_alone(case, suspend, shijian, name):
    suspend(department_id=market() if name == "share" else None)
    do(Act.ANSWER, case.number, shijian, MONDAY + 3 * DAY)
    ended_on = Suspension.objects.get().ended_on
    assert ended_on == (timezone.localdate(MONDAY + 3 * DAY) if name == "share" else None)
    assert not Event.objects.filter(kind="resumed").exists()


def test_what_no_sweep_has_ended_yet_ends_at_its_planned_end(case, suspend, shijian):
    suspend(department_id=market())
    do(Act.ANSWER, case.number, shijian, MONDAY + 14 * DAY)
    assert Suspension.objects.get().ended_on == END


def test_a_share_that_is_to_answer_again_may_stand_still_again(case, suspend, clerk, shijian):
    suspend(department_id=market())
    do(Act.ANSWER, case.number, shijian, MONDAY + 3 * DAY)
    do(Act.SEND_BACK, case.number, clerk, MONDAY + 4 * DAY)
    suspend(department_id=market(), now=MONDAY + 4 * DAY)
    assert Suspension.objects.filter(ended_on=None).count() == 1
