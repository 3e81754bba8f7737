"""A rule package (规则包): every number of the window's policy as one versioned document with an effective date.

The default package is data (escalation/data/rules_v1.json, policy.md section F); a city saves its own as a new version.
A package is parsed strictly, so that a mistyped key is refused when it is entered and not when a limit runs out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from cases.rules.classes import Difficulty, Nature
from escalation.rules.calendar import CalendarError, RestDay
from escalation.rules.deadlines import Limit, Unit, parse_limit
from escalation.rules.hours import CHINA


class Breach(StrEnum):
    """What a missed limit leads to (policy.md F3 "on breach", F4)."""

    BLUE = "blue"  # a blue reminder, once overdue
    YELLOW = "yellow"  # a step yellow, once overdue (after `grace_days`)
    LADDER = "ladder"  # blue before, yellow when overdue, red when gravely overdue


class Step(NamedTuple):
    """One obligation's limit and what its breach leads to; `grace_days` full working days pass before the signal."""

    limit: Limit
    breach: Breach
    grace_days: int = 0


@dataclass(frozen=True)
class Ladder:
    """When signals go out (policy.md F4): all at `issue_at`, the morning hour of a working day. Days are working days."""

    issue_at: time
    soon_from_days: int  # limits shorter than this get no blue before the due day
    half_from_days: int  # limits of at least this many days get a blue when half of them is used
    red_after_days: int  # full working days over


class Points(NamedTuple):
    """What a card of each colour costs a unit."""

    blue: int = 0
    yellow: int = 5
    red: int = 10


@dataclass(frozen=True)
class Parameters:
    """Numbers beside the limits, each with its default from policy.md F3 and F4; days are working days but for the last."""

    reopening_within_days: int = 10  # for taking a closed case up again without new facts
    reopening_most_days: int = 10  # the longest limit after that
    points: Points = field(default_factory=Points)
    points_basis: str = ""  # 考核依据的文号; without it points are shown as 试行，不计分
    first_late_days: int = 90  # natural days: a first late signing or contact in so many is a reminder


@dataclass(frozen=True)
class RulePackage:
    """One immutable version of the rules, in force for cases accepted from `effective_from` on."""

    version: int
    name: str
    effective_from: date
    rest_day: RestDay
    deemed_acceptance: bool
    difficulty_limits: Mapping[Difficulty, Limit]
    nature_limits: Mapping[Nature, Limit]
    case_breach: Breach
    steps: Mapping[str, Step]
    ladder: Ladder
    parameters: Parameters = field(default_factory=Parameters)

    def case_limit(self, difficulty: Difficulty, nature: Nature | None) -> Limit:
        """Return the limit of a whole case: the smaller of the two axes (policy.md F2).

        >>> package = example_package()
        >>> package.case_limit(Difficulty.COMPLEX, None).text, package.case_limit(Difficulty.COMPLEX, Nature.REFUSED).text
        ('5 个工作日', '2 个工作日')
        >>> package.case_limit(Difficulty.INSTANT, Nature.CANNOT).text
        '当日'
        """
        by_difficulty = self.difficulty_limits[difficulty]
        by_nature = self.nature_limits.get(nature) if nature else None
        return by_nature if by_nature and by_nature.amount < by_difficulty.amount else by_difficulty

    def limit_again(self, difficulty: Difficulty, nature: Nature | None) -> Limit:
        """Return the limit of a case taken up again: that of its class, within bounds (policy.md F3, reopen).

        What was solved on the spot and was not solved is no longer 即办.

        >>> package = example_package()
        >>> [package.limit_again(d, None).amount for d in (Difficulty.INSTANT, Difficulty.SPECIAL, Difficulty.HARD)]
        [3, 10, 10]
        """
        again = Difficulty.ORDINARY if difficulty is Difficulty.INSTANT else difficulty
        limit = self.case_limit(again, nature)
        return limit._replace(amount=min(limit.amount, self.parameters.reopening_most_days))


class Rulebook:
    """All versions of the rules, so that each case keeps the one it was accepted under."""

    def __init__(self, packages: Sequence[RulePackage]) -> None:
        if not packages:
            raise CalendarError("没有规则包，请先载入默认规则。")
        self._by_version = {package.version: package for package in packages}
        self._in_order = sorted(packages, key=lambda package: (package.effective_from, package.version))

    def version(self, number: int) -> RulePackage:
        """Return one version."""
        if number not in self._by_version:
            raise CalendarError(f"没有第 {number} 版规则。")
        return self._by_version[number]

    def in_force_at(self, moment: datetime) -> RulePackage:
        """Return the package in force at a moment; before the first one takes effect, the first.

        >>> day = datetime(2026, 1, 1, tzinfo=CHINA)
        >>> Rulebook([example_package()]).in_force_at(day).version
        1
        """
        day = moment.astimezone(CHINA).date()
        return next((p for p in reversed(self._in_order) if p.effective_from <= day), self._in_order[0])


_UNREAD = {"source"}


