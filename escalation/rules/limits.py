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
from typing import Any, NamedTuple, TypeVar

from cases.rules.classes import Difficulty, Nature
from escalation.rules.calendar import CalendarError, RestDay
from escalation.rules.deadlines import Limit, Unit, parse_limit
from escalation.rules.hours import CHINA
from escalation.rules.parameters import Parameters, parse_parameters
from escalation.rules.reading import clock_time, day, one_of, only, text, whole, yes_or_no

_Word = TypeVar("_Word", bound=StrEnum)


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

    def beside(self, package: RulePackage) -> Rulebook:
        """Return these versions and one that is not saved yet."""
        return Rulebook([*self._in_order, package])

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


# The steps (环节) that a package may limit; `services.packages` knows which it must. The last four wait for their rules.
STEPS = (
    *("acceptance", "dispatch", "sign", "contact", "return", "answer", "co_answer", "check", "call_back"),
    *("rating_contact", "rectify", "meeting", "meeting_minutes", "appeal"),
    *("decide", "explain", "appeal_ruling", "appeal_review"),
)
WITHIN_CASE = frozenset({"answer", "co_answer"})  # may be limited by what remains of the whole case
_KNOWN = frozenset({*RulePackage.__dataclass_fields__, "source"})


def parse_package(document: Mapping[str, Any]) -> RulePackage:
    """Read a rule package from its JSON document; CalendarError says in Chinese what is wrong.

    >>> example = example_document()
    >>> def refused(**wrong: object) -> str:
    ...     try:
    ...         return str(parse_package(example | wrong).version)
    ...     except CalendarError as error:
    ...         return str(error)
    >>> refused(version=True)
    '规则包内容无效：version 应为 1 至 2000 的整数'
    >>> refused(deemed_acceptance=1), refused(steps={"singing": {}})
    ('规则包内容无效：deemed_acceptance 应为 true 或 false', '规则包内容无效：steps 中有不认识的项：singing')
    >>> refused(ladder=example["ladder"] | {"issue_at": "8:30"}), refused(case_breach="green")
    ('规则包内容无效：issue_at 应为 08:30 这样的时刻', '规则包内容无效：case_breach 没有 green 这一种')
    """
    try:
        only(document, _KNOWN, "规则包")
        return RulePackage(
            version=whole(document["version"], "version", least=1),
            name=text(document["name"], "name"),
            effective_from=day(document["effective_from"], "effective_from"),
            rest_day=one_of(RestDay, document["rest_day"], "rest_day"),
            deemed_acceptance=yes_or_no(document["deemed_acceptance"], "deemed_acceptance"),
            difficulty_limits=_axis(Difficulty, document["difficulty_limits"], "difficulty_limits"),
            nature_limits=_axis(Nature, document["nature_limits"], "nature_limits"),
            case_breach=one_of(Breach, document["case_breach"], "case_breach"),
            steps=_steps(document["steps"]),
            ladder=_ladder(document["ladder"]),
            parameters=parse_parameters(document.get("parameters", {})),
        )
    except KeyError as missing:
        raise CalendarError(f"规则包缺少 {missing.args[0]}。") from None
    except ValueError as wrong:
        raise CalendarError(f"规则包内容无效：{wrong}") from None


def _axis(axis: type[_Word], document: Mapping[str, Any], where: str) -> Mapping[_Word, Limit]:
    """Read the limits of one axis; a whole case is limited in working days or to the same day."""
    only(document, frozenset(axis), where)
    limits = {axis(name): _limit(value, name) for name, value in document.items()}
    if any(limit.unit not in {Unit.DAYS, Unit.SAME_DAY} for limit in limits.values()):
        raise CalendarError("整件时限只能用工作日或当日。")
    if axis is Difficulty and limits.keys() != set(Difficulty):
        raise CalendarError("每一种难度都要有时限。")
    return MappingProxyType(limits)


def _limit(document: Mapping[str, Any], where: str) -> Limit:
    """Read a limit, its hours strictly; of as_case the number says nothing."""
    only(document, frozenset(Unit), where)
    if isinstance(late := document.get("same_day"), Mapping):
        for name, value in late.items():
            clock_time(value, name)
    limit = parse_limit(document)
    if limit.unit is Unit.AS_CASE and limit.amount != 1:
        raise ValueError(f"{where} 的 as_case 只能写 1")
    return limit


def _steps(document: Mapping[str, Any]) -> Mapping[str, Step]:
    only(document, frozenset(STEPS), "steps ")
    return MappingProxyType({name: _step(name, value) for name, value in document.items()})


def _step(name: str, document: Mapping[str, Any]) -> Step:
    """Read one step: {"limit": {…}, "breach": "blue", "grace_days": 1}."""
    only(document, frozenset({"limit", "breach", "grace_days"}), f"环节 {name} ")
    limit = _limit(document["limit"], name)
    if limit.unit in {Unit.AS_CASE, Unit.HALF_OF_CASE} and name not in WITHIN_CASE:
        raise ValueError(f"环节 {name} 不能随整件时限")
    breach = one_of(Breach, document["breach"], f"环节 {name} 的 breach ")
    return Step(limit, breach, whole(document.get("grace_days", 0), "grace_days"))


def _ladder(document: Mapping[str, Any]) -> Ladder:
    """Read the ladder: the hour, and three numbers of working days."""
    only(document, frozenset(Ladder.__dataclass_fields__), "ladder ")
    days = ("soon_from_days", "half_from_days", "red_after_days")
    return Ladder(
        clock_time(document["issue_at"], "issue_at"), *(whole(document[name], name) for name in days)
    )


def example_package() -> RulePackage:
    """Return the limits of policy.md F2 with the steps that clocks need, for doctests.

    >>> len(example_package().steps)
    14
    """
    return parse_package(example_document())


def example_document() -> dict[str, Any]:
    """Return the document of `example_package`."""
    return {
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
            "return": {"limit": {"days": 1}, "breach": "blue"},
            "rating_contact": {"limit": {"days": 1}, "breach": "blue"},
            "rectify": {"limit": {"days": 5}, "breach": "yellow"},
            "meeting": {"limit": {"days": 2}, "breach": "blue"},
            "meeting_minutes": {"limit": {"days": 1}, "breach": "blue"},
            "appeal": {"limit": {"days": 3}, "breach": "blue"},
        },
        "ladder": {"issue_at": "08:30", "soon_from_days": 2, "half_from_days": 10, "red_after_days": 3},
    }
