import re

import pytest

from cases.rules import scope
from cases.rules.wrong_words import NOT_FOR_CITIZENS


@pytest.mark.parametrize("code", scope.REASONS)
def test_every_reason_says_where_to_go(code):
    reason = scope.REASONS[code]
    text = scope.redirect_text(code, "" if reason.contact else "邻市政务服务中心 0701-12345")
    assert len(code) <= 30
    assert reason.label
    assert reason.channel in text
    assert text.splitlines()[0].endswith("。")
    assert not any(word in text for word in NOT_FOR_CITIZENS)


@pytest.mark.parametrize("code", scope.REASONS)
def test_sentences_are_short_and_name_no_hour(code):
    sentence = scope.REASONS[code].sentence
    assert all(len(part) <= 40 for part in re.split("[。；]", sentence))
    assert not re.search(r"\d+[:：]\d\d|工作日", sentence)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("emergency", "110"),
        ("emergency", "119"),
        ("emergency", "120"),
        ("consumer", "12315"),
        ("citizen_request", "12345"),
        ("legal_route", "12348"),
        ("discipline", "12388"),
    ],
)
def test_known_channels_carry_their_number(code, number):
    assert number in scope.redirect_text(code)


def test_only_an_emergency_is_urgent():
    assert [code for code, reason in scope.REASONS.items() if reason.urgent] == ["emergency"]
