from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from cases.rules import numbering
from cases.rules.numbering import CheckDigitError, NumberError

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SERIALS = st.integers(1, 9_999_999)
GAPS = ["", " ", "-", "—", "－", "\u3000", "  ", "\u200b", " - "]


@given(DAYS, SERIALS)
def test_the_check_digit_is_that_of_iso_7064(day, serial):
    assert mod_11_10.is_valid(numbering.compose_digits(day, serial))


@given(DAYS, SERIALS, st.data())
def test_any_grouping_leads_back_to_the_same_case(day, serial, data):
    digits = numbering.compose_digits(day, serial)
    typed = "".join(d + data.draw(st.sampled_from(GAPS)) for d in digits)
    wide = typed.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for text in (
        typed,
        wide,
        f"岐安-东区-{typed}",
        f"QIAN-{typed}",
        f"qian {typed}",
        numbering.compose("岐安-东区", day, serial),
    ):
        assert numbering.parse(text) == digits


@given(DAYS, st.integers(1, 99_999), st.integers(6, 10), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(day, serial, place, shift):
    digits = numbering.compose_digits(day, serial)
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(CheckDigitError, match="有一位不对"):
        numbering.parse(wrong)


def test_swapped_neighbours_are_noticed_19_times_in_20():
    missed = tried = 0
    for serial in range(1, 20_000, 7):
        digits = numbering.compose_digits(date(2026, 10, 22), serial)
        for n in range(6, len(digits) - 1):
            swapped = digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]
            tried += swapped != digits
            missed += swapped != digits and numbering.check_digit(swapped[:-1]) == swapped[-1]
    assert missed / tried < 0.05


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "刘女士",
        "13000000014",
        "+86 130 0000 0014",
        "8613000000014",
        "0700-88001037",
        "440101199003071234",
        "482915",
        "261322-00009-9",
        "260230-00001-5",
        "26102200009",
        "261022" + "0" * 9,
        "lxm",
        "91110000600037341L",
    ],
)
def test_what_is_no_number_is_left_to_other_searches(text):
    assert numbering.parse(text) is None


@given(st.text(max_size=60))
def test_reading_never_fails_otherwise(text):
    for read in (numbering.parse, numbering.clean_query_code):
        try:
            read(text)
        except NumberError:
            continue


@pytest.mark.parametrize(("serial", "year"), [(0, 2026), (10_000_000, 2026), (1, 1999), (1, 2100)])
def test_a_number_that_could_not_be_written_is_refused(serial, year):
    with pytest.raises(ValueError, match=r"range|two-digit"):
        numbering.compose_digits(date(year, 1, 1), serial)


@pytest.mark.parametrize(("day", "serial"), [(date(2099, 12, 31), 9_999_999), (date(2026, 1, 1), 1)])
def test_the_digits_fit_the_column(day, serial):
    digits = numbering.compose_digits(day, serial)
    assert len(digits) <= 20
    assert numbering.day_of(digits) == day


@pytest.mark.parametrize("text", ["482915", " 482 915 ", "４８２９１５", "482-915", "482\u200b915"])
def test_a_query_code_is_read_in_any_grouping(text):
    assert numbering.clean_query_code(text) == "482915"


@pytest.mark.parametrize("text", ["", "48291", "4829155", "48291O", "四八二九一五"])
def test_a_query_code_is_six_digits(text):
    with pytest.raises(NumberError, match="6 位数字"):
        numbering.clean_query_code(text)
