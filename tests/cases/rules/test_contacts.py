import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from cases.rules import contacts
from cases.rules.contacts import ContactError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("刘䶮", "刘䶮"),
        ("𠅤明", "𠅤明"),
        ("刘\ue863", "刘䶮"),  # the private code point of old input methods
        (" 刘　洋 ", "刘洋"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("李〇一", "李〇一"),
        ("\u202e刘洋\u200b", "刘洋"),
        ("John  O'Neil", "John O'Neil"),
        ("e\u0301mile", "émile"),
        ("José  Ávila", "José Ávila"),
        ("\uf9dc明", "隆明"),  # compatibility ideograph
        ("王先生", "王先生"),
        ("Ｊｏｈｎ", "John"),
    ],
)
def test_a_name_has_one_written_form(typed, kept):
    assert contacts.clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "请填写姓名"),
        (" \u3000\u200b", "请填写姓名"),
        ("刘13800001234", "电话请填在电话一栏"),
        ("刘１", "不能有数字"),
        ("<b>刘</b>", "不能有“<”"),
        ("刘😀", "不能有"),
        ("刘\ufffd", "认不出"),
        ("刘\ue000", "认不出"),
        ("刘□", "认不出"),
        ("···", "没有文字"),
        ("刘" * 51, "太长"),
    ],
)
def test_what_is_no_name_is_refused_in_chinese(typed, message):
    with pytest.raises(ContactError, match=message):
        contacts.clean_name(typed)


def test_an_organisation_may_have_digits_and_brackets():
    assert contacts.clean_organisation("岐安市（东区）7天＆酒店 有限公司") == "岐安市(东区)7天&酒店有限公司"
    with pytest.raises(ContactError, match="单位名称"):
        contacts.clean_organisation("<script>")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13000000014", "13000000014"),
        ("130 0000 0014", "13000000014"),  # row 4 of the sample register
        ("１３００００００１５", None),
        ("１３０００００００１５", "13000000015"),  # row 5
        ("+86-130-0000-0014", "13000000014"),
        ("008613000000014", "13000000014"),
        ("8613000000014", "13000000014"),
        ("013000000014", "13000000014"),
        ("0700-88001037", "0700-88001037"),
        ("(010)6512 3456", "010-65123456"),
        ("（0700）88001037-12", None),
        ("0700-88001037转12", "0700-88001037转12"),
        ("0700-88001037 分机12", "0700-88001037转12"),
        ("+86 0700 88001037", "0700-88001037"),
        ("00852 9123 4567", "+85291234567"),
    ],
)
def test_a_telephone_number_has_one_written_form(typed, kept):
    if kept is None:
        with pytest.raises(ContactError):
            contacts.clean_phone(typed)
    else:
        assert contacts.clean_phone(typed) == kept
        assert contacts.clean_phone(kept) == kept
        assert contacts.fold_phone(typed) == contacts.fold_phone(kept)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "请填写手机号"),
        ("1300000001", "少了一位"),
        ("130000000", "少了两位"),
        ("130000000145", "多了一位"),
        ("12000000014", "开头不对"),
        ("1300000001O", "不能有“O”"),
        ("88001037", "请加区号"),
        ("0700-880010", "区号加 7 或 8 位"),
        ("0100-88001037", "固定电话不对"),
    ],
)
def test_a_wrong_number_is_explained_in_chinese(typed, message):
    with pytest.raises(ContactError, match=message):
        contacts.clean_phone(typed)


NAMES = st.text("刘䶮𠅤·• .-'（）()Aaé\u0301\u200b\ue863〇", max_size=12)
LANDLINES = st.from_regex(
    r"\(?0[1-9][0-9]{1,2}\)?[- ]?[2-9][0-9]{6,7}((转|-|#| 分机)[0-9]{1,4})?", fullmatch=True
)
MOBILES = st.from_regex(r"(\+86|0086|86|0)?[ -]?1[3-9][0-9]{9}", fullmatch=True)


@given(NAMES | LANDLINES | MOBILES)
def test_what_was_kept_is_found_by_what_was_typed(typed):
    pairs = ((contacts.clean_name, contacts.fold_name), (contacts.clean_phone, contacts.fold_phone))
    for clean, fold in pairs:
        try:
            kept = clean(typed)
        except ContactError:
            continue
        assert clean(kept) == kept
        assert fold(kept) == fold(typed)


@given(st.text(max_size=40))
def test_nothing_typed_breaks_a_form(text):
    cleaners = (
        contacts.clean_name,
        contacts.clean_organisation,
        contacts.clean_phone,
        contacts.clean_credit_code,
    )
    for clean in cleaners:
        try:
            kept = clean(text)
        except ContactError:
            continue
        assert clean(kept) == kept
    contacts.fold_name(text)
    contacts.fold_phone(text)


BODIES = st.builds(
    lambda head, tail: head + tail,
    st.text("0123456789", min_size=8, max_size=8),
    st.text(contacts.CREDIT_ALPHABET, min_size=9, max_size=9),
)


@given(BODIES)
def test_the_check_character_is_that_of_gb_32100(body):
    code = body + contacts.credit_check_character(body)
    assert uscc.calc_check_digit(body) == code[-1]
    assert contacts.clean_credit_code(code.lower()) == uscc.validate(code)


@given(BODIES, st.integers(2, 16), st.sampled_from(contacts.CREDIT_ALPHABET))
def test_any_single_wrong_character_of_a_credit_code_is_noticed(body, place, char):
    code = body + contacts.credit_check_character(body)
    if code[place] == char:
        return
    with pytest.raises(ContactError):
        contacts.clean_credit_code(code[:place] + char + code[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "请填写"),
        ("440000000012345", "旧注册号"),
        ("9111000060003734", "现在是 16 位"),
        ("9111O000600037341L", "是不是数字 0"),
        ("91110000600037341V", "没有“V”"),
        ("91110000600037341M", "有一位不对"),
    ],
)
def test_a_wrong_credit_code_is_explained_in_chinese(typed, message):
    with pytest.raises(ContactError, match=message):
        contacts.clean_credit_code(typed)
