import secrets

import pytest

from cases.vault import codes

NUMBER, OTHER = "261022000099", "261022000107"


def test_a_code_is_six_random_digits():
    drawn = [codes.new_code() for _ in range(300)]
    assert all(len(code) == 6 and code.isdecimal() for code in drawn)
    assert len(set(drawn)) > 290


def test_a_code_opens_its_own_case_only():
    stored = codes.code_digest(NUMBER, "482915")
    assert codes.code_matches(NUMBER, "482915", stored)
    assert codes.code_matches(NUMBER, "482915", memoryview(stored))
    assert not codes.code_matches(NUMBER, "482916", stored)
    assert not codes.code_matches(OTHER, "482915", stored)


@pytest.mark.parametrize("stored", [None, b"", bytes(32), b"x" * 31])
def test_an_unknown_or_erased_case_never_matches(stored):
    assert not codes.code_matches(NUMBER, "482915", stored)


def test_an_unknown_number_costs_the_same_one_digest(monkeypatch):
    counted = []
    digest = codes.hmac_sm3
    monkeypatch.setattr(codes, "hmac_sm3", lambda *args: counted.append(args) or digest(*args))
    codes.code_matches(NUMBER, "482915", None)
    missing, counted[:] = len(counted), []
    codes.code_matches(NUMBER, "482915", b"x" * 32)
    assert missing == len(counted) == 1


def test_digits_cannot_move_between_number_and_code():
    assert codes.code_digest("2610220000", "99482915") != codes.code_digest("261022000099", "482915")


def test_the_pepper_is_needed(settings):
    stored = codes.code_digest(NUMBER, "482915")
    settings.CODE_PEPPER = secrets.token_hex(32)
    assert not codes.code_matches(NUMBER, "482915", stored)
