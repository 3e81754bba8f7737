"""One case stands still for a publication, ends by itself, is extended and at last runs over time (policy.md F1, F3, F4).

复杂, five working days from Monday 23 November 2026: two are used when it is suspended on Wednesday, three are left.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.errors import CaseError
from cases.models import Case, Event, Suspension
from cases.rules.classes import Difficulty, SuspensionReason
from cases.rules.flow import Act, State
from cases.selectors.chain import faults
from cases.services.coordinating import extend_case
from cases.services.suspending import suspend_case
from escalation.models import Card, Clock
from escalation.selectors.cards import recomputed
from escalation.selectors.changing import changing
from escalation.selectors.pauses import latest_end
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from tests.cases.every_act import do
from tests.conftest import SHANGHAI, Filing

DAY = timedelta(days=1)


def moment(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


START = moment(11, 23, 9, 30)


@pytest.fixture
def still(city, clerk, shijian, supervisor) -> Case:
    """Accepted as 复杂, dispatched, signed and talked about on Monday; suspended on Wednesday until Friday of next week."""
    case = Filing()(State.FILED, now=START)
    do(Act.ACCEPT, case.number, clerk, START, difficulty=Difficulty.COMPLEX)
    do(Act.DISPATCH, case.number, clerk, START)
    do(Act.SIGN, case.number, shijian, START + timedelta(hours=1))
    do(Act.CONTACT, case.number, shijian, START + timedelta(hours=2))
    at = moment(11, 25, 10)
    return suspend_case(
        number=case.number,
        reason=SuspensionReason.PUBLICITY,
        planned_end=date(2026, 12, 4),
        latest_end=latest_end(at.date(), at),
        text="岐公示〔2026〕31号，公示七个工作日。",
        actor=supervisor,
        now=at,
    )


def due(case: Case, obligation: str = "case") -> datetime:
    found: datetime = Clock.objects.get(case=case, obligation=obligation).due_at
    return found


def cards(case: Case) -> list[tuple[str, datetime]]:
    return list(Card.objects.filter(case=case).order_by("at").values_list("colour", "at"))


def every_day(until: datetime) -> None:
    """Sweep on each morning and evening."""
    at = moment(11, 25, 12)
    while at < until:
        sweep(now=at)
        at += DAY / 2


def test_the_days_that_were_used_stay_used_and_the_rest_run_from_the_next_working_day(still):
    assert due(still) == due(still, "answer") == moment(12, 9, 17, 30)


def test_while_it_stands_still_nobody_is_carded_and_it_ends_by_itself_at_its_true_instant(still):
    every_day(moment(12, 7))
    assert cards(still) == []
    ended = Event.objects.get(case=still, kind="resumed")
    assert (ended.happened_at, ended.role, ended.data["by_itself"]) == (moment(12, 5, 0), "system", True)
    assert Suspension.objects.get(case=still).ended_on == date(2026, 12, 4)
    assert due(still) == moment(12, 9, 17, 30)


def test_extended_in_time_it_earns_its_cards_after_the_new_end_and_they_compute_again(still, supervisor):
    now = moment(12, 7, 10)
    every_day(now)
    may = changing(still.pk)
    extend_case(
        number=still.number,
        days=3,
        reason="检测机构 12 月 10 日才能出结果，已电话告诉反映人。",
        most_days=may.most_days,
        until=may.extend_until,
        due_at=may.due_at,
        actor=supervisor,
        now=now,
    )
    assert due(still) == moment(12, 14, 17, 30)
    every_day(moment(12, 20))
    assert cards(still) == [
        ("blue", moment(12, 11, 8, 30)),
        ("yellow", moment(12, 15, 8, 30)),
        ("red", moment(12, 18, 8, 30)),
    ]
    assert all(recomputed(card.pk).same for card in Card.objects.all())
    assert Card.objects.get(colour="red").evidence["extended_days"] == 3
    assert Card.objects.get(colour="red").evidence["pauses"] == [["2026-11-25", "2026-12-04", "publicity"]]


def test_without_sweeps_until_the_end_the_same_cards_are_issued(still):
    sweep(now=moment(12, 20))
    late = cards(still)
    assert late == [
        ("blue", moment(12, 8, 8, 30)),
        ("yellow", moment(12, 10, 8, 30)),
        ("red", moment(12, 15, 8, 30)),
    ]
    assert all(recomputed(card.pk).same for card in Card.objects.all())


def test_a_suspension_after_the_breach_is_recorded_and_removes_no_card(city, clerk, supervisor):
    case = Filing()(State.HANDLING, now=START)  # 一般: due on Thursday, yellow on Friday
    sweep(now=moment(11, 27, 9))
    before = cards(case)
    assert ("yellow", moment(11, 27, 8, 30)) in before
    suspend_case(
        number=case.number,
        reason=SuspensionReason.UPSTREAM,
        planned_end=date(2026, 12, 11),
        latest_end=latest_end(date(2026, 11, 25), moment(11, 27, 10)),
        text="省系统停机通告。",
        actor=supervisor,
        now=moment(11, 27, 10),
        happened_at=moment(11, 25, 10),
    )
    assert due(case) == moment(11, 26, 17, 30)
    sweep(now=moment(12, 11, 12))
    assert [card for card in cards(case) if card[0] == "red"] == []
    assert all(recomputed(card.pk).same for card in Card.objects.filter(case=case))


def test_folding_everything_again_changes_nothing_and_every_chain_holds(still):
    every_day(moment(12, 20))
    before = list(Clock.objects.order_by("id").values_list())
    assert sum(done.written + done.removed for done in refold_all()) == 0
    assert list(Clock.objects.order_by("id").values_list()) == before
    assert list(faults()) == []


def test_a_second_suspension_over_the_first_is_refused_in_words(still, supervisor):
    with pytest.raises(CaseError, match="中止"):
        suspend_case(
            number=still.number,
            reason=SuspensionReason.UPSTREAM,
            planned_end=date(2026, 12, 11),
            latest_end=date(2026, 12, 31),
            text="又一个原因。",
            actor=supervisor,
            now=moment(11, 26),
        )
