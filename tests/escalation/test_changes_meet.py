"""Changes meet acts, sweeps, one another and bad cases: nothing is left on an old version, nothing ends in a traceback."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from threading import Event as Signal

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from cases.errors import BusyError
from cases.models import Event
from cases.rules.flow import Act, State
from cases.rules.kinds import Kind
from cases.selectors.chain import faults
from escalation.models import Card, CardDoubt, Change, Clock, RuleVersion
from escalation.rules.calendar import CalendarError
from escalation.rules.contents import with_days
from escalation.rules.holiday_notices import Layer, NoticeDay
from escalation.selectors.calendars import content_of
from escalation.services import weighing
from escalation.services.applying import begin_due, carry_out
from escalation.services.calendars import save_city_hours, save_content
from escalation.services.changes import adopt_calendar, confirm, propose_calendar, propose_rules
from escalation.services.national import default_rules
from escalation.services.packages import next_rules
from escalation.services.sweep import sweep
from escalation.services.working import take_up
from tests.cases.every_act import do
from tests.conftest import MONDAY, Filing, actor_named, seed_city
from tests.escalation.test_races import together

DAY = timedelta(days=1)
SAID = {"title": "改动", "basis": "岐三防〔2026〕8号", "note": "", "by_name": "卓一鸣"}


def storm(*numbers: int):
    days = [NoticeDay((MONDAY + n * DAY).date(), True, "台风停工") for n in numbers or (1, 2)]
    return with_days(content_of(), Layer.CITY, None, days, "岐三防〔2026〕8号")


def proposed(*numbers: int) -> Change:
    return propose_calendar(storm(*numbers), **SAID, actor=actor_named("admin"), now=MONDAY)


def confirmed(change: Change, by: str = "admin") -> Change:
    return confirm(change.pk, actor=actor_named(by), by_name="卓一鸣", now=MONDAY)


def rules_proposed() -> Change:
    document = next_rules(
        default_rules(), effective_from=(MONDAY + DAY).date(), basis="岐", today=MONDAY.date()
    )
    asked = {"actor": actor_named("admin"), "now": MONDAY}
    return propose_rules(document, apply_to_open=True, **SAID, **asked)


@pytest.mark.django_db(transaction=True)
def test_a_case_filed_while_the_calendar_is_confirmed_is_not_left_on_the_old_one():
    seed_city()
    Filing()(State.HANDLING)
    change, filed, listed = proposed(), Signal(), Signal()

    def file() -> None:
        with transaction.atomic():
            Filing()(State.HANDLING)
            filed.set()
            listed.wait(1)  # a batch that does not wait for this case is over by then

    def apply() -> None:
        assert filed.wait(20)
        confirmed(change)
        assert carry_out(change.pk, clock=lambda: MONDAY)
        listed.set()

    together([file, apply])
    assert not Clock.objects.filter(stopped_at=None, calendar_version=1).exists()
    assert Clock.objects.filter(obligation="case").count() == 2
    connection.close()


@pytest.mark.parametrize("error", [ValueError, DataError, IntegrityError])
def test_a_bad_case_is_passed_over_counted_and_done_later(case_in, monkeypatch, error):
    good, bad, also = (case_in(State.HANDLING) for _ in range(3))
    change, real = confirmed(proposed()), weighing._weigh_one

    def broken(case_id, *given):
        if case_id == bad.pk:
            raise error(case_id)
        return real(case_id, *given)

    monkeypatch.setattr(weighing, "_weigh_one", broken)
    take_up(clock=lambda: MONDAY)
    change.refresh_from_db()
    assert (change.state, change.done, change.total, change.counts["errors"]) == ("applied", 3, 3, 1)
    assert change.counts["cases"] == 2
    of_bad = Clock.objects.filter(case=bad, stopped_at=None)
    assert set(of_bad.values_list("calendar_version", flat=True)) == {1}
    monkeypatch.undo()
    again = adopt_calendar(by_name="卓一鸣", now=MONDAY)
    carry_out(again.pk, clock=lambda: MONDAY)
    assert not Clock.objects.filter(stopped_at=None, calendar_version=1).exists()
    assert list(faults([case.number for case in (good, bad, also)])) == []


def test_a_deadlock_passes_over_no_case(case_in, monkeypatch):
    case_in(State.HANDLING)
    change = confirmed(proposed())
    with monkeypatch.context() as broken:
        broken.setattr(weighing, "_weigh_one", lambda *given: operational())
        take_up(clock=lambda: MONDAY)
    change.refresh_from_db()
    assert (change.state, change.done) == ("applying", 0)
    take_up(clock=lambda: MONDAY + timedelta(minutes=1))
    change.refresh_from_db()
    assert (change.state, change.done, change.counts["errors"]) == ("applied", 1, 0)


def operational() -> None:
    raise OperationalError("deadlock detected")


def test_a_calendar_that_is_brought_again_lists_no_card_twice(case_in, shijian):
    spared, other = case_in(State.HANDLING), case_in(State.HANDLING)
    now = MONDAY + 4 * DAY
    sweep(now=now)
    do(Act.ANSWER, spared.number, shijian, now)
    change = propose_calendar(storm(), **SAID, actor=actor_named("admin"), now=now)
    confirm(change.pk, actor=actor_named("admin"), by_name="卓一鸣", now=now)
    carry_out(change.pk, clock=lambda: now)
    listed = set(CardDoubt.objects.filter(case=spared).values_list("pk", flat=True))
    assert CardDoubt.objects.filter(case=spared, obligation="answer", why="gone").exists()
    Clock.objects.filter(case=other, stopped_at=None).update(calendar_version=1)  # passed over
    again = adopt_calendar(by_name="卓一鸣", now=now)
    assert carry_out(again.pk, clock=lambda: now)
    assert set(CardDoubt.objects.filter(case=spared).values_list("pk", flat=True)) == listed
    again.refresh_from_db()
    assert (again.state, again.done, again.counts["gone"]) == ("applied", again.total, 0)


@pytest.mark.django_db(transaction=True)
def test_several_who_apply_at_once_do_each_case_once():
    seed_city()
    filing = Filing()
    cases = [filing(State.HANDLING) for _ in range(6)]
    change = confirmed(proposed())
    together([lambda: carry_out(change.pk, clock=lambda: MONDAY, batch=1)] * 4)
    change.refresh_from_db()
    assert (change.state, change.done, change.total) == ("applied", 6, 6)
    assert Event.objects.filter(kind=Kind.CALENDAR_APPLIED.value).count() == change.counts["cases"] == 6
    assert list(faults([case.number for case in cases])) == []
    connection.close()


def test_what_closes_while_a_batch_is_cut_off_leaves_it_complete(case_in, clerk):
    cases = [case_in(State.REPLIED) for _ in range(4)]
    change, steps = confirmed(proposed()), count()

    def clock():
        if next(steps) == 2:
            raise KeyboardInterrupt
        return MONDAY

    with pytest.raises(KeyboardInterrupt):
        carry_out(change.pk, clock=clock, batch=1)
    change.refresh_from_db()
    assert (change.done, change.total) == (2, 4)
    do(Act.CLOSE, cases[3].number, clerk, MONDAY + timedelta(minutes=1))
    Clock.objects.filter(case=cases[3], stopped_at=None).delete()  # nothing of it runs any more
    carry_out(change.pk, clock=lambda: MONDAY + timedelta(minutes=2))
    change.refresh_from_db()
    assert (change.state, change.done, change.total) == ("applied", 3, 3)


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_save_one_package_and_the_other_is_told_in_words():
    seed_city()
    changes, told = [rules_proposed(), rules_proposed()], []

    def approve(change: Change):
        def act() -> None:
            try:
                confirmed(change, "supervisor")
            except CalendarError as error:
                told.append(str(error))

        return act

    together([approve(change) for change in changes])
    assert RuleVersion.objects.count() == 2
    assert told == ["提出以后已经有了第 2 版规则，请从新的一版重新提出。"]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_who_adopt_at_once_begin_one_batch():
    seed_city()
    Filing()(State.HANDLING)
    save_city_hours([["09:00", "12:00"], ["13:00", "17:00"]], source="s", entered_by="x", now=MONDAY)
    told = []

    def adopt() -> None:
        try:
            adopt_calendar(by_name="卓一鸣", now=MONDAY)
        except BusyError as error:
            told.append(str(error))

    together([adopt] * 4)
    assert Change.objects.filter(state="applying").count() == 1
    assert all(one.startswith("另一项改动正在适用") for one in told)
    connection.close()


def test_no_calendar_is_saved_while_another_reaches_open_cases(case_in):
    case_in(State.HANDLING)
    confirmed(proposed())
    with pytest.raises(CalendarError, match="另一项改动正在适用"):
        save_content(storm(3), source="s", entered_by="x", now=MONDAY)
    with pytest.raises(BusyError):
        confirmed(rules_proposed(), "supervisor")


def test_a_sweep_an_act_and_a_closing_between_confirming_and_applying_change_nothing_of_the_end(
    case_in, clerk
):
    cases = [case_in(State.HANDLING) for _ in range(3)] + [case_in(State.REPLIED)]
    change = confirmed(proposed())
    sweep(now=MONDAY + timedelta(minutes=1))
    do(Act.CLOSE, cases[3].number, clerk, MONDAY + timedelta(minutes=2))
    do(Act.SUPPLEMENT, cases[0].number, clerk, MONDAY + timedelta(minutes=3))
    assert carry_out(change.pk, clock=lambda: MONDAY + timedelta(minutes=4))
    change.refresh_from_db()
    assert (change.state, change.done) == ("applied", change.total)
    assert set(Clock.objects.filter(stopped_at=None).values_list("calendar_version", flat=True)) == {2}
    assert not Card.objects.exists()
    assert list(faults([case.number for case in cases])) == []


def test_one_that_is_being_applied_is_not_starved_by_previews_that_fail(case_in, monkeypatch):
    case_in(State.HANDLING)
    failing = [proposed(n) for n in range(3, 10)]
    Change.objects.update(previewed_at=None, worked_at=None)
    change = proposed()
    monkeypatch.setattr("escalation.services.working.show_effect", lambda *given, **more: 1 / 0)
    confirmed(change)
    take_up(clock=lambda: MONDAY)
    change.refresh_from_db()
    assert change.state == "applied"
    assert {one.state for one in Change.objects.filter(pk__in=[one.pk for one in failing])} == {"proposed"}


def test_one_that_begins_while_another_does_waits_its_turn(case_in):
    case_in(State.HANDLING)
    waiting = confirmed(rules_proposed(), "supervisor")
    confirmed(proposed())
    begin_due(now=MONDAY + DAY)
    waiting.refresh_from_db()
    assert waiting.state == "approved"
    take_up(clock=lambda: MONDAY + DAY)
    take_up(clock=lambda: MONDAY + DAY + timedelta(minutes=1))
    waiting.refresh_from_db()
    assert waiting.state == "applied"
