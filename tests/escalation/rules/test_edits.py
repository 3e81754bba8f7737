"""What may be changed in a rule package, and what does not go together."""

from __future__ import annotations

import pytest

from escalation.rules.edits import edits_of, shown, typed, value_at, with_values, wrong_pairs
from escalation.rules.limits import parse_package
from escalation.services.national import default_rules

DOCUMENT = default_rules()


def test_what_is_shown_and_typed_unchanged_is_the_same_document():
    values = {
        edit.place: typed(edit, shown(edit, value_at(DOCUMENT, edit.place))) for edit in edits_of(DOCUMENT)
    }
    assert with_values(DOCUMENT, values) == DOCUMENT


def test_each_number_that_is_not_fixed_elsewhere_has_a_field():
    def numbers(document, place=()):
        if isinstance(document, dict):
            for name, value in document.items():
                yield from numbers(value, (*place, name))
        elif isinstance(document, int) and not isinstance(document, bool):
            yield place

    fixed = {
        ("version",),
        ("steps", "answer", "limit", "as_case"),
        ("parameters", "reopening", "times"),
        ("parameters", "callback", "attempts"),
        ("parameters", "callback", "on_days"),
    }
    assert set(numbers(DOCUMENT)) - {edit.place for edit in edits_of(DOCUMENT)} == fixed


@pytest.mark.parametrize("edit", edits_of(DOCUMENT), ids=lambda edit: edit.name)
def test_the_bounds_of_each_field_are_bounds_that_the_parser_takes(edit):
    ends = {"number": (edit.least, edit.most), "clock": ("00:00", "23:59"), "text": ("", "岐考评〔2026〕2号")}
    choices = tuple(typed(edit, value) for value, _ in edit.choices)
    for value in choices or ends[edit.kind.value]:
        parse_package(with_values(DOCUMENT, {edit.place: value}))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("difficulty_limits", "special", "days"), 4),
        (("parameters", "points", "red"), 4),
        (("ladder", "half_from_days"), 1),
        (("steps", "answer", "grace_days"), 3),
    ],
)
def test_what_does_not_go_together_is_said_at_its_place(place, value):
    assert [found for found, _ in wrong_pairs(with_values(DOCUMENT, {place: value}))] == [place]
    assert list(wrong_pairs(DOCUMENT)) == []
