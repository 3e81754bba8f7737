"""Notices as files: what is understood, and what is refused with a Chinese sentence."""

from __future__ import annotations

import json
from datetime import date

import pytest

from escalation.rules.calendar import CalendarError
from escalation.rules.holiday_notices import Layer, parse_csv, parse_json
from escalation.rules.limits import parse_package
from escalation.rules.notice_texts import parse_text
from escalation.services.national import default_rules, national_notices

GOOD = {
    "year": 2027,
    "document": "国办发明电〔2026〕9号",
    "days": [{"day": "2027-01-01", "is_off": True, "name": "元旦"}],
}


def test_a_notice_of_the_public_data_set_is_understood():
    document = {
        "year": 2027,
        "papers": ["…"],
        "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}],
    }
    notice = parse_json(json.dumps(document), document="国办发明电〔2026〕9号")
    assert (notice.year, notice.layer, notice.days[0].day) == (2027, Layer.NATIONAL, date(2027, 1, 1))


def test_new_year_may_begin_in_december():
    notice = parse_csv("day,kind,name\n2026-12-31,休,元旦\n2027-01-09,班,元旦\n", year=2027, document="x")
    assert [row.is_off for row in notice.days] == [True, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"document": ""}, "文号"),
        ({"days": []}, "没有任何一天"),
        ({"year": None}, "哪一年"),
        ({"year": "二〇二七"}, "哪一年"),
        ({"scope": "province"}, "适用范围无效"),
        ({"scope": "hall"}, "适用范围无效"),
        ({"days": [{"day": "2027-13-01", "is_off": True, "name": "元旦"}]}, "日期无效"),
        ({"days": [{"day": "2107-01-01", "is_off": True, "name": "元旦"}]}, "超出日历范围"),
        ({"days": [{"day": "2027-01-01", "is_off": "休", "name": "元旦"}]}, "休还是班"),
        ({"days": [{"day": "2027-01-01", "is_off": True, "name": " "}]}, "没有写名称"),
        ({"days": [*GOOD["days"], {"day": "2027-01-01", "is_off": False, "name": "元旦"}]}, "既是休又是班"),
        ({"days": [*GOOD["days"], *GOOD["days"]]}, "出现了两次"),
        ({"days": [{"day": "2026-11-30", "is_off": True, "name": "元旦"}]}, "不属于 2027 年"),
        ({"days": "x"}, "文件内容无效"),
    ],
)
def test_a_bad_notice_is_told_in_chinese(change, message):
    with pytest.raises(CalendarError, match=message):
        parse_json(json.dumps(GOOD | change))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "第一行应为"),
        ("a,b\n1,2\n", "第一行应为"),
        ("day,kind,name\n", "第一行应为"),
        ("day,kind,name\n2027-01-01,?,元旦\n", "休还是班"),
        ("day,kind,name\n2027-01-01,休\n", "没有写名称"),
        (f"day,kind,name\n2027-01-01,休,{'长' * 140_000}\n", "引号没有成对，或有一格太长"),
        ('day,kind,name\n2027-01-01,休,"元旦\n2027-01-02,休,元旦\n', "引号没有成对"),
    ],
)
def test_a_bad_csv_is_told_in_chinese(text, message):
    with pytest.raises(CalendarError, match=message):
        parse_csv(text, year=2027, document="x")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("read", [parse_csv, parse_text])
def test_lines_may_end_as_any_system_ends_them(read, ending):
    text = ending.join(["day,kind,name", "2027-01-01,休,元旦", "2027-01-09,班,元旦", ""])
    assert [row.day.day for row in read(text, year=2027, document="x").days] == [1, 9]


def test_the_package_gives_one_notice_a_year():
    notices = national_notices()
    assert [notice.year for notice in notices] == list(range(2004, 2027))
    assert notices[-1].document == "国办发明电〔2025〕7号"


@pytest.mark.parametrize(
    "change",
    [
        {"version": None},
        {"rest_day": "whenever"},
        {"difficulty_limits": {"ordinary": {"days": 3}}},
        {"difficulty_limits": {"ordinary": {"hours": 3}}},
        {"steps": {"sign": {"limit": {"hours": -1}, "breach": "yellow"}}},
        {"steps": {"sign": {"limit": {"hours": 4}, "breach": "purple"}}},
        {"steps": {"sign": {"limit": {"hours": 4}, "breach": "blue", "colour": 1}}},
        {"ladder": {"issue_at": "25:00"}},
        {"surprise": 1},
    ],
)
def test_a_bad_rule_package_is_told_in_chinese(change):
    with pytest.raises(CalendarError, match=r"[一-龥]"):
        parse_package(default_rules() | change)
