import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cases.vault import keys, sealing
from cases.vault.errors import TamperedError

KEY, _ = keys.new_case_key()
ROW = "text:7:3:statement"
CIPHERS = ["aes", "sm4"]


@pytest.mark.parametrize("cipher", CIPHERS)
@given(text=st.text(max_size=300))
def test_what_was_sealed_can_be_read(cipher, text):
    with override_settings(FIELD_CIPHER=cipher):
        assert sealing.unseal(KEY, sealing.seal(KEY, text, ROW), ROW) == text


def test_both_ciphers_stay_readable_after_the_setting_changed(settings):
    sealed = {}
    for cipher in CIPHERS:
        settings.FIELD_CIPHER = cipher
        sealed[cipher] = sealing.seal(KEY, "材料不全", ROW)
    assert [value[:1] for value in sealed.values()] == [sealing.AES, sealing.SM4]
    for setting in CIPHERS:
        settings.FIELD_CIPHER = setting
        assert [sealing.unseal(KEY, value, ROW) for value in sealed.values()] == ["材料不全"] * 2


@pytest.mark.parametrize("cipher", CIPHERS)
def test_every_changed_bit_is_noticed(settings, cipher):
    settings.FIELD_CIPHER = cipher
    sealed = sealing.seal(KEY, "刘洋 13000000014", ROW)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(TamperedError):
            sealing.unseal(KEY, changed, ROW)


@pytest.mark.parametrize("cipher", CIPHERS)
def test_a_value_belongs_to_its_row_and_case(settings, cipher):
    settings.FIELD_CIPHER = cipher
    sealed = sealing.seal(KEY, "刘洋", ROW)
    other_key, _ = keys.new_case_key()
    for key, row in ((KEY, "text:8:3:statement"), (KEY, ""), (other_key, ROW)):
        with pytest.raises(TamperedError):
            sealing.unseal(key, sealed, row)


@pytest.mark.parametrize("cipher", CIPHERS)
def test_what_is_cut_off_or_foreign_is_refused(settings, cipher):
    settings.FIELD_CIPHER = cipher
    sealed = sealing.seal(KEY, "刘洋", ROW)
    for value in (
        b"",
        sealed[:1],
        sealed[:20],
        sealed[:-1],
        b"plain text",
        b"\x03" + sealed[1:],
        sealed + b"x",
    ):
        with pytest.raises(TamperedError):
            sealing.unseal(KEY, value, ROW)


def test_a_memoryview_of_the_database_can_be_read():
    assert sealing.unseal(KEY, memoryview(sealing.seal(KEY, "刘洋", ROW)), ROW) == "刘洋"


def test_equal_texts_look_different_and_hide_their_words():
    first, second = (sealing.seal(KEY, "刘洋 13000000014", ROW) for _ in range(2))
    assert first != second
    assert "刘洋".encode() not in first
    assert b"13000000014" not in first


def test_a_short_key_is_a_mistake():
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal(b"short", "x", ROW)
