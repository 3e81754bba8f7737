"""Calendar and rule versions: seeded once, immutable, each notice a new version, nothing half-applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import Hall
from escalation.models import CalendarDay, CalendarVersion, OfficeHours, RuleVersion, YearNotice
from escalation.rules.calendar import CalendarError
from escalation.rules.holiday_notices import Layer, parse_csv
from escalation.selectors import in_force, rule_version_at
from escalation.selectors.calendars import content_of, holidays_between
from escalation.services.calendars import read_notice, save_content, seed_calendar
from escalation.services.national import default_rules
from escalation.services.packages import save_rules, seed_rules
from tests.conftest import MONDAY, SHANGHAI
from tests.noticed import load_notice

NOTICE_2027 = "day,kind,name\n2026-12-31,休,元旦\n2027-01-01,休,元旦\n2027-01-09,班,元旦\n"


def load(text: str, **given) -> int:
    return load_notice(parse_csv(text, **given), now=MONDAY)


def works(day: date, hall_id: int | None = None, number: int | None = None) -> bool:
    return in_force().work_time(hall_id, number).calendar.is_working_day(day)


def test_seeding_twice_changes_nothing(city):
    assert (seed_calendar(now=MONDAY), seed_rules(now=MONDAY)) == (1, 1)
    assert CalendarVersion.objects.count() == RuleVersion.objects.count() == 1
    assert in_force().noticed_years() == frozenset(range(2004, 2027))
    assert (
        CalendarDay.objects.get(day=date(2026, 9, 20), layer=Layer.NATIONAL.value).document
        == "国办发明电〔2025〕7号"
    )


def test_a_notice_makes_a_new_version_and_leaves_the_old_one(city):
    assert load(NOTICE_2027, year=2027, document="国办发明电〔2026〕9号") == 2
    assert [works(date(2026, 12, 31), number=n) for n in (1, 2)] == [True, False]
    assert [works(date(2027, 1, 9), number=n) for n in (1, 2)] == [False, True]
    calendars = [in_force().work_time(number=n).calendar for n in (1, 2)]
    assert [c.is_provisional(date(2026, 12, 30), date(2027, 1, 5)) for c in calendars] == [True, False]
    assert works(date(2027, 4, 5))  # a published notice decides alone: this one does not name 清明


def test_a_corrected_notice_replaces_the_one_of_its_year(city):
    load(NOTICE_2027, year=2027, document="国办发明电〔2026〕9号")
    load("day,kind,name\n2027-01-01,休,元旦\n", year=2027, document="国办发明电〔2026〕10号")
    assert [works(date(2026, 12, 31), number=n) for n in (1, 2, 3)] == [True, False, True]


def test_the_city_overrules_the_nation_and_a_hall_the_city(city):
    hall, other = Hall.objects.get(code="H01").pk, Hall.objects.exclude(code="H01").first().pk
    load("day,kind,name\n2026-11-24,休,台风停工\n", scope="city", document="岐三防〔2026〕8号")
    load("day,kind,name\n2026-11-24,班,应急值守\n", scope="hall:H01", document="岐政数〔2026〕1号")
    assert [works(date(2026, 11, 24), hall_id) for hall_id in (None, hall, other)] == [False, True, False]


def test_a_hall_keeps_its_own_hours(city):
    hall = Hall.objects.get(code="H01")
    current = CalendarVersion.objects.get()
    version = CalendarVersion.objects.create(number=2, source="测试", entered_by="测试", created_at=MONDAY)
    for row in current.hours.all():
        OfficeHours.objects.create(version=version, sessions=row.sessions)
    OfficeHours.objects.create(version=version, hall=hall, sessions=[["09:00", "17:00"]])
    closings = [
        f"{in_force().work_time(hall_id).closing(date(2026, 11, 24)):%H:%M}" for hall_id in (None, hall.pk)
    ]
    assert closings == ["17:30", "17:00"]


@pytest.mark.parametrize("model", [CalendarVersion, CalendarDay, OfficeHours, RuleVersion])
@pytest.mark.parametrize("words", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_versions_cannot_be_changed_or_removed(city, model, words):
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words.format(model._meta.db_table))


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        (
            "day,kind,name\n2026-12-31,休,元旦\n",
            {"scope": "hall:X9", "document": "x"},
            "没有代码为 X9 的大厅",
        ),
        (
            "day,kind,name\n2022-12-31,休,元旦\n",
            {"year": 2022, "document": "x"},
            "2022-12-31 已由 2023 年的通知规定",
        ),
    ],
)
def test_a_notice_that_cannot_be_applied_leaves_nothing(city, text, given, message):
    with pytest.raises(CalendarError, match=message):
        load(text, **given)
    assert CalendarVersion.objects.count() == 1


def test_other_files_are_refused():
    with pytest.raises(CalendarError, match=r"只能导入 \.json 或 \.csv"):
        read_notice("日历.xlsx", "")


def test_without_a_calendar_the_message_says_what_to_do(db):
    with pgtrigger.ignore():  # the versions are immutable; only a test may take them away
        for table in (OfficeHours, CalendarDay, YearNotice, CalendarVersion):
            table.objects.all().delete()
    with pytest.raises(CalendarError, match="seed"):
        in_force()
    with pytest.raises(CalendarError, match="seed"):
        load("day,kind,name\n2026-11-24,休,台风停工\n", scope="city", document="x")


def test_rule_versions_take_effect_on_their_day(city):
    save_rules(
        default_rules() | {"version": 2, "effective_from": "2026-12-01"}, entered_by="测试", now=MONDAY
    )
    midnight = datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert [rule_version_at(at) for at in (midnight - timedelta(minutes=1), midnight)] == [1, 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [({}, "已经存在"), ({"version": 2, "steps": {}}, "缺少这些环节的时限")],
)
def test_rules_that_lack_something_or_exist_already_are_refused(city, change, message):
    with pytest.raises(CalendarError, match=message):
        save_rules(default_rules() | change, entered_by="测试", now=MONDAY)


def test_a_version_saved_meanwhile_refuses_the_content_that_began_before_it(city):
    content = content_of()
    load(NOTICE_2027, year=2027, document="国办发明电〔2026〕9号")
    with pytest.raises(CalendarError, match=r"已经更新到第 2 版，这份修改是从第 1 版开始的"):
        save_content(content, source="x", entered_by="测试", now=MONDAY)
    assert save_content(content_of(), source="x", entered_by="测试", now=MONDAY) == 3


def test_a_saved_content_reads_back_as_it_was_and_counts_as_the_version_does(city):
    hall = Hall.objects.get(code="H05").pk
    load("day,kind,name\n2026-11-24,休,台风停工\n", scope="hall:H05", document="岐三防〔2026〕8号")
    content = content_of(2)
    assert content_of(save_content(content, source="x", entered_by="测试", now=MONDAY)) == replace(
        content, number=3
    )
    assert content.places == {hall}
    for place in (None, hall):
        ours, stored = content.work_time(place), in_force().work_time(place, 2)
        span = (date(2004, 1, 1), date(2060, 12, 31))
        assert ours.calendar.count(*span) == stored.calendar.count(*span)
        assert ours.periods == stored.periods


def test_holidays_are_named_with_their_first_and_last_day(city):
    found = holidays_between(date(2026, 9, 21), date(2026, 10, 9))
    assert [(one.name, str(one.first), str(one.last), one.days) for one in found] == [
        ("中秋节", "2026-09-25", "2026-09-27", 3),
        ("国庆节", "2026-10-01", "2026-10-07", 7),
    ]
    assert [one.name for one in holidays_between(date(2027, 2, 1), date(2027, 2, 10))] == ["除夕、春节"]
    assert holidays_between(date(2026, 11, 16), date(2026, 11, 30)) == []  # plain weekends are none


def test_a_stop_of_work_is_a_holiday_of_its_hall_alone(city):
    load("day,kind,name\n2026-11-24,休,台风停工\n", scope="hall:H05", document="岐三防〔2026〕8号")
    halls = (None, Hall.objects.get(code="H05").pk)
    span = (date(2026, 11, 23), date(2026, 11, 30))
    assert [[one.name for one in holidays_between(*span, hall)] for hall in halls] == [[], ["台风停工"]]
