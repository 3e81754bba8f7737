"""今日须处理: what came back and waits for a supervisor. Each line leads to where it is dealt with."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from cases.rules import words
from cases.rules.grants import Actor
from cases.selectors.aftermath import Complaint, Reopened, complaints, reopened_waiting
from cases.selectors.shares import Unattended, unattended
from escalation.selectors.versions import InForce
from portal.templatetags.bancheng import short_moment

MOST = 10  # lines of each kind


class Todo(NamedTuple):
    """One thing to deal with; `number` is its case, empty for a department."""

    what: str
    number: str
    about: str
    why: str
    url: str


class ToDay(NamedTuple):
    """The lines, and whether there are more than are shown."""

    todos: list[Todo]
    has_more: bool


def to_do_today(actor: Actor, now: datetime, versions: InForce) -> ToDay:
    """What waits for a supervisor now; complaints since the last working day began. Three queries."""
    today = timezone.localdate(now)
    last = versions.work_time().calendar.back(today)
    since = timezone.make_aware(datetime.combine(last, datetime.min.time()))
    found = [
        list(map(_again, reopened_waiting(actor, limit=MOST + 1))),
        list(map(_unhappy, complaints(actor, since, limit=MOST + 1))),
        list(map(_nobody, unattended(actor, today))),
    ]
    return ToDay([todo for kind in found for todo in kind[:MOST]], any(len(kind) > MOST for kind in found))


def _again(case: Reopened) -> Todo:
    return Todo(
        f"{words.ACTS['reopen']}，等{words.ACTS['dispatch']}",
        case.number,
        case.matter or case.hall,
        f"{short_moment(case.at)} 第 {case.times} 次{words.ACTS['reopen']}，还没有{words.ACTS['dispatch']}",
        reverse("supervisor:case", args=[case.number]),
    )


def _unhappy(case: Complaint) -> Todo:
    solved = f"问题{words.RESOLUTION[case.resolution]}，" if case.resolution else ""
    return Todo(
        f"{words.RATING_SOURCES[case.source]}：{words.SATISFACTION[case.grade]}",
        case.number,
        case.matter,
        f"{solved}{short_moment(case.at)}",
        reverse("supervisor:case", args=[case.number]),
    )


def _nobody(department: Unattended) -> Todo:
    return Todo(
        "今天无人在岗",
        "",
        department.name,
        "有任务在办，时限照常计算，请联系对方安排人员",
        f"{reverse('supervisor:open_cases')}?department={department.id}",
    )
