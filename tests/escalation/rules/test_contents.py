"""Edits of a calendar's content: what holds afterwards, and what is refused with a sentence."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from escalation.rules.calendar import CalendarError
from escalation.rules.contents import (
    example_content,
    from_json,
    to_json,
    with_days,
    with_hours,
    with_notice,
    without_days,
    without_hours,
)
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.differences import changed_spans, differences
from escalation.rules.explain import explain
from escalation.rules.holiday_notices import HolidayNotice, Layer, NoticeDay
from escalation.rules.hours import CHINA, HoursPeriod, Session

HALL = 7
STORM = [NoticeDay(date(2026, 11, 25), True, "台风停工"), NoticeDay(date(2026, 11, 26), True, "台风停工")]
SHORT = (Session(time(9), time(12)), Session(time(14), time(16)))
SUMMER = HoursPeriod(date(2027, 7, 1), date(2027, 8, 31), SHORT)


def storm(layer: Layer = Layer.CITY, hall_id: int | None = None):
    return with_days(example_content(), layer, hall_id, STORM, "岐三防〔2026〕8号")


def test_a_hall_keeps_its_days_to_itself():
    content = storm(Layer.HALL, HALL)
    assert content.places == {HALL}
    works = [
        content.work_time(place).calendar.is_working_day(date(2026, 11, 25)) for place in (None, HALL, 8)
    ]
    assert works == [True, False, True]


def test_a_local_day_entered_again_replaces_the_first():
    again = with_days(
        storm(), Layer.CITY, None, [NoticeDay(date(2026, 11, 25), False, "复工")], "岐三防〔2026〕9号"
    )
    assert again.work_time().calendar.kind_of(date(2026, 11, 25)).works
    assert not again.work_time().calendar.is_working_day(date(2026, 11, 26))


def test_what_is_taken_out_was_never_there():
    assert without_days(storm(), Layer.CITY, None, [row.day for row in STORM]) == example_content()
    assert without_hours(with_hours(example_content(), None, SUMMER), None, SUMMER) == example_content()
    assert without_hours(with_hours(example_content(), HALL, SUMMER), HALL, SUMMER) == example_content()


def test_a_corrected_notice_replaces_that_of_its_year_alone():
    first = HolidayNotice(Layer.NATIONAL, "", 2027, "国办1号", (NoticeDay(date(2027, 1, 1), True, "元旦"),))
    second = HolidayNotice(Layer.NATIONAL, "", 2027, "国办2号", (NoticeDay(date(2027, 1, 4), True, "元旦"),))
    content = with_notice(with_notice(example_content(), first), second)
    calendar = content.work_time().calendar
    assert content.notices == {2026: "国办发明电〔2025〕7号", 2027: "国办2号"}
    assert [calendar.is_working_day(date(2027, 1, day)) for day in (1, 4)] == [True, False]
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_json_keeps_everything():
    content = with_hours(storm(Layer.HALL, HALL), HALL, SUMMER)
    assert from_json(to_json(content)) == content


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda c: with_days(c, Layer.NATIONAL, None, STORM, "x"), "不能逐日改"),
        (lambda c: with_days(c, Layer.HALL, None, STORM, "x"), "请选全市，或选一个大厅"),
        (lambda c: with_days(c, Layer.CITY, None, STORM, " "), "请写明依据的文号"),
        (lambda c: with_days(c, Layer.CITY, None, STORM, "x" * 61), "文号最多 60 个字"),
        (lambda c: with_days(c, Layer.CITY, None, [*STORM, STORM[0]], "x"), "出现了两次"),
        (
            lambda c: with_days(c, Layer.CITY, None, [STORM[0], STORM[0]._replace(is_off=False)], "x"),
            "既是休又是班",
        ),
        (
            lambda c: with_days(c, Layer.CITY, None, [NoticeDay(date(1991, 1, 1), True, "x")], "x"),
            "超出日历范围",
        ),
        (
            lambda c: with_days(c, Layer.CITY, None, [NoticeDay(date(2026, 1, 1), True, " ")], "x"),
            "没有写名称",
        ),
        (lambda c: without_days(c, Layer.CITY, None, [date(2026, 11, 25)]), "可能已经移除"),
        (lambda c: with_hours(c, None, HoursPeriod(None, None, ())), "办公时间不能为空"),
        (lambda c: with_hours(c, None, SUMMER._replace(valid_to=date(2027, 6, 1))), "早于起期"),
        (
            lambda c: with_hours(
                with_hours(c, None, SUMMER), None, SUMMER._replace(valid_from=date(2027, 8, 1))
            ),
            "2027-07-01至2027-08-31 的办公时间重叠",
        ),
        (
            lambda c: with_hours(c, None, SUMMER._replace(sessions=(Session(time(22), time(6)),))),
            "不能跨过零点",
        ),
        (
            lambda c: with_hours(
                c, None, SUMMER._replace(sessions=(Session(time(9), time(13)), Session(time(12), time(17))))
            ),
            "重叠",
        ),
        (lambda c: without_hours(c, HALL, SUMMER), "可能已经移除"),
    ],
)
def test_what_cannot_be_is_refused(edit, message):
    with pytest.raises(CalendarError, match=message):
        edit(example_content())


def test_the_spans_that_changed_cover_each_day_that_counts_differently():
    before = example_content()
    after = with_hours(
        with_notice(
            storm(),
            HolidayNotice(Layer.NATIONAL, "", 2027, "x", (NoticeDay(date(2027, 1, 1), True, "元旦"),)),
        ),
        HALL,
        SUMMER,
    )
    city, hall = changed_spans(before, after, None), changed_spans(before, after, HALL)
    assert city == [(date(2026, 11, 25), date(2026, 11, 26)), (date(2027, 1, 1), date(2027, 12, 31))]
    assert hall == city  # its summer lies inside the year that is no longer provisional
    assert changed_spans(before, with_hours(before, HALL, SUMMER), HALL) == [
        (SUMMER.valid_from, SUMMER.valid_to)
    ]
    assert changed_spans(before, with_hours(before, HALL, SUMMER), 8) == []


def test_the_lines_of_a_version_say_place_and_document():
    lines = differences(
        example_content(), with_hours(storm(Layer.HALL, HALL), HALL, SUMMER), {HALL: "东区大厅"}
    )
    assert [(line.is_added, line.place, line.text) for line in lines] == [
        (True, "东区大厅", "2026-11-25至2026-11-26 休 台风停工（岐三防〔2026〕8号）"),
        (True, "东区大厅", "办公时间 09:00–12:00、14:00–16:00，2027-07-01至2027-08-31"),
    ]


def test_only_a_national_make_up_day_is_called_one():
    saturday = date(2026, 11, 28)
    for layer, hall_id, name in ((Layer.CITY, None, "照常上班"), (Layer.HALL, HALL, "应急值守")):
        content = with_days(example_content(), layer, hall_id, [NoticeDay(saturday, False, name)], "x")
        calendar = content.work_time(hall_id).calendar
        assert calendar.kind_of(saturday) == (True, name)
        assert calendar.kind_of(date(2026, 10, 10)) == (True, "国庆节调休上班")
        start = datetime(2026, 11, 27, 10, tzinfo=CHINA)
        due = deadline(start, limit := Limit(Unit.DAYS, 1), content.work_time(hall_id))
        told = [step.text for step in explain(start, limit, due, content.work_time(hall_id))]
        assert f"2026年11月28日（周六）{name}，第 1 个工作日。" in told
    again = with_days(
        example_content(), Layer.CITY, None, [NoticeDay(date(2026, 10, 10), False, "照常上班")], "x"
    )
    assert again.work_time().calendar.kind_of(date(2026, 10, 10)).name == "照常上班"
