"""Rules as sentences: every number of a package stands in one, and a difference between two versions is told."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from escalation.rules.calendar import CalendarError
from escalation.rules.edits import edits_of
from escalation.rules.limits import STEPS, Breach, parse_package
from escalation.rules.parameters import PLACES, WAITING
from escalation.rules.sentences import RIGHTS, differences, sentences
from escalation.services.national import default_rules

DOCUMENT = default_rules()
WITHOUT_EFFECT = {("version",), ("steps", "answer", "limit", "as_case")}  # told on every page; of no meaning


def leaves(document: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves(value, (*place, name))
    else:
        yield place, document


def changed(place: tuple[str, ...], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    inner = document
    for name in place[:-1]:
        inner = inner.setdefault(name, {})
    inner[place[-1]] = value
    return document


def texts(document: dict[str, Any]) -> list[str]:
    return [line.text for group in sentences(parse_package(document)) for line in group.lines]


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return {
        "deemed": "natural",
        "08:30": "08:45",
        "16:30": "16:45",
        "10:00": "10:15",
        "ladder": "yellow",
    }.get(value, "blue" if value == "yellow" else "yellow")


FIXED = [  # the portal counts by these itself, whatever a package says
    ("parameters", "reopening", "times"),
    ("parameters", "callback", "attempts"),
    ("parameters", "callback", "on_days"),
]
CHANGEABLE = [
    (place, other(value))
    for place, value in leaves(DOCUMENT)
    if place not in WITHOUT_EFFECT
    and place not in FIXED
    and place not in {("source",), ("name",), ("effective_from",), ("parameters", "points", "basis")}
    and not (place[-1] == "breach" and place[1] in RIGHTS)
]
WORDS = [
    (("name",), "岐安市规则包"),
    (("parameters", "points", "basis"), "岐考评〔2026〕2号"),
    (("steps", "contact", "grace_days"), 2),
    (("nature_limits", "difficult"), {"days": 8}),
]


@pytest.mark.parametrize(("place", "value"), [*CHANGEABLE, *WORDS], ids=lambda value: str(value)[:60])
def test_each_value_of_a_package_changes_a_sentence_and_is_told_as_a_difference(place, value):
    document = changed(place, value)
    assert texts(document) != texts(DOCUMENT)
    found = differences(parse_package(DOCUMENT), parse_package(document))
    assert len(found) == 1 or place == ("case_breach",)  # that one is said of each class
    assert all(one.before != one.after for one in found)


@pytest.mark.parametrize("place", FIXED, ids="-".join)
def test_a_number_that_the_portal_does_not_go_by_is_refused(place):
    with pytest.raises(CalendarError, match=rf"{place[1]}\.{place[2]} 只能是 \d，门户按这个数办理"):
        parse_package(changed(place, 5))


def test_what_is_not_in_use_yet_is_marked_alike_in_sentences_and_form():
    lines = {line.key for group in sentences(parse_package(DOCUMENT)) for line in group.lines if line.waits}
    fields = {edit.place[1:] for edit in edits_of(DOCUMENT) if edit.waits and edit.place[0] == "parameters"}
    assert lines - set(STEPS) == {"extension_left", "interim_hard", "ignored_blues", "shadow"}
    assert fields == {("interim_report_days", "hard"), *(PLACES[name] for name in WAITING if name in PLACES)}


def test_the_effective_date_and_the_number_stand_in_the_first_sentence():
    text = texts(DOCUMENT | {"version": 3, "effective_from": "2027-01-04"})[0]
    assert "第 3 版" in text
    assert "2027 年 1 月 4 日起" in text


def test_two_equal_packages_differ_in_nothing():
    assert differences(parse_package(DOCUMENT), parse_package(DOCUMENT | {"version": 2})) == []


def test_no_sentence_is_told_twice():
    assert len(texts(DOCUMENT)) == len(set(texts(DOCUMENT)))


@pytest.mark.parametrize("breach", list(Breach))
def test_what_a_missed_limit_leads_to_is_told_as_it_happens(breach):
    text = next(t for t in texts(changed(("case_breach",), breach.value)) if t.startswith("特殊"))
    assert [word in text for word in ("蓝色提示", "黄牌", "红牌")] == {
        Breach.BLUE: [True, False, False],
        Breach.YELLOW: [False, True, False],
        Breach.LADDER: [True, True, True],
    }[breach]
