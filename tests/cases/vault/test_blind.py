import secrets

import pytest

from cases.vault import blind
from cases.vault.pinyin import initials


@pytest.mark.parametrize(
    ("index", "stored", "typed"),
    [
        (blind.phone_index, "13000000014", "+86 130-0000-0014"),
        (blind.phone_index, "13000000014", "１３０ ００００ ００１４"),
        (blind.phone_index, "0700-88001037转12", "(0700) 88001037"),
        (blind.tail_index, "13000000014", "0014"),
        (blind.tail_index, "0700-88001037转12", "1037"),
        (blind.name_index, "阿卜杜拉·买买提", "阿卜杜拉 买买提"),
        (blind.name_index, "刘䶮", "刘\ue863"),
        (blind.name_index, "岐安市(东区)商行", "岐安市（东区） 商行"),
        (blind.initials_index, "刘晓明", "LXM"),
        (blind.initials_index, "单小明", "sxm"),
        (blind.code_index, "91110000600037341L", "91110000 600037341l"),
    ],
)
def test_what_is_typed_finds_what_was_stored(index, stored, typed):
    assert index(stored) == index(typed)
    assert len(index(stored)) == blind.INDEX_BYTES


def test_equality_only_and_each_purpose_apart():
    assert blind.phone_index("13000000014") != blind.phone_index("13000000015")
    everything = [
        index("0014")
        for index in (
            blind.phone_index,
            blind.tail_index,
            blind.name_index,
            blind.initials_index,
            blind.code_index,
        )
    ]
    assert len(set(everything)) == len(everything)


def test_without_the_key_nothing_can_be_looked_up(settings):
    before = blind.phone_index("13000000014")
    settings.INDEX_KEY = secrets.token_hex(32)
    assert blind.phone_index("13000000014") != before


def test_the_cipher_setting_does_not_lose_what_is_indexed(settings):
    before = blind.name_index("刘洋")
    settings.FIELD_CIPHER = "sm4"
    assert blind.name_index("刘洋") == before


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单明", "sm"),
        ("曾明", "zm"),
        ("仇明", "qm"),
        ("解明", "xm"),
        ("查明", "zm"),
        ("朴明", "pm"),
        ("区明", "om"),
        ("乐明", "ym"),
        ("尉迟恭", "ycg"),
        ("万俟雅", "mqy"),
        ("长孙无忌", "zswj"),
        ("单于明", "cym"),
        ("澹台明", "ttm"),
        ("任重", "rz"),
        ("王先生", "wxs"),
        ("John Smith", "js"),
        ("阿卜杜拉·买买提", "abdlmmt"),
        ("lxm", "lxm"),
        ("", ""),
    ],
)
def test_surnames_are_read_as_surnames(name, letters):
    assert initials(name) == letters
