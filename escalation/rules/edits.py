"""Editing a rule package (修改规则): which values of a document a person may change, and the document that results.

An entry knows its place in the document, what it is called and which values are sensible; the form is built from the list and
says what is wrong at each field. What no clock goes by yet is marked, what the portal fixes elsewhere is left out.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from cases.rules.classes import Difficulty, Nature
from cases.rules.words import ACTS, COLOURS, DIFFICULTY, NATURE
from escalation.rules.calendar import RestDay
from escalation.rules.deadlines import Unit
from escalation.rules.limits import STEPS, Breach
from escalation.rules.parameters import PLACES, WAITING, Parameters
from escalation.rules.reading import clock_time
from escalation.rules.sentences import RIGHTS, STEP_WORDS, WAITING_STEPS

Place = tuple[str, ...]
DAYS = "个工作日"
EXTENDING, SUSPENDING, REOPENING = ACTS["extend"], ACTS["suspend"], ACTS["reopen"]


class Kind(StrEnum):
    """What a person types."""

    NUMBER = "number"
    CLOCK = "clock"
    CHOICE = "choice"
    TEXT = "text"


class Section(StrEnum):
    """The parts of the form, as in policy.md F1–F4."""

    COUNTING = "counting"
    CLASSES = "classes"
    STEPS = "steps"
    CARDS = "cards"
    CHANGES = "changes"
    TRIAL = "trial"


class Edit(NamedTuple):
    """One value that may be changed; `row` is the step that it belongs to, `waits` that nothing goes by it yet."""

    section: Section
    place: Place
    label: str
    kind: Kind = Kind.NUMBER
    unit: str = DAYS
    least: int = 0
    most: int = 250
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    row: str = ""
    waits: bool = False

    @property
    def name(self) -> str:
        """The name of its field.

        >>> Edit(Section.CARDS, ("ladder", "red_after_days"), "红牌").name
        'ladder-red_after_days'
        """
        return "-".join(self.place)


def edits_of(document: Mapping[str, Any]) -> list[Edit]:
    """Return what may be changed in a document, in the order of the form. Limits keep their unit.

    >>> from escalation.rules.limits import example_document
    >>> [edit.label for edit in edits_of(example_document()) if edit.section is Section.CLASSES]
    ['一般', '复杂', '特殊', '难点', '办不了', '很难办', '不给办']
    """
    return [*_counting(), *_classes(document), *_steps(document), *_cards(), *_changes(), *_trial()]


def value_at(document: Mapping[str, Any], place: Place) -> Any:
    """Return the value at a place: what the document says, else the default; None where there is none.

    >>> value_at({"parameters": {}}, ("parameters", "extension", "times")), value_at({}, ("ladder", "red_after_days"))
    (1, None)
    """
    found: Any = document
    for name in place:
        if not isinstance(found, Mapping) or name not in found:
            return _DEFAULTS.get(place)
        found = found[name]
    return found


def with_values(document: Mapping[str, Any], values: Mapping[Place, Any]) -> dict[str, Any]:
    """Return a copy with values put at their places; None takes away what may be missing.

    >>> base = {"nature_limits": {"cannot": {"days": 3}}, "steps": {}}
    >>> with_values(base, {("nature_limits", "cannot", "days"): None, ("nature_limits", "difficult", "days"): 8})
    {'nature_limits': {'difficult': {'days': 8}}, 'steps': {}}
    """
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for place, value in values.items():
        if value == value_at(document, place):
            continue  # what is not changed stays as it was written, also where it was not
        inner = changed
        for name in place[:-1]:
            inner = inner.setdefault(name, {})
        if value is not None or place[0] == "parameters":
            inner[place[-1]] = value
        elif place[0] == "nature_limits":
            del changed["nature_limits"][place[1]]
    return changed


_DEFAULTS: Mapping[Place, Any] = {
    **{("parameters", *place): getattr(Parameters(), name) for name, place in PLACES.items()},
    **{("parameters", "points", colour): most for colour, most in Parameters().points._asdict().items()},
    **{("steps", step, "grace_days"): 0 for step in STEPS},
}


def _counting() -> Iterator[Edit]:
    yield Edit(
        Section.COUNTING,
        ("rest_day",),
        "休息日收到的",
        Kind.CHOICE,
        choices=(
            (RestDay.DEEMED.value, "视为下一个工作日收到"),
            (RestDay.NATURAL.value, "从下一个工作日起算"),
        ),
    )
    yield Edit(
        Section.COUNTING,
        ("deemed_acceptance",),
        "逾期没有决定是否受理的",
        Kind.CHOICE,
        choices=(("yes", "视为登记时已经受理"), ("no", "仍从受理时起算")),
    )


def _classes(document: Mapping[str, Any]) -> Iterator[Edit]:
    for difficulty in Difficulty:
        if "days" in document["difficulty_limits"][difficulty.value]:
            place = ("difficulty_limits", difficulty.value, "days")
            yield Edit(Section.CLASSES, place, DIFFICULTY[difficulty], least=1)
    for nature in Nature:
        if "same_day" not in document["nature_limits"].get(nature.value, {}):
            place = ("nature_limits", nature.value, "days")
            yield Edit(Section.CLASSES, place, NATURE[nature], least=1, optional=True)


def _steps(document: Mapping[str, Any]) -> Iterator[Edit]:
    for step in (name for name in STEPS if name in document["steps"]):
        title, waits = STEP_WORDS[step][0], step in WAITING_STEPS
        for unit, inner in document["steps"][step]["limit"].items():
            yield from _limit(step, title, Unit(unit), inner, waits)
        if step not in RIGHTS:
            place = ("steps", step, "breach")
            words = (COLOURS["blue"], COLOURS["yellow"], "逐级亮牌")
            choices = tuple(zip((b.value for b in Breach), words, strict=True))
            yield Edit(
                Section.STEPS, place, f"{title}超期后", Kind.CHOICE, choices=choices, row=step, waits=waits
            )
            place = ("steps", step, "grace_days")
            yield Edit(Section.STEPS, place, f"{title}超期满几个工作日才亮牌", most=20, row=step, waits=waits)


def _limit(step: str, title: str, unit: Unit, inner: Any, waits: bool) -> Iterator[Edit]:
    place = ("steps", step, "limit", unit.value)
    if unit is Unit.SAME_DAY:
        for name, label in (("late_after", "晚于几点算迟"), ("late_due", "迟的次日几点前")):
            if name in inner:
                yield Edit(
                    Section.STEPS, (*place, name), f"{title}：{label}", Kind.CLOCK, "", row=step, waits=waits
                )
    elif unit in {Unit.DAYS, Unit.HOURS, Unit.HALF_OF_CASE}:
        words = {Unit.DAYS: DAYS, Unit.HOURS: "个工作小时", Unit.HALF_OF_CASE: "个工作日（至少）"}[unit]
        most = 80 if unit is Unit.HOURS else 60
        yield Edit(Section.STEPS, place, title, Kind.NUMBER, words, 1, most, row=step, waits=waits)


def _cards() -> Iterator[Edit]:
    blue, red = COLOURS["blue"], COLOURS["red"]
    yield Edit(Section.CARDS, ("ladder", "issue_at"), "每个工作日亮牌的时刻", Kind.CLOCK, "")
    yield Edit(Section.CARDS, ("ladder", "soon_from_days"), f"时限多长才在到期前作{blue}")
    yield Edit(Section.CARDS, ("ladder", "half_from_days"), f"时限多长才在用去一半时作{blue}", least=2)
    yield Edit(Section.CARDS, ("ladder", "red_after_days"), f"超期满多久转为{red}", least=1, most=60)
    words = {Breach.BLUE: f"只作{blue}", Breach.YELLOW: f"只亮{COLOURS['yellow']}", Breach.LADDER: "逐级亮牌"}
    choices = tuple((breach.value, word) for breach, word in words.items())
    yield Edit(Section.CARDS, ("case_breach",), "整件超期后", Kind.CHOICE, choices=choices)
    label = f"多久以内第一次签收或首次联系超期只作{blue}"
    yield _parameter(Section.CARDS, "first_late_days", label, "天", most=730)


def _changes() -> Iterator[Edit]:
    for name, label, unit, least in (
        ("extension_apply_days_before", f"{EXTENDING}至迟在到期前多久申请", DAYS, 0),
        ("extension_times", f"每件最多{EXTENDING}", "次", 0),
        ("extension_most_days", f"每次{EXTENDING}最长", DAYS, 1),
        ("extension_left_days", f"不同意{EXTENDING}的至少留", DAYS, 0),
        ("suspension_most_days", f"每次{SUSPENDING}最长", DAYS, 1),
        ("suspension_review_days", f"{SUSPENDING}期间多久复核一次", DAYS, 1),
        ("reopening_within_days", f"办结后多久以内可以{REOPENING}", DAYS, 1),
        ("reopening_most_days", f"{REOPENING}的时限最长", DAYS, 1),
    ):
        yield _parameter(Section.CHANGES, name, label, unit, least)
    place = ("parameters", "interim_report_days", Difficulty.HARD.value)
    label = f"{DIFFICULTY[Difficulty.HARD]}事项多久作一次阶段答复"
    yield Edit(Section.CHANGES, place, label, least=1, waits="interim_days" in WAITING)


def _parameter(
    section: Section, name: str, label: str, unit: str = DAYS, least: int = 0, most: int = 250
) -> Edit:
    """A number of `parameters`, by its name there."""
    place = ("parameters", *PLACES[name])
    return Edit(section, place, label, unit=unit, least=least, most=most, waits=name in WAITING)


def _trial() -> Iterator[Edit]:
    for colour, word in COLOURS.items():
        yield Edit(Section.TRIAL, ("parameters", "points", colour), f"{word}扣分", unit="分", most=100)
    label = f"连续 3 次{COLOURS['blue']}没有理会扣分"
    yield _parameter(Section.TRIAL, "ignored_blues_points", label, "分", most=100)
    basis = ("parameters", "points", "basis")
    yield Edit(Section.TRIAL, basis, "考核依据的文号", Kind.TEXT, "", most=120, optional=True)
    yield _parameter(Section.TRIAL, "shadow_days_new_city", "新城市试运行")
    yield _parameter(Section.TRIAL, "shadow_days_ladder_change", "改动亮牌规则后试运行")


def wrong_pairs(document: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Say which values do not go together, each with the place to mend.

    >>> from escalation.rules.limits import example_document
    >>> shorter = with_values(example_document(), {("difficulty_limits", "complex", "days"): 2})
    >>> list(wrong_pairs(shorter))
    [(('difficulty_limits', 'complex', 'days'), '复杂事项的时限不能比一般事项短。')]
    """
    days = [(d, document["difficulty_limits"][d.value].get("days", 0)) for d in Difficulty]
    for (easier, less), (harder, more) in pairwise(days):
        if more < less:
            place = ("difficulty_limits", harder.value, "days")
            yield place, f"{DIFFICULTY[harder]}事项的时限不能比{DIFFICULTY[easier]}事项短。"
    yellow, red = (value_at(document, ("parameters", "points", colour)) for colour in ("yellow", "red"))
    if red < yellow:
        yield (
            ("parameters", "points", "red"),
            f"{COLOURS['red']}代替{COLOURS['yellow']}的扣分，不能比{COLOURS['yellow']}扣得少。",
        )
    if value_at(document, ("ladder", "half_from_days")) < value_at(document, ("ladder", "soon_from_days")):
        yield (
            ("ladder", "half_from_days"),
            f"用去一半时的{COLOURS['blue']}不能比到期前的{COLOURS['blue']}先有。",
        )
    red_after = document["ladder"]["red_after_days"]
    for name, step in document["steps"].items():
        if step["breach"] == Breach.LADDER and step.get("grace_days", 0) >= red_after:
            yield ("steps", name, "grace_days"), f"要比转为{COLOURS['red']}的 {red_after} 个工作日少。"


def shown(edit: Edit, value: Any) -> Any:
    """Return a value of the document as its field wants it."""
    if edit.kind is Kind.CLOCK and value is not None:
        return clock_time(value, edit.label)
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def typed(edit: Edit, value: Any) -> Any:
    """Return what was typed as the document wants it.

    >>> rest, deemed = _counting()
    >>> typed(deemed, "yes"), typed(rest, "natural"), typed(next(_cards()), time(9, 5))
    (True, 'natural', '09:05')
    """
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if edit.place == ("deemed_acceptance",):
        return value == "yes"
    return None if value == "" else value
