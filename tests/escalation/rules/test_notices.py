"""Who is told what: the table of notices, in the words of the glossary."""

from __future__ import annotations

import pytest

from cases.rules.kinds import KINDS, Kind
from escalation.rules.notices import TITLES, TOLD, Addressees, addressees, scenes, title_of
from tests.escalation.rules.test_clocks import story

JOINT = (
    "11-23 09:30 submitted",
    "11-23 10:00 accepted",
    "11-23 11:00 dispatched 7",
    "11-23 11:00 dispatched 8 co",
)


def told(*lines: str, **data) -> list[str]:
    """To whom the last event of a story is told: roles with d(epartment), h(all) or city, and ranks."""
    timeline = story(*lines)
    timeline[-1] = timeline[-1]._replace(data={**timeline[-1].data, **data})
    (scene,) = scenes(timeline, len(timeline) - 1, 1)
    return sorted(f"{role.value}@{_place(to)}" for to in addressees(scene) for role in to.roles)


def _place(to: Addressees) -> str:
    place = f"d{to.department_id}" if to.department_id else f"h{to.hall_id}" if to.hall_id else "city"
    return place + (f" rank {sorted(to.ranks)}" if to.ranks else "")


CASES = [
    (("11-23 11:00 dispatched 9",), {}, ["handler@d109", "liaison@d109"]),
    (("11-24 09:00 answered 8",), {}, []),
    (("11-24 09:00 answered 7", "11-24 09:00 answered 8"), {}, ["clerk@h1", "clerk_lead@h1"]),
    (("11-24 09:00 answered 7", "11-24 10:00 sent_back 7"), {}, ["handler@d107", "liaison@d107"]),
    (
        ("11-24 09:00 supplemented",),
        {},
        ["clerk@h1", "clerk_lead@h1", "handler@d107", "handler@d108", "liaison@d107", "liaison@d108"],
    ),
    (("11-24 09:00 withdrawn",), {}, ["handler@d107", "handler@d108", "liaison@d107", "liaison@d108"]),
    (("11-24 09:00 closed", "11-25 09:00 reopened"), {}, ["clerk@h1", "clerk_lead@h1", "supervisor@city"]),
    (
        ("11-24 09:00 supervised",),
        {},
        [f"{role}@d{department}" for role in ("handler", "head", "liaison") for department in (107, 108)],
    ),
    (("11-24 09:00 closed", "11-25 09:00 rated"), {"resolution": "solved", "grade": 3}, []),
    (
        ("11-24 09:00 closed", "11-25 09:00 rated"),
        {"resolution": "solved", "grade": 2},
        ["clerk_lead@h1", "supervisor@city"],
    ),
    (
        ("11-24 09:00 closed", "11-25 09:00 called_back"),
        {"resolution": "unsolved", "grade": 4},
        ["clerk_lead@h1", "supervisor@city"],
    ),
    (("11-24 09:00 closed", "11-25 09:00 called_back"), {"reached": False}, []),
]


@pytest.mark.parametrize(("lines", "data", "expected"), CASES, ids=[c[0][-1] + str(c[1]) for c in CASES])
def test_who_is_told(lines, data, expected):
    assert told(*JOINT, *lines, **data) == expected


def test_before_a_dispatch_and_after_a_reopening_the_window_is_told_of_a_supervision():
    before = ("11-23 09:30 submitted", "11-23 09:40 supervised")
    after = (*JOINT, "11-24 09:00 closed", "11-25 09:00 reopened", "11-25 10:00 supervised")
    assert told(*before) == told(*after) == ["clerk@h1", "clerk_lead@h1"]


@pytest.mark.parametrize(
    ("colour", "unit", "expected"),
    [
        ("blue", {"department_id": 107}, ["handler@d107", "liaison@d107"]),
        (
            "yellow",
            {"department_id": 107},
            ["handler@d107", "head@d107 rank [2]", "liaison@d107", "supervisor@city"],
        ),
        (
            "red",
            {"department_id": 107},
            [
                "bureau_leader@city",
                "handler@d107",
                "head@d107 rank [2, 3]",
                "liaison@d107",
                "supervisor@city",
            ],
        ),
        ("blue", {"hall_id": 1}, ["clerk_lead@h1"]),
        ("yellow", {"hall_id": 1}, ["clerk_lead@h1", "supervisor@city"]),
        ("red", {"hall_id": 1}, ["bureau_leader@city", "clerk_lead@h1", "supervisor@city"]),
    ],
)
def test_a_card_climbs_with_its_colour(colour, unit, expected):
    assert told(*JOINT, "11-27 08:30 card_issued", colour=colour, **unit) == expected


def test_only_what_was_recorded_since_is_told():
    timeline = story(*JOINT)
    assert [scene.event.version for scene in scenes(timeline, 2, 1)] == [3, 4]
    assert scenes(timeline, 4, 1) == []


@pytest.mark.parametrize("kind", list(TOLD))
def test_each_notice_has_a_title(kind):
    assert kind in TITLES or kind is Kind.CARD_ISSUED
    assert title_of(kind, "red", "case", "red")
    assert KINDS[kind]
