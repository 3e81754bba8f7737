"""The numbers of a rule package beside its limits (规则参数): reopening, extension, suspension, points, trial run.

`PLACES` says where each stands in the document, so that parser, form and sentences read one list. Source: policy.md F1, F3, F4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, NamedTuple

from cases.rules.classes import CALL_ATTEMPTS, CALL_DAYS, REOPENINGS, Difficulty
from escalation.rules.reading import whole


class Points(NamedTuple):
    """What a card of each colour costs a unit."""

    blue: int = 0
    yellow: int = 5
    red: int = 10


@dataclass(frozen=True)
class Parameters:
    """Numbers with their defaults from policy.md; days are working days except where said otherwise."""

    reopening_within_days: int = 10  # for taking a closed case up again without new facts
    reopening_most_days: int = 10  # the longest limit after that
    reopening_times: int = REOPENINGS
    extension_times: int = 1  # for one case
    extension_most_days: int = 10  # and never more than the original limit
    extension_apply_days_before: int = 1  # before the limit ends
    extension_left_days: int = 1  # at least so many remain after a refusal
    suspension_most_days: int = 20  # each, and each renewal
    suspension_review_days: int = 5  # between two looks at whether it is still needed
    call_back_attempts: int = CALL_ATTEMPTS
    call_back_on_days: int = CALL_DAYS  # different natural days
    first_late_days: int = 90  # natural days: a first late signing or contact in so many is a reminder
    ignored_blues_points: int = 3  # for three ignored in a row in a month
    shadow_days_new_city: int = 40  # 试运行
    shadow_days_ladder_change: int = 20
    points: Points = field(default_factory=Points)
    points_basis: str = ""  # 考核依据的文号; without it points are shown as 试行，不计分
    interim_days: Mapping[Difficulty, int] = field(
        default_factory=dict
    )  # an interim report each so many days


# Where each number stands in `parameters` of the document.
PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "reopening_within_days": ("reopening", "within_days"),
        "reopening_most_days": ("reopening", "most_days"),
        "reopening_times": ("reopening", "times"),
        "extension_times": ("extension", "times"),
        "extension_most_days": ("extension", "most_days"),
        "extension_apply_days_before": ("extension", "apply_days_before"),
        "extension_left_days": ("extension", "left_after_refusal_days"),
        "suspension_most_days": ("suspension", "most_days"),
        "suspension_review_days": ("suspension", "review_days"),
        "call_back_attempts": ("callback", "attempts"),
        "call_back_on_days": ("callback", "on_days"),
        "first_late_days": ("first_late_days",),
        "ignored_blues_points": ("points", "three_blues_ignored"),
        "shadow_days_new_city": ("shadow_days", "new_city"),
        "shadow_days_ladder_change": ("shadow_days", "ladder_change"),
    }
)
# What the portal counts by itself (cases.rules): a package may say it, and nothing else.
FIXED = ("reopening_times", "call_back_attempts", "call_back_on_days")
# What no function of the portal goes by yet (尚未启用): marked in sentences and form.
WAITING = frozenset(
    {
        "extension_left_days",
        "ignored_blues_points",
        "interim_days",
        "shadow_days_new_city",
        "shadow_days_ladder_change",
    }
)
_OTHERS = {("points", "basis"), *(("points", colour) for colour in Points._fields)}
_OTHERS |= {("interim_report_days", difficulty.value) for difficulty in Difficulty}
_KNOWN = frozenset({*PLACES.values(), *_OTHERS})


def parse_parameters(document: Mapping[str, Any]) -> Parameters:
    """Read `parameters` of a document; what it does not say keeps its default, what it mistypes is refused.

    >>> read = parse_parameters({"points": {"blue": 0, "yellow": 3, "red": 6, "basis": "岐考评〔2026〕2号"}, "extension": {"times": 2}})
    >>> read.points.red, read.points_basis, read.extension_times, read.extension_most_days
    (6, '岐考评〔2026〕2号', 2, 10)
    >>> parse_parameters({"first_late_days": "ninety"})
    Traceback (most recent call last):
    ValueError: first_late_days 应为 0 至 2000 的整数
    >>> parse_parameters({"extention": {"times": 2}})
    Traceback (most recent call last):
    ValueError: parameters 中有不认识的项：extention.times
    >>> parse_parameters({"reopening": {"times": 5}})
    Traceback (most recent call last):
    ValueError: reopening.times 只能是 2，门户按这个数办理
    """
    leaves = _leaves(document)
    unknown = sorted(".".join(place) for place in leaves.keys() - _KNOWN)
    if unknown:
        raise ValueError(f"parameters 中有不认识的项：{'、'.join(unknown)}")
    usual = {row.name: row.default for row in fields(Parameters) if row.name in PLACES}
    numbers = {name: _number(leaves, place, usual[name]) for name, place in PLACES.items()}
    for name in FIXED:
        if numbers[name] != usual[name]:
            raise ValueError(f"{'.'.join(PLACES[name])} 只能是 {usual[name]}，门户按这个数办理")
    interim = {
        Difficulty(place[1]): _number(leaves, place, 1, least=1)
        for place in leaves
        if place[0] == "interim_report_days"
    }
    points = Points(
        *(_number(leaves, ("points", colour), most) for colour, most in Points._field_defaults.items())
    )
    basis = leaves.get(("points", "basis"))
    if basis is not None and not isinstance(basis, str):
        raise ValueError("points.basis 应为文字")
    return Parameters(
        **numbers, points=points, points_basis=(basis or "").strip(), interim_days=MappingProxyType(interim)
    )


def _number(
    leaves: Mapping[tuple[str, ...], Any], place: tuple[str, ...], usual: Any, *, least: int = 0
) -> int:
    return whole(leaves.get(place, usual), ".".join(place), least=least)


def _leaves(document: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """Return the values of a document of at most two levels, by their place."""
    if not isinstance(document, Mapping):
        raise ValueError("parameters 应为一组参数")
    found: dict[tuple[str, ...], Any] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= {(name, inner): leaf for inner, leaf in value.items()}
        else:
            found[name,] = value
    return found
