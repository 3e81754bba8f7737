"""A notice pasted as it was published, or as lines: read exactly, or refused with what is wrong and where."""

from __future__ import annotations

from datetime import date

import pytest

from escalation.rules.calendar import CalendarError
from escalation.rules.notice_texts import day_list, parse_text, to_text
from escalation.services.national import national_notices

PUBLISHED = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_published_text_gives_the_days_of_that_year():
    (known,) = (notice for notice in national_notices() if notice.year == 2026)
    read = parse_text(PUBLISHED, year=2026, document=known.document)
    assert read.days == known.days


def test_what_was_read_can_be_written_and_read_again():
    read = parse_text(PUBLISHED, year=2026, document="x")
    assert parse_text(to_text(read), year=2026, document="x") == read


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-01至2027-01-03 休 元旦\n2027-01-09 班 元旦",
        "1月1日至3日 放假 元旦\n\n1月9日，上班，元旦",
        "2027年1月1日至2027年1月3日 休 元旦\n2027/1/9\t班\t元旦".replace("2027/1/9", "2027-1-9"),
        "day,kind,name\n2027-01-01,休,元旦\n2027-01-02,休,元旦\n2027-01-03,休,元旦\n2027-01-09,班,元旦\n",
        "一、元旦：1月1日至3日放假，共3天。1月9日上班。",
    ],
)
def test_lines_may_be_written_in_several_ways(text):
    days = parse_text(text, year=2027, document="x").days
    assert [(row.day.day, row.is_off) for row in days] == [(1, True), (2, True), (3, True), (9, False)]


def test_a_holiday_that_begins_in_the_year_before_says_so():
    text = "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。"
    days = parse_text(text, year=2023, document="x").days
    assert [row.day for row in days] == [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一、元旦：1月1日至3日放假，共4天。", "元旦：通知写共 4 天，读出来是 3 天"),
        ("一、元旦：2月30日放假。", "元旦：没有 2027年2月30日 这一天"),
        ("2027-01-01 休 元旦\n1日 休 元旦", "第 2 行：1日没有写是哪个月"),
        ("2027-01-03至2027-01-01 休 元旦", "结束日期 2027-01-01 早于开始日期 2027-01-03"),
        ("2027-01-01 休 元旦\n2027-01-01 班 元旦", "2027-01-01 既是休又是班"),
        ("2027-01-01 休 元旦\n2027-01-01 休 元旦", "2027-01-01 出现了两次"),
        ("2028-01-01 休 元旦", "2028-01-01 不属于 2027 年的通知"),
        ("2027-01-01至2027-04-01 休 元旦", "超过 31 天"),
        ("2027-13-01 休 元旦", "没有 2027年13月1日 这一天"),
        ("元旦快乐", "第 1 行看不懂"),
        ("   ", "通知里没有任何一天"),
        ("x" * 100_001, "内容太长"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_place(text, message):
    with pytest.raises(CalendarError, match=message):
        parse_text(text, year=2027, document="x")


@pytest.mark.parametrize("text", ["下周六", "1月9日、周六", "32日"])
def test_days_that_are_no_dates_are_refused(text):
    with pytest.raises(CalendarError):
        day_list(text, 2027, "第 1 行元旦")
