"""A change of the calendar says beforehand what it does, does that, and issues no card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.errors import BusyError, NotAllowedError
from cases.models import Event, Hall
from cases.rules.classes import Difficulty
from cases.rules.flow import Act, State
from cases.rules.kinds import Kind
from cases.selectors.chain import faults
from escalation.models import Card, CardDoubt, Change, Clock
from escalation.rules.calendar import CalendarError
from escalation.rules.contents import CalendarContent, with_days, with_notice
from escalation.rules.holiday_notices import HolidayNotice, Layer, NoticeDay, parse_csv
from escalation.rules.hours import HoursPeriod, Session
from escalation.selectors.calendars import content_of
from escalation.services.applying import carry_out
from escalation.services.changes import adopt_calendar, confirm, drop, propose_calendar
from escalation.services.fold import fold_cases
from escalation.services.previewing import Preview, preview_calendar
from escalation.services.sweep import sweep
from escalation.services.working import take_up
from tests.cases.every_act import do
from tests.conftest import MONDAY, SHANGHAI, Filing, actor_named
from tests.escalation.crowd import AS_OF, gather
from tests.noticed import load_notice

DOCUMENT = "岐三防〔2026〕8号"
DAY = timedelta(days=1)


@pytest.fixture
def crowd(city) -> list[int]:
    return [case.pk for case in gather()]


def off(
    *days: date, layer: Layer = Layer.CITY, hall_id: int | None = None, is_off: bool = True
) -> CalendarContent:
    rows = [NoticeDay(day, is_off, "台风停工") for day in days]
    return with_days(content_of(), layer, hall_id, rows, DOCUMENT)


def rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM escalation_clock ORDER BY id")
        return cursor.fetchall()


def apply(content: CalendarContent, *, now=AS_OF, **given) -> Change:
    """Propose, confirm and carry out, all at `now`."""
    actor = actor_named("admin")
    asked = {"actor": actor, "by_name": "卓一鸣", "now": now}
    change = propose_calendar(content, title="台风停工", basis=DOCUMENT, note="", **asked)
    confirm(change.pk, **asked)
    assert carry_out(change.pk, clock=lambda: now, **given)
    change.refresh_from_db()
    return change


def happened(preview: Preview, change: Change) -> None:
    """What was said beforehand is what came about: numbers, lines and cards in question."""
    assert change.counts == preview.tally.as_json()
    told = {
        (event.case_id, *line)
        for event in Event.objects.filter(
            kind=Kind.CALENDAR_APPLIED.value, data__calendar_version=change.version
        )
        for line in event.data["moved"]
    }
    assert told == {
        (
            one.case_id,
            one.key.obligation.value,
            one.key.share_id,
            one.key.run,
            one.old_due_at.astimezone(AS_OF.tzinfo).isoformat(),
            one.new_due_at.astimezone(AS_OF.tzinfo).isoformat(),
        )
        for one in preview.moved
    }
    listed = CardDoubt.objects.filter(change=change).values_list(
        "case_id", "why", "obligation", "share_id", "signal"
    )
    assert sorted(listed, key=str) == sorted(
        (
            (
                one.case_id,
                one.why.value,
                one.mark.key.obligation.value,
                one.mark.key.share_id,
                one.mark.signal.value,
            )
            for one in preview.doubts
        ),
        key=str,
    )


contents = st.lists(
    st.tuples(
        st.sampled_from(["city", "hall", "hours", "notice"]),
        st.dates(date(2026, 11, 5), date(2027, 1, 20)),
        st.integers(0, 4),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


def edited(edits) -> CalendarContent:
    """A calendar after some edits."""
    content = content_of()
    hall_id = Hall.objects.get(code="H01").pk
    for kind, first, more, is_off in edits:
        days = [NoticeDay(first + n * DAY, is_off, "台风停工") for n in range(more + 1)]
        if kind == "city":
            content = with_days(content, Layer.CITY, None, days, DOCUMENT)
        elif kind == "hall":
            content = with_days(content, Layer.HALL, hall_id, days, DOCUMENT)
        elif kind == "notice" and 2027 not in content.notices:
            new_year = NoticeDay(date(2027, 1, 1), True, "元旦")
            notice = HolidayNotice(Layer.NATIONAL, "", 2027, "国办发明电〔2026〕1号", (new_year,))
            content = with_notice(content, notice)
        elif kind == "hours":
            sessions = (Session(time(9), time(12)), Session(time(13 + more % 2), time(17, 0)))
            content = replace(content, hours={**content.hours, hall_id: (HoursPeriod(None, None, sessions),)})
    return content


def test_what_is_previewed_is_what_applying_comes_to(crowd):
    """Whatever is edited: the same numbers, lines and cards; all clocks as the fold alone has them; chains whole; no card."""

    @given(edits=contents)
    @settings(
        max_examples=40, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate]
    )
    def holds(edits) -> None:
        with transaction.atomic():
            content = edited(edits)
            cards = Card.objects.count()
            preview = preview_calendar(content, now=AS_OF)
            change = apply(content, batch=7)
            happened(preview, change)
            after = rows()
            fold_cases(crowd, open_at=AS_OF)
            assert rows() == after
            running = Clock.objects.filter(stopped_at__isnull=True)
            assert set(running.values_list("calendar_version", flat=True)) == {change.version}
            sweep(now=AS_OF)
            assert Card.objects.count() == cards
            transaction.set_rollback(True)

    holds()


def test_a_notice_of_the_next_year_settles_what_was_provisional(city):
    case = Filing()(State.FILED, now=datetime(2026, 12, 28, 10, tzinfo=SHANGHAI))
    do(Act.ACCEPT, case.number, actor_named("clerk"), case.submitted_at, difficulty=Difficulty.COMPLEX)
    new_year = (NoticeDay(date(2027, 1, 1), True, "元旦"), NoticeDay(date(2027, 1, 2), True, "元旦"))
    notice = HolidayNotice(Layer.NATIONAL, "", 2027, "国办发明电〔2026〕1号", new_year)
    content, now = with_notice(content_of(), notice), case.submitted_at + DAY
    preview = preview_calendar(content, now=now)
    assert (preview.tally.settled, preview.tally.clocks) == (1, 0)
    change = apply(content, now=now)
    assert change.counts == preview.tally.as_json()
    assert not Clock.objects.get(case=case, obligation="case").provisional
    assert not Event.objects.filter(case=case, kind=Kind.CALENDAR_APPLIED.value).exists()


def test_a_right_that_has_not_lapsed_moves_and_one_that_has_does_not(city):
    running, lapsed = Filing()(State.HANDLING, now=MONDAY), Filing()(State.HANDLING, now=MONDAY - 7 * DAY)
    before = Clock.objects.get(case=lapsed, obligation="return").due_at
    apply(off(date(2026, 11, 24), date(2026, 11, 17)), now=MONDAY)
    right = Clock.objects.get(case=running, obligation="return")
    assert right.due_at == right.stopped_at == datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)
    assert Clock.objects.get(case=lapsed, obligation="return").due_at == before


def test_a_share_that_was_answered_keeps_its_end_when_its_case_moves_on(case_in):
    case = case_in(State.ANSWERED)
    before = Clock.objects.get(case=case, obligation="answer")
    apply(off(date(2026, 11, 24)), now=MONDAY + timedelta(hours=1))
    after = Clock.objects.get(case=case, obligation="answer")
    assert (after.due_at, after.red_at, after.calendar_version) == (before.due_at, before.red_at, 1)
    assert Clock.objects.get(case=case, obligation="case").due_at == before.due_at + DAY


def test_a_card_that_the_storm_would_have_spared_is_listed_and_stands(city):
    """A storm declared afterwards: the yellow of Friday would not have been due; nobody takes it back but a person."""
    case = Filing()(State.HANDLING, now=MONDAY)
    now = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)
    sweep(now=now)
    yellow = Card.objects.get(case=case, obligation="answer", signal="overdue")
    change = apply(off(date(2026, 11, 25), date(2026, 11, 26)), now=now)
    doubt = CardDoubt.objects.get(card=yellow)
    assert (doubt.why, doubt.colour, doubt.change_id) == ("gone", "yellow", change.pk)
    assert (doubt.old_at, doubt.new_at) == (yellow.at, datetime(2026, 12, 1, 8, 30, tzinfo=SHANGHAI))
    sweep(now=datetime(2026, 12, 1, 9, tzinfo=SHANGHAI))
    assert Card.objects.filter(case=case, obligation="answer", signal="overdue").count() == 1


def test_a_stopped_clock_keeps_its_calendar_and_its_card_is_listed_once(city):
    case = Filing()(State.HANDLING, now=MONDAY)
    now = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)
    sweep(now=now)
    do(Act.ANSWER, case.number, actor_named("shijian"), now)
    apply(off(date(2026, 11, 25), date(2026, 11, 26)), now=now)
    assert [doubt.why for doubt in CardDoubt.objects.filter(case=case, obligation="answer")] == ["gone"]
    assert Clock.objects.get(case=case, obligation="answer").calendar_version == 1
    again = apply(off(date(2026, 11, 24)), now=now)
    assert not CardDoubt.objects.filter(change=again, obligation="answer").exists()


def test_a_day_that_works_after_all_makes_a_card_late_that_no_sweep_issues(city):
    """A Saturday is worked: what was due Monday was due on Saturday; its yellow lies in the past and is put to a person."""
    case = Filing()(State.HANDLING, now=datetime(2026, 11, 25, 10, tzinfo=SHANGHAI))
    now = datetime(2026, 12, 1, 8, 0, tzinfo=SHANGHAI)
    sweep(now=now)
    assert not Card.objects.filter(case=case, obligation="answer", signal="overdue").exists()
    apply(off(date(2026, 11, 28), is_off=False), now=now)
    listed = CardDoubt.objects.filter(case=case, why="missing").values_list("signal", "card_id")
    assert ("overdue", None) in list(listed)
    sweep(now=now)
    sweep(now=now + timedelta(hours=2))
    assert not Card.objects.filter(case=case, obligation="answer", signal="overdue").exists()


def test_a_batch_that_is_cut_off_goes_on_and_ends_alike(crowd):
    whole, torn = [], []
    for found, broken in ((whole, False), (torn, True)):
        with transaction.atomic():
            change = _begun(off(*(date(2026, 12, d) for d in (3, 4, 7))))
            steps = count()

            def clock(steps=steps, broken=broken):
                if broken and next(steps) == 3:
                    raise KeyboardInterrupt
                return AS_OF

            if broken:
                with pytest.raises(KeyboardInterrupt):
                    carry_out(change.pk, clock=clock, batch=5)
                change.refresh_from_db()
                assert 0 < change.done < change.total
            assert carry_out(change.pk, clock=lambda: AS_OF, batch=5)
            change.refresh_from_db()
            found += [change.counts, change.done, change.total, _values(rows()), _doubts(), _events()]
            assert list(faults()) == []
            assert carry_out(change.pk, clock=lambda: AS_OF)
            assert _values(rows()) == found[3]
            transaction.set_rollback(True)
    assert whole == torn


def test_two_batches_at_a_time_are_refused_and_a_calendar_that_was_overtaken_too(city):
    first = _proposed(off(date(2026, 12, 3)))
    second = _proposed(off(date(2026, 12, 4)))
    asked = {"actor": actor_named("admin"), "by_name": "卓一鸣", "now": AS_OF}
    confirm(first.pk, **asked)
    with pytest.raises(BusyError, match="另一项改动"):
        confirm(second.pk, **asked)
    take_up(clock=lambda: AS_OF)
    first.refresh_from_db()
    assert first.state == "applied"
    with pytest.raises(CalendarError, match="已经更新到第 2 版"):
        confirm(second.pk, **asked)
    assert drop(second.pk, **asked).state == "dropped"
    with pytest.raises(CalendarError, match="已放弃"):
        drop(second.pk, **asked)


def test_a_calendar_is_confirmed_by_who_proposed_it_or_a_supervisor(city):
    change = _proposed(off(date(2026, 12, 3)))
    for name in ("leader", "viewer", "audit"):
        with pytest.raises(NotAllowedError):
            confirm(change.pk, actor=actor_named(name), by_name="", now=AS_OF)
    assert confirm(change.pk, actor=actor_named("supervisor"), by_name="郁建平", now=AS_OF).version == 2


def _proposed(content: CalendarContent) -> Change:
    asked = {"actor": actor_named("admin"), "by_name": "卓一鸣", "now": AS_OF}
    return propose_calendar(content, title="台风停工", basis=DOCUMENT, note="", **asked)


def _begun(content: CalendarContent) -> Change:
    return confirm(_proposed(content).pk, actor=actor_named("admin"), by_name="卓一鸣", now=AS_OF)


def _values(found: list[tuple]) -> list[tuple]:
    """Rows without their own numbers."""
    return sorted((row[1:] for row in found), key=str)


def _doubts() -> list[tuple]:
    return sorted(
        CardDoubt.objects.values_list("case_id", "obligation", "signal", "why", "old_at", "new_at"), key=str
    )


def _events() -> list[tuple]:
    found = Event.objects.filter(kind=Kind.CALENDAR_APPLIED.value)
    return [
        (case_id, at, data["moved"])
        for case_id, at, data in found.order_by("case_id").values_list("case_id", "happened_at", "data")
    ]


def test_a_version_that_was_saved_without_a_batch_is_brought_to_open_cases(case_in):
    case = case_in(State.HANDLING)
    storm = parse_csv("day,kind,name\n2026-11-24,休,台风停工\n", scope="city", document=DOCUMENT)
    load_notice(storm, now=MONDAY)
    change = adopt_calendar(by_name="命令行", now=MONDAY)
    assert change is not None
    assert adopt_calendar(by_name="命令行", now=MONDAY) == change
    assert carry_out(change.pk, clock=lambda: MONDAY)
    assert Clock.objects.get(case=case, obligation="case").due_at.day == 27
    assert adopt_calendar(by_name="命令行", now=MONDAY) is None
