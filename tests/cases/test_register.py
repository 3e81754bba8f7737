"""台账补录: rows become cases with their own moments, once, and keep what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from cases import errors
from cases.models import Case, CaseText, Event, Party, Rating, RegisterEntry, Share
from cases.rules.flow import State
from cases.selectors.chain import faults
from cases.selectors.queues import to_call_back
from cases.selectors.register import alike, entered
from cases.selectors.register_lines import Scope, clear_lines
from cases.services.erasing import erase_case
from cases.services.register import identity_of
from tests.cases.paper import APRIL, MARCH, SOURCE, enter
from tests.conftest import MONDAY


def test_a_closed_row_is_told_by_its_own_events_at_its_own_moments(paper, supervisor):
    case = Case.objects.get(pk=enter(paper, supervisor).pk)
    assert case.number.startswith("260325")
    assert (case.state, case.outcome, case.submitted_at, case.closed_at) == (
        State.CLOSED.value,
        "done",
        MARCH,
        APRIL,
    )
    told = list(
        Event.objects.filter(case=case).order_by("version").values_list("kind", "happened_at", "role")
    )
    early = ["registered", "accepted", "dispatched", "dispatched"]
    late = ["answered", "answered", "published", "closed", "rated"]
    assert told == [(kind, MARCH, "registrar") for kind in early] + [
        (kind, APRIL, "registrar") for kind in late
    ]
    assert all(
        event.data["paper"] and event.recorded_at == MONDAY for event in Event.objects.filter(case=case)
    )
    assert Rating.objects.get(case=case).source == "register"
    assert list(faults([case.number])) == []
    assert to_call_back(supervisor).rows == []


def test_the_same_row_comes_in_once_however_it_was_typed(paper, supervisor):
    case = enter(paper, supervisor)
    again = replace(paper, statement=" 女儿的户口，一直挂在我弟弟那一户 想迁过来跟我 ", handling="另一句话")
    assert entered([identity_of(again)]) == {identity_of(again): case.number}
    with pytest.raises(errors.AlreadyEnteredError) as caught:
        enter(again, supervisor)
    assert caught.value.number == case.number
    assert (Case.objects.count(), RegisterEntry.objects.count(), Share.objects.count()) == (1, 1, 2)


def test_two_people_with_few_and_equal_words_are_two_cases(paper, supervisor):
    first = replace(paper, statement="社保卡不能用", phone="")
    second = replace(first, registered_at=MARCH + timedelta(days=3))
    assert enter(first, supervisor).number != enter(second, supervisor).number


def test_a_terse_row_is_the_same_whatever_zone_its_moment_is_told_in(paper):
    late = MARCH.replace(hour=5)  # the day before in UTC
    terse = replace(paper, statement="社保卡不能用", registered_at=late)
    assert identity_of(terse) == identity_of(replace(terse, registered_at=late.astimezone(UTC)))
    assert identity_of(terse) != identity_of(replace(terse, registered_at=late + timedelta(days=1)))


def test_an_open_row_stays_open_with_what_was_done_so_far(paper, supervisor, clerk):
    open_row = replace(paper, outcome=None, closed_at=None, grade=None)
    case = enter(open_row, supervisor)
    assert case.state == State.HANDLING.value
    assert CaseText.objects.filter(case=case, purpose="instruction").count() == 1
    assert set(Share.objects.filter(case=case).values_list("signed_at", "answered_at")) == {(None, None)}


def test_a_row_that_the_window_had_alone_needs_no_department(paper, supervisor):
    alone = replace(paper, lead_id=None, co_ids=())
    closed = enter(alone, supervisor)
    waiting = enter(
        replace(alone, statement="还没有转给任何部门的一件事情。", outcome=None, closed_at=None, grade=None),
        supervisor,
    )
    assert (closed.state, waiting.state) == (State.CLOSED.value, State.ACCEPTED.value)
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"closed_at": None},
        {"outcome": None},
        {"closed_at": MARCH - timedelta(days=1)},
        {"registered_at": MONDAY + timedelta(days=1)},
        {"grade": 6},
    ],
)
def test_a_row_that_cannot_be_true_is_refused_and_leaves_nothing(paper, supervisor, changes):
    with pytest.raises(errors.BadInputError):
        enter(replace(paper, **changes), supervisor)
    assert not Case.objects.exists()


def cells_for(actor) -> list[dict[str, str]]:
    scope = Scope(MARCH - timedelta(days=1), MONDAY)
    return [dict(line.cells) for batch in clear_lines(actor, scope) for line in batch]


def test_every_cell_is_kept_sealed_and_gone_after_an_erasure(paper, supervisor, dongqu):
    case = enter(paper, supervisor)
    assert cells_for(supervisor) == [dict(SOURCE.cells)]
    assert cells_for(dongqu) == []  # another hall's
    assert "孔" not in str(RegisterEntry.objects.values())
    erase_case(basis="consent_withdrawn", number=case.number, actor=supervisor, now=MONDAY)
    assert cells_for(supervisor) == [{}]
    with pytest.raises(errors.AlreadyEnteredError):
        enter(paper, supervisor)  # what was erased does not come back with the next import


def test_a_case_of_the_same_person_and_matter_is_found_by_what_it_says(paper, supervisor):
    case = enter(paper, supervisor)
    within = timedelta(days=3)
    (found,) = alike("13000000017", paper.matter_id, MARCH + timedelta(hours=2), within)
    assert (found.number, found.statement) == (case.number, paper.statement)
    assert alike("13000000017", paper.matter_id, MARCH + timedelta(days=9), within) == []
    assert alike("", paper.matter_id, MARCH, within) == []


def test_a_row_without_telephone_leaves_no_empty_index(paper, supervisor):
    enter(replace(paper, phone=""), supervisor)
    assert Party.objects.get().phone_index is None
