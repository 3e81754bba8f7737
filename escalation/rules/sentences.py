"""A rule package in sentences (规则的说法): what its numbers mean, for pages and for telling two versions apart.

Every number of a package stands in some sentence; each sentence *owns* the numbers it is about and may mention others (the
class sentences mention the hour of cards), so that a difference is told once, by the sentence that owns it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from string import Formatter
from types import MappingProxyType
from typing import NamedTuple

from cases.rules.classes import Difficulty, Nature
from cases.rules.words import ACTS, CASE, COLOURS, DIFFICULTY, NATURE, OBLIGATIONS, ROLES
from escalation.rules.calendar import RestDay
from escalation.rules.deadlines import Limit, Unit
from escalation.rules.limits import STEPS, Breach, Ladder, RulePackage, Step
from escalation.rules.obligations import OBLIGATIONS as ROWS
from escalation.rules.parameters import WAITING, Parameters

BLUE, YELLOW, RED = (COLOURS[colour] for colour in ("blue", "yellow", "red"))
SUSPENDING, EXTENDING, REOPENING = ACTS["suspend"], ACTS["extend"], ACTS["reopen"]

# Steps whose end is nobody's lateness (退回、申诉), and those that no clock runs for yet.
RIGHTS = frozenset(step for row in ROWS.values() if row.is_right for step in row.steps.values())
WAITING_STEPS = frozenset(STEPS) - {step for row in ROWS.values() for step in row.steps.values()}

# What each step is called, and from when it counts.
STEP_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "acceptance": (OBLIGATIONS["acceptance"], "登记或网上提交后"),
        "dispatch": (OBLIGATIONS["dispatch"], "受理或重新办理后"),
        "sign": (OBLIGATIONS["sign"], "转办后"),
        "contact": (OBLIGATIONS["contact"], "主办部门签收后"),
        "return": (OBLIGATIONS["return"], "转办后"),
        "answer": (OBLIGATIONS["answer"], "转办后"),
        "co_answer": (OBLIGATIONS["co_answer"], "转办后"),
        "check": (OBLIGATIONS["check"], "各部门都答复后"),
        "call_back": (OBLIGATIONS["call_back"], "办结或现场解决后"),
        "rating_contact": (OBLIGATIONS["rating_contact"], "收到不满意的评价后"),
        "rectify": (OBLIGATIONS["rectify"], "收到不满意的评价或回访后"),
        "meeting": (OBLIGATIONS["meeting"], "召集会商后"),
        "meeting_minutes": (OBLIGATIONS["minutes"], "会商召开后"),
        "appeal": (OBLIGATIONS["appeal"], f"部门收到{YELLOW}或{RED}后"),
        "decide": (OBLIGATIONS["decide"], "申请提出后"),
        "explain": (OBLIGATIONS["explain"], f"部门收到{YELLOW}后"),
        "appeal_ruling": ("申诉裁定时限", "部门申诉后"),
        "appeal_review": ("申诉复核时限", "对裁定申请复核后"),
    }
)


TITLES: Mapping[str, str] = MappingProxyType(
    {
        "counting": "怎样计时",
        "classes": "整件时限",
        "steps": "各环节时限",
        "cards": "亮牌",
        "changes": f"{EXTENDING}、{SUSPENDING}和{REOPENING}",
        "trial": "计分和试运行",
    }
)


class Line(NamedTuple):
    """One sentence. `owns`: the values it is about. `waits`: no function of the portal goes by it yet (尚未启用)."""

    key: str
    text: str
    owns: tuple[object, ...]
    waits: bool = False


class Group(NamedTuple):
    """Sentences under one heading."""

    title: str
    lines: tuple[Line, ...]


class Difference(NamedTuple):
    """One sentence that reads differently in two versions; None where a version does not have it."""

    title: str
    before: str | None
    after: str | None


def sentences(package: RulePackage) -> list[Group]:
    """Return a whole package in sentences, in groups.

    >>> from escalation.rules.limits import example_package
    >>> groups = sentences(example_package())
    >>> [line.text for line in groups[1].lines if line.key in ("ordinary", "instant")]
    ['即办事项：受理当日办结；超期次一工作日 08:30 黄牌；超期满 3 个工作日红牌。', '一般事项：受理后 3 个工作日办结；到期日前一个工作日 08:30 蓝色提示；超期次一工作日 08:30 黄牌；超期满 3 个工作日红牌。']
    """
    parts = zip(TITLES.values(), (_counting, _classes, _steps, _cards, _changes, _trial), strict=True)
    return [Group(title, tuple(lines(package))) for title, lines in parts]


def differences(old: RulePackage, new: RulePackage) -> list[Difference]:
    """Return what two versions say differently, each difference once, in the order of the sentences.

    >>> from escalation.rules.limits import example_document, parse_package
    >>> example = example_document()
    >>> old, new = parse_package(example), parse_package(example | {"nature_limits": {"cannot": {"days": 4}}})
    >>> for found in differences(old, new):
    ...     print(found.before, found.after)
    办不了：不超过 3 个工作日。 办不了：不超过 4 个工作日。
    不给办：不超过 2 个工作日。 None
    """
    was, now = ({(g.title, line.key): line for g in sentences(p) for line in g.lines} for p in (old, new))
    return [
        Difference(title, was[title, key].text if (title, key) in was else None, after)
        for title, key in _in_order(was, now)
        for after in [now[title, key].text if (title, key) in now else None]
        if (was.get((title, key)) or _NONE).owns != (now.get((title, key)) or _NONE).owns
    ]


_NONE = Line("", "", ("",))


def _in_order(
    was: Mapping[tuple[str, str], Line], now: Mapping[tuple[str, str], Line]
) -> list[tuple[str, str]]:
    titles = list(dict.fromkeys(title for title, _ in (*was, *now)))
    return sorted(dict.fromkeys([*was, *now]), key=lambda place: titles.index(place[0]))


def _counting(package: RulePackage) -> Iterator[Line]:
    day = package.effective_from
    yield Line(
        "name",
        f"第 {package.version} 版《{package.name}》，{day.year} 年 {day.month} 月 {day.day} 日起受理的{CASE}适用，"
        "以前受理的仍按当时的规则。",
        (package.name,),
    )
    deemed = package.rest_day is RestDay.DEEMED
    yield Line(
        "rest_day",
        "时限按工作日和办公时间计算，收到当日不算；"
        + ("休息日收到的，视为下一个工作日收到。" if deemed else "休息日收到的，从下一个工作日起算。"),
        (package.rest_day,),
    )
    yield Line(
        "deemed_acceptance",
        "逾期没有决定是否受理的，"
        + ("视为登记时已经受理，整件从登记时起算。" if package.deemed_acceptance else "整件仍从受理时起算。"),
        (package.deemed_acceptance,),
    )


def _classes(package: RulePackage) -> Iterator[Line]:
    for difficulty in Difficulty:
        limit = package.difficulty_limits[difficulty]
        done = f"受理{'' if limit.unit is Unit.SAME_DAY else '后 '}{_span(limit)}办结"
        card = _breach(Step(limit, package.case_breach), package.ladder)
        yield Line(
            difficulty.value, f"{DIFFICULTY[difficulty]}事项：{done}；{card}。", (limit, package.case_breach)
        )
    for nature in Nature:
        if most := package.nature_limits.get(nature):
            yield Line(nature.value, f"{NATURE[nature]}：不超过 {_span(most)}。", (most,))
    yield Line("smaller", "难度和性质都有时限的，取较短的一个。", ())


def _steps(package: RulePackage) -> Iterator[Line]:
    for name in STEPS:
        if step := package.steps.get(name):
            title, since = STEP_WORDS[name]
            end = "过期不能再提" if name in RIGHTS else _breach(step, package.ladder)
            yield Line(
                name, f"{title}：{since}{_within(step.limit)}；{end}。", tuple(step), name in WAITING_STEPS
            )


# Sentences by key; each owns the numbers that stand in it.
CARD_LINES = (
    ("issue_at", "牌都在工作日 {issue_at:%H:%M} 亮出，迟到的检查也按这一时刻判断。"),
    ("soon", f"时限不足 {{soon_from_days}} 个工作日的，到期前不作{BLUE}。"),
    ("half", f"时限 {{half_from_days}} 个工作日以上的，用去一半时先作一次{BLUE}。"),
    ("red", f"超期满 {{red_after_days}} 个工作日，{YELLOW}转为{RED}。"),
)
FIRST_LATE = ("first_late", f"部门 {{first_late_days}} 天内第一次签收或首次联系超期的，只作{BLUE}。")
CHANGE_LINES = (
    (
        "extension",
        f"{EXTENDING}：至迟在到期前 {{extension_apply_days_before}} 个工作日申请；每件最多 {{extension_times}} 次，"
        "不超过原时限，也不超过 {extension_most_days} 个工作日。",
    ),
    ("extension_left", f"不同意{EXTENDING}的，至少留 {{extension_left_days}} 个工作日办理。"),
    (
        "suspension",
        f"{SUSPENDING}：每次不超过 {{suspension_most_days}} 个工作日，每 {{suspension_review_days}} 个工作日复核一次。",
    ),
    (
        "reopening",
        f"{REOPENING}：办结后 {{reopening_within_days}} 个工作日内可以提出，有新的情况不受此限；"
        "时限按原难度，最长 {reopening_most_days} 个工作日；{reopening_times} 次以后列为"
        f"{DIFFICULTY['hard']}，由{ROLES['supervisor']}决定。",
    ),
    (
        "call_back",
        "回访和首次联系：在 {call_back_on_days} 个不同的日子里试过 {call_back_attempts} 次仍未联系上的，视为已作。",
    ),
)
TRIAL_LINES = (
    ("ignored_blues", f"一个月内连续 3 次{BLUE}没有理会的，扣 {{ignored_blues_points}} 分。"),
    (
        "shadow",
        "新城市先试运行 {shadow_days_new_city} 个工作日，改动亮牌规则后试运行 {shadow_days_ladder_change} 个工作日。",
    ),
)


def _line(key: str, text: str, values: Ladder | Parameters) -> Line:
    """A sentence with its numbers put in; it waits when nothing goes by any of them.

    >>> _line(*FIRST_LATE, Parameters())
    Line(key='first_late', text='部门 90 天内第一次签收或首次联系超期的，只作蓝色提示。', owns=(90,), waits=False)
    """
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    owns = tuple(getattr(values, name) for name in names)
    return Line(key, text.format_map(vars(values)), owns, WAITING.issuperset(names))


def _cards(package: RulePackage) -> Iterator[Line]:
    for row in CARD_LINES:
        yield _line(*row, package.ladder)
    yield _line(*FIRST_LATE, package.parameters)


def _changes(package: RulePackage) -> Iterator[Line]:
    own = package.parameters
    for row in CHANGE_LINES:
        yield _line(*row, own)
    for difficulty, days in own.interim_days.items():
        text = f"{DIFFICULTY[difficulty]}事项：每 {days} 个工作日作一次阶段答复。"
        yield Line(f"interim_{difficulty.value}", text, (days,), "interim_days" in WAITING)


def _trial(package: RulePackage) -> Iterator[Line]:
    own = package.parameters
    blue, yellow, red = own.points
    yield Line(
        "points",
        f"{YELLOW}扣 {yellow} 分，{RED}扣 {red} 分（代替{YELLOW}的扣分），{BLUE}"
        + (f"扣 {blue} 分。" if blue else "不扣分（0 分）。"),
        tuple(own.points),
    )
    basis = f"考核依据：{own.points_basis}。" if own.points_basis else "没有考核依据，只作试行，不计分。"
    yield Line("points_basis", basis, (own.points_basis,))
    for row in TRIAL_LINES:
        yield _line(*row, own)


def _breach(step: Step, ladder: Ladder) -> str:
    """What follows when a limit runs out, and before: the rungs that a limit of this length has."""
    hour, parts = _clock(ladder.issue_at), []
    late = f"超期满 {step.grace_days} 个工作日" if step.grace_days else f"超期次一工作日 {hour} "
    if step.breach is not Breach.LADDER:
        return f"{late}{BLUE if step.breach is Breach.BLUE else YELLOW}"
    if step.limit.unit is Unit.DAYS and step.limit.amount >= ladder.half_from_days:
        parts.append(f"用去一半时{BLUE}")
    if step.limit.unit is Unit.DAYS and step.limit.amount >= ladder.soon_from_days:
        parts.append(f"到期日前一个工作日 {hour} {BLUE}")
    if step.limit.unit is Unit.AS_CASE:
        parts.append(f"到期前的{BLUE}与整件相同")
    return "；".join([*parts, f"{late}{YELLOW}", f"超期满 {ladder.red_after_days} 个工作日{RED}"])


def _span(limit: Limit) -> str:
    return limit.text + _lateness(limit)


def _within(limit: Limit) -> str:
    """A limit after the words that say since when."""
    return {
        Unit.DAYS: f" {limit.text}内",
        Unit.HOURS: f" {limit.text}内",
        Unit.SAME_DAY: _span(limit),
        Unit.AS_CASE: f"起算，{limit.text}",
        Unit.HALF_OF_CASE: f"{limit.text}以内，至少 {limit.amount} 个工作日",
    }[limit.unit]


def _lateness(limit: Limit) -> str:
    if not limit.late_after or not limit.late_due:
        return ""
    return f"（{_clock(limit.late_after)} 以后的，次一工作日 {_clock(limit.late_due)} 前）"


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"
