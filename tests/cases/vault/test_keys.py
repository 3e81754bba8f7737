import secrets

import pytest

from cases.vault import keys, sealing
from cases.vault.errors import TamperedError, UnknownKeyError

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.FIELD_KEYS = {"k1": OLD}


def test_a_wrapped_key_names_its_wrapping_key_and_fits_its_column():
    raw, wrapped = keys.new_case_key()
    assert wrapped.startswith("k1:")
    assert len(wrapped) <= 200
    assert len(raw) == keys.KEY_BYTES
    assert raw.hex() not in wrapped
    assert keys.unwrap(wrapped) == raw


def test_no_two_cases_share_a_key():
    assert len({keys.new_case_key()[0] for _ in range(100)}) == 100


def test_rotation_keeps_old_data_readable_until_everything_is_rewrapped(settings):
    raw, wrapped = keys.new_case_key()
    sealed = sealing.seal(raw, "刘洋", "party:1")
    settings.FIELD_KEYS = {"k2": NEW, "k1": OLD}
    assert keys.unwrap(wrapped) == raw
    assert not keys.is_current(wrapped)
    fresh = keys.rewrap(wrapped)
    assert keys.is_current(fresh)
    settings.FIELD_KEYS = {"k2": NEW}
    assert sealing.unseal(keys.unwrap(fresh), sealed, "party:1") == "刘洋"
    with pytest.raises(UnknownKeyError, match="FIELD_KEYS has no key 'k1'"):
        keys.unwrap(wrapped)


def test_the_cipher_setting_may_change_under_wrapped_keys(settings):
    settings.FIELD_CIPHER = "sm4"
    raw, wrapped = keys.new_case_key()
    settings.FIELD_CIPHER = "aes"
    assert keys.unwrap(wrapped) == raw


def test_a_changed_or_relabelled_key_does_not_open(settings):
    _, wrapped = keys.new_case_key()
    settings.FIELD_KEYS = {"k1": OLD, "k9": OLD}
    flipped = wrapped[:-4] + ("A" if wrapped[-4] != "A" else "B") + wrapped[-3:]
    for bad in (flipped, wrapped.replace("k1:", "k9:"), "k1:", "k1:***", "k1:AAAA"):
        with pytest.raises(TamperedError):
            keys.unwrap(bad)
    for foreign in ("", "no colon", "k5:AAAA"):
        with pytest.raises(UnknownKeyError):
            keys.unwrap(foreign)
