from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from cases.rules import masking

ID_NUMBER = "11010519491231002X"
CARD = "6222021234567890128"


@given(st.text(min_size=2, max_size=20))
def test_a_mask_never_shows_the_whole_name(name):
    shown = masking.mask_name(name)
    assert shown != name.strip() or name.strip()[-2:] in masking.TITLES or not name.strip() or "*" in name


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_mobile_keeps_three_and_four(phone):
    assert masking.mask_phone(phone) == f"{phone[:3]}****{phone[-4:]}"
    assert masking.find_personal(masking.mask_phone(phone)) == []


@given(st.text(max_size=30))
def test_masks_never_fail(text):
    for mask in (
        masking.mask_name,
        masking.mask_organisation,
        masking.mask_phone,
        masking.mask_id_number,
        masking.mask_credit_code,
    ):
        mask(text)


@pytest.mark.parametrize(
    "written",
    [
        ID_NUMBER,
        ID_NUMBER.lower(),
        "110105 19491231 002X",
        "110105-1949-1231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        f"身份证{ID_NUMBER}。",
        f"（{ID_NUMBER}）",
    ],
)
def test_identity_numbers_are_found(written):
    (found,) = masking.find_personal(written)
    assert found.kind == "id_number"
    assert "19491231" not in masking.mask_text(written).replace(" ", "").replace("-", "")
    assert found.masked == "1****************X" or found.masked.endswith("x")


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "8613812345678",
        "电话１３８１２３４５６７８吧",
    ],
)
def test_mobile_numbers_are_found(written):
    (found,) = masking.find_personal(written)
    assert (found.kind, found.masked) == ("mobile", "138****5678")


@pytest.mark.parametrize(
    "written",
    [CARD, "6222 0212 3456 7890 128", "4111111111111111", "4111-1111-1111-1111", "4111 1111 1111 1111 500元"],
)
def test_bank_cards_are_found(written):
    (found,) = masking.find_personal(written)
    assert found.kind == "bank_card"


@pytest.mark.parametrize(
    "harmless",
    [
        "编号 岐安-东区-261022-00009-9",
        "办件编号 441900202603120012",  # region and day, but no identity number: the check character says so
        "请拨打 0700-88001037 或 12345",
        "2026-03-12 13:00 到 2026-03-12 15:30",
        "91110000600037341L",
        "共 138 件，金额 12345678901234 元",
        "138123456789012",
    ],
)
def test_what_offices_write_stays(harmless):
    assert masking.mask_text(harmless) == harmless


def test_several_in_one_text_keep_their_places():
    text = f"甲{ID_NUMBER}乙13812345678丙{CARD}丁"
    found = masking.find_personal(text)
    assert [f.kind for f in found] == ["id_number", "mobile", "bank_card"]
    assert [text[f.start : f.end] for f in found] == [ID_NUMBER, "13812345678", CARD]
    assert masking.mask_text(text) == "甲1****************X乙138****5678丙6222***********0128丁"


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.integers(0, 999))
def test_the_check_character_is_that_of_gb_11643(day, order):
    body = f"110105{day:%Y%m%d}{order:03d}"
    number = body + ric.calc_check_digit(body + "0")
    assert masking.is_id_number(number) == ric.is_valid(number) is True


@given(st.from_regex(r"[3-6][0-9]{14,17}", fullmatch=True))
def test_the_card_test_is_that_of_luhn(body):
    card = body + luhn.calc_check_digit(body)
    assert masking.is_bank_card(card)
    assert not masking.is_bank_card(card[:-1] + str((int(card[-1]) + 1) % 10))


@given(st.text("0123456789 -Xx，。电话１２", max_size=80))
def test_masking_twice_changes_nothing_more(text):
    once = masking.mask_text(text)
    assert masking.mask_text(once) == once