def parse_package(document: Mapping[str, Any]) -> RulePackage:
    """Read a rule package from its JSON document; CalendarError says in Chinese what is wrong.

    `source`, and what later rules will read of `parameters`, are kept in the document and not interpreted here.
    """
    unknown = sorted(document.keys() - RulePackage.__dataclass_fields__.keys() - _UNREAD)
    if unknown:
        raise CalendarError(f"规则包中有不认识的项：{'、'.join(unknown)}。")
    try:
        ladder = document["ladder"]
        return RulePackage(
            version=int(document["version"]),
            name=str(document["name"]),
            effective_from=date.fromisoformat(document["effective_from"]),
            rest_day=RestDay(document["rest_day"]),
            deemed_acceptance=bool(document["deemed_acceptance"]),
            difficulty_limits=_axis(Difficulty, document["difficulty_limits"]),
            nature_limits=_axis(Nature, document["nature_limits"]),
            case_breach=Breach(document["case_breach"]),
            steps=MappingProxyType({name: _step(value) for name, value in document["steps"].items()}),
            ladder=Ladder(**{**ladder, "issue_at": time.fromisoformat(ladder["issue_at"])}),
            parameters=_parameters(document.get("parameters", {})),
        )
    except KeyError as missing:
        raise CalendarError(f"规则包缺少或不认识：{missing}。") from None
    except (TypeError, AttributeError, ValueError) as wrong:
        raise CalendarError(f"规则包内容无效：{wrong}") from None


def _parameters(document: Mapping[str, Any]) -> Parameters:
    """Read the numbers beside the limits; what a package does not say keeps its default.

    >>> _parameters({"points": {"blue": 0, "yellow": 3, "red": 6, "basis": "岐考评〔2026〕2号"}}).points.red
    6
    >>> _parameters({"first_late_days": "ninety"})
    Traceback (most recent call last):
    ValueError: first_late_days 应为非负整数
    """
    usual = Parameters()
    reopening, points = document.get("reopening", {}), document.get("points", {})
    return Parameters(
        _number(reopening, "within_days", usual.reopening_within_days),
        _number(reopening, "most_days", usual.reopening_most_days),
        Points(*(_number(points, colour, most) for colour, most in usual.points._asdict().items())),
        str(points.get("basis") or "").strip(),
        _number(document, "first_late_days", usual.first_late_days),
    )


def _number(document: Mapping[str, Any], name: str, usual: int) -> int:
    value = document.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} 应为非负整数")
    return value


def _axis(axis: type[Any], document: Mapping[str, Any]) -> Mapping[Any, Limit]:
    """Read the limits of one axis; a whole case is limited in working days or to the same day."""
    limits = {axis(name): parse_limit(value) for name, value in document.items()}
    if any(limit.unit not in {Unit.DAYS, Unit.SAME_DAY} for limit in limits.values()):
        raise CalendarError("整件时限只能用工作日或当日。")
    if axis is Difficulty and limits.keys() != set(Difficulty):
        raise CalendarError("每一种难度都要有时限。")
    return MappingProxyType(limits)


def _step(document: Mapping[str, Any]) -> Step:
    """Read one step: {"limit": {…}, "breach": "blue", "grace_days": 1}."""
    unknown = document.keys() - {"limit", "breach", "grace_days"}
    if unknown:
        raise ValueError(f"步骤中有不认识的项 {sorted(unknown)}")
    return Step(
        parse_limit(document["limit"]), Breach(document["breach"]), int(document.get("grace_days", 0))
    )


def example_package() -> RulePackage:
    """Return the limits of policy.md F2 with the steps that clocks need, for doctests.

    >>> sorted(example_package().steps)
    ['acceptance', 'answer', 'call_back', 'check', 'co_answer', 'contact', 'dispatch', 'sign']
    """
    return parse_package(
        {
            "version": 1,
            "name": "示例",
            "effective_from": "2026-01-01",
            "rest_day": "deemed",
            "deemed_acceptance": True,
            "difficulty_limits": {
                "instant": {"same_day": {}},
                "ordinary": {"days": 3},
                "complex": {"days": 5},
                "special": {"days": 10},
                "hard": {"days": 20},
            },
            "nature_limits": {"cannot": {"days": 3}, "refused": {"days": 2}},
            "case_breach": "ladder",
            "steps": {
                "acceptance": {"limit": {"days": 1}, "breach": "blue"},
                "dispatch": {
                    "limit": {"same_day": {"late_after": "16:30", "late_due": "10:00"}},
                    "breach": "blue",
                },
                "sign": {"limit": {"hours": 4}, "breach": "yellow", "grace_days": 1},
                "contact": {"limit": {"days": 1}, "breach": "yellow"},
                "check": {"limit": {"days": 1}, "breach": "blue"},
                "call_back": {"limit": {"days": 2}, "breach": "blue"},
                "answer": {"limit": {"as_case": 1}, "breach": "ladder"},
                "co_answer": {"limit": {"half_of_case": 1}, "breach": "yellow"},
            },
            "ladder": {"issue_at": "08:30", "soon_from_days": 2, "half_from_days": 10, "red_after_days": 3},
        }
    )
