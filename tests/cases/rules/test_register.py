"""Cells of paper registers: whatever can be read is read to one value, whatever cannot be right is refused in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules import words
from cases.rules.classes import Channel, Difficulty, Outcome
from cases.rules.register_columns import HEADS, CellError, Column
from cases.rules.register_moments import EARLIEST, is_only_time, read_moment
from cases.rules.register_people import read_name, read_phone
from cases.rules.register_units import Directory, Named, split_units
from cases.rules.register_words import read_channel, read_difficulty, read_grade, read_outcome

DAYS = st.dates(EARLIEST, date(2062, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
FORMS = [
    "{:%Y-%m-%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{:%Y/%m/%d}",
    "{:%Y%m%d}",
    "{0.year} - {0.month} - {0.day}",
]
CLOCKS = [
    "{:%H:%M}",
    "{0.hour}点{0.minute}分",
    "{:%H：%M}",
    "{:%H:%M:%S}",
    "{0.hour}时{0.minute}分",
    "（周一）{:%H:%M}",
]


def said_by(reader: Callable[[str], object], text: str) -> str:
    """The sentence by which a reader refuses a cell, or one that could be such a sentence."""
    try:
        reader(text)
    except CellError as wrong:
        return wrong.message
    return "重新导入。"


@given(DAYS, TIMES, st.sampled_from(FORMS), st.sampled_from(CLOCKS), st.booleans())
def test_every_form_of_a_moment_reads_back(day, at, form, clock, wide):
    text = f"{form.format(day)} {clock.format(at)}"
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789-:." else c for c in text)
    assert read_moment(text) == (day, at)
    assert read_moment(form.format(day)) == (day, None)
    assert is_only_time(clock.format(at))
    assert not is_only_time(text)


@given(DAYS, TIMES)
def test_numbers_of_days_of_a_spreadsheet_read_back(day, at):
    serial = (datetime.combine(day, at) - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    read = read_moment(repr(serial))
    assert (read.day, read.at or time(0)) == (day, at)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_a_sentence(text):
    assert said_by(read_moment, text).endswith("重新导入。")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-04-31 9:00",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "２０２６－０２－３０",
        "2026年2月30日",
    ],
)
def test_a_day_that_does_not_exist_is_asked_for_not_guessed(text):
    with pytest.raises(CellError, match=r"这一天不存在.*请核对后重新导入"):
        read_moment(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "三月五日",
        "3月5日",
        "26-3-5",
        "03/05/2026",
        "2026-3",
        "2026-03-05 25:00",
        "2026-03-05 9:75",
        "#######",
        "1998-05-01",
        "2026.3.1-3.5",
        "-1",
        "nan",
        "inf",
    ],
)
def test_what_is_no_certain_moment_is_refused(text):
    with pytest.raises(CellError):
        read_moment(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("12:30", "12:30"),
        ("中午1点", "13:00"),
        ("下午12点10分", "12:10"),
        ("凌晨0点5分", "00:05"),
        ("晚上8点", "20:00"),
        ("3:05 PM", "15:05"),
        ("上午", None),
        ("", None),
    ],
)
def test_times_of_day_in_words(text, at):
    read = read_moment(f"2026-03-05 {text}").at
    assert (f"{read:%H:%M}" if read else None) == at


@given(
    st.integers(0, 999),
    st.sampled_from(
        ["{}", "{:.3} {:.4}", "+86{}", "{}.0", " {} ", "电话：{}", "{}（本人）", "{}/13900000001"]
    ),
)
def test_telephones_read_to_their_digits(tail, form):
    number = f"13000000{tail:03d}"
    text = f"{number[:3]} {number[3:7]}-{number[7:]}" if ":.3" in form else form.format(number)
    assert read_phone(text)[0] == number


@given(st.text(max_size=25))
def test_any_text_is_a_telephone_nothing_or_a_sentence(text):
    assert said_by(read_phone, text).endswith("。")
    assert said_by(read_name, text).endswith("重新导入。")


@pytest.mark.parametrize("text", ["130****0014", "1.3E+10", "1300000001", "88001037", "130000000145"])
def test_half_a_telephone_is_asked_for(text):
    with pytest.raises(CellError):
        read_phone(text)


def test_the_portal_s_own_words_read_back():
    assert [read_channel(words.CHANNELS[value])[0] for value in Channel] == list(Channel)
    assert [read_difficulty(words.DIFFICULTY[value])[0] for value in Difficulty] == list(Difficulty)
    assert [read_outcome(words.OUTCOMES[value]) for value in Outcome] == list(Outcome)
    assert [read_grade(word)[0] for word in words.SATISFACTION.values()] == list(words.SATISFACTION)
    assert read_outcome("转出") is Outcome.HANDED_OVER


def test_no_head_names_two_columns():
    heads = [head for column in Column for head in HEADS[column]]
    assert len(heads) == len(set(heads))


CITY = Directory(
    [
        Named(1, "市公安局", ("公安", "公安局")),
        Named(2, "市公安局东区分局", ("东区分局",)),
        Named(3, "市城市管理和综合执法局", ("城管",)),
        Named(4, "国家税务总局岐安市税务局", ("市税务局", "税务")),
        Named(5, "东区街道办事处", ("共用",)),
        Named(6, "西区街道办事处", ("共用",)),
    ],
    "岐安市",
)


@given(
    st.sampled_from(["市公安局", "岐安市公安局", "公安局", "岐安公安局"]),
    st.sampled_from(["{}", " {} ", "{}。", "《{}》", "{}，"]),
    st.booleans(),
)
def test_a_department_is_found_however_it_is_typed(name, form, spaced):
    assert CITY.find(form.format(" ".join(name) if spaced else name)) == 1


def test_what_is_not_certain_is_not_found():
    assert [CITY.find(text) for text in ("共用", "国土", "公安厅", "分局", "", "东区")] == [None] * 6


def test_names_with_and_in_them_are_not_cut():
    assert split_units("市城市管理和综合执法局；公安\n税务/") == ["市城市管理和综合执法局", "公安", "税务"]
