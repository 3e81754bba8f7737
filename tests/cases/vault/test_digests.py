import json
import secrets
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from hypothesis import given
from hypothesis import strategies as st

from cases.vault import digests, keys
from cases.vault.errors import UnknownKeyError

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
NOON = datetime(2026, 10, 22, 12, 0, 0, 5, UTC)
BODY = {
    "case": 7,
    "version": 2,
    "kind": "accepted",
    "recorded_at": NOON,
    "data": {"b": [1, None, True], "a": "受理"},
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.CHAIN_KEYS = {"c1": OLD}


def test_the_canonical_form_is_fixed_for_all_times():
    assert digests.canonical(BODY).decode() == (
        '{"case":7,"data":{"a":"受理","b":[1,null,true]},"kind":"accepted",'
        '"recorded_at":"2026-10-22T12:00:00.000005+00:00","version":2}'
    )


def test_the_mac_is_hmac_sm3_over_lengths_and_parts():
    body = digests.canonical(BODY)
    mac = hmac.HMAC(bytes.fromhex(OLD), hashes.SM3())
    mac.update(b"chain\0" + (3).to_bytes(8, "big") + b"c1:" + len(body).to_bytes(8, "big") + body)
    assert digests.chain_hash("c1:", BODY) == "c1:" + mac.finalize().hex()


@given(JSON)
def test_the_way_through_the_database_changes_nothing(data):
    reread = json.loads(json.dumps(data))
    assert digests.canonical({"data": data}) == digests.canonical({"data": reread})


def test_equal_meaning_gives_equal_bytes():
    shifted = BODY | {"recorded_at": NOON.astimezone(timezone(timedelta(hours=8)))}
    reordered = dict(reversed(BODY.items()))
    assert digests.canonical(shifted) == digests.canonical(reordered) == digests.canonical(BODY)
    assert digests.canonical({"x": (1, Colour.RED)}) == digests.canonical({"x": [1, "red"]})
    assert digests.canonical({"d": date(2026, 1, 2), "u": UUID(int=1)}) == digests.canonical(
        {"d": "2026-01-02", "u": str(UUID(int=1))}
    )


@pytest.mark.parametrize("value", [1.5, NOON.replace(tzinfo=None), {1: "x"}, b"bytes", {1, 2}, object()])
def test_what_could_come_back_changed_is_refused(value):
    with pytest.raises(TypeError):
        digests.canonical({"value": value})


def test_any_change_breaks_the_chain():
    stored = digests.chain_hash("c1:before", BODY)
    assert digests.chain_matches(stored, "c1:before", BODY)
    assert len(stored) <= 80
    for change in (
        {"case": 8},
        {"version": 3},
        {"data": {}},
        {"recorded_at": NOON + timedelta(microseconds=1)},
        {"extra": None},
    ):
        assert not digests.chain_matches(stored, "c1:before", BODY | change)
    assert not digests.chain_matches(stored, "c1:other", BODY)
    assert not digests.chain_matches(stored[:-1] + ("0" if stored[-1] != "0" else "1"), "c1:before", BODY)


def test_previous_hash_and_body_cannot_run_into_each_other():
    assert digests.chain_hash("c1:a", {"b": 1}) != digests.chain_hash('c1:a{"b":1}', {})


def test_old_hashes_verify_after_a_new_chain_key(settings):
    stored = digests.chain_hash("", BODY)
    settings.CHAIN_KEYS = {"c2": NEW, "c1": OLD}
    assert digests.chain_hash("", BODY).startswith("c2:")
    assert digests.chain_matches(stored, "", BODY)
    settings.CHAIN_KEYS = {"c2": NEW}
    with pytest.raises(UnknownKeyError, match="CHAIN_KEYS has no key 'c1'"):
        digests.chain_matches(stored, "", BODY)


def test_a_text_digest_tells_nothing_without_the_key_of_the_case():
    (key, _), (other, _) = keys.new_case_key(), keys.new_case_key()
    digest = digests.text_digest(key, "材料不全")
    assert digests.text_matches(key, "材料不全", digest)
    assert not digests.text_matches(key, "材料齐全", digest)
    assert not digests.text_matches(other, "材料不全", digest)
    assert len(digest) == 64
