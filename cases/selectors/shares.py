"""Shares (承办任务) across cases: how many a department holds, which department holds which, where nobody is present."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Q, QuerySet, Value

from cases.models import Case, Department, Share
from cases.rules.classes import ShareRole
from cases.rules.coordination import WITH_DEPARTMENT
from cases.rules.flow import OPEN, Act, State
from cases.rules.grants import DOES, Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.posts import present_on
from cases.selectors.queues import Slice, page_of

MOST = 2000  # open shares that a board counts


class Step(StrEnum):
    """Where a department's share of an open case stands (环节), in order: the columns of the board."""

    TO_SIGN = "to_sign"  # 待签收
    TO_CONTACT = "to_contact"  # 待联系: signed by the lead, the reporter not yet contacted
    HANDLING = "handling"  # 办理中
    TO_CHECK = "to_check"  # 待核对: answered, by this department at least, and not yet published
    TO_CLOSE = "to_close"  # 待办结


_WAITING = Q(answered_at__isnull=True)
_UNTOUCHED = Q(role=ShareRole.LEAD.value, contacted_at__isnull=True)
_REPLIED = Q(case__state=State.REPLIED.value)

# What a live share of an open case looks like in each step: every one is in exactly one.
STANDS: Mapping[Step, Q] = MappingProxyType(
    {
        Step.TO_SIGN: ~_REPLIED & _WAITING & Q(signed_at__isnull=True),
        Step.TO_CONTACT: ~_REPLIED & _WAITING & Q(signed_at__isnull=False) & _UNTOUCHED,
        Step.HANDLING: ~_REPLIED & _WAITING & Q(signed_at__isnull=False) & ~_UNTOUCHED,
        Step.TO_CHECK: ~_REPLIED & Q(answered_at__isnull=False),
        Step.TO_CLOSE: _REPLIED,
    }
)


def own_shares(actor: Actor) -> QuerySet[Share]:
    """The live shares of the departments in which the actor holds posts, on cases that the actor sees."""
    departments = [post.department_id for post in actor.posts if post.department_id]
    return Share.objects.filter(
        department_id__in=departments, ended_at__isnull=True, case_id__in=cases_seen_by(actor).values("pk")
    )


def departments_of(share_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Id and name of the department of each share; one query."""
    found = Share.objects.filter(pk__in=set(share_ids)).values_list("pk", "department_id", "department__name")
    return {pk: (department_id, name) for pk, department_id, name in found}


def open_cases(
    actor: Actor,
    *,
    department_id: int | None = None,
    state: State | None = None,
    step: Step | None = None,
) -> QuerySet[Case]:
    """Open cases that the actor sees, narrowed to the live shares of one department, to a step of a share, or to one state."""
    states: Collection[State] = OPEN
    found = cases_seen_by(actor)
    if department_id is not None or step is not None:
        live = Share.objects.filter(ended_at__isnull=True)
        live = live if department_id is None else live.filter(department_id=department_id)
        live = live if step is None else live.filter(STANDS[step])
        found, states = found.filter(pk__in=live.values("case_id")), WITH_DEPARTMENT
    return found.filter(state__in=[one.value for one in states if state in (None, one)])


def open_page(
    actor: Actor,
    *,
    department_id: int | None = None,
    state: State | None = None,
    step: Step | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Slice:
    """A page of open cases, newest first."""
    found = open_cases(actor, department_id=department_id, state=state, step=step).order_by("-pk")
    return page_of(found.filter(pk__lt=before) if before is not None else found, limit)


class Load(NamedTuple):
    """What one department holds of open cases, by step; `name` is the department's."""

    department_id: int
    name: str
    by_step: dict[Step, int]

    @property
    def total(self) -> int:
        """All open cases of the department."""
        return sum(self.by_step.values())


def loads(actor: Actor, *, limit: int = MOST) -> tuple[list[Load], bool]:
    """Open cases by department and step, and whether all were counted: at most `limit` shares, the newest; one query."""
    open_of = cases_seen_by(actor).filter(state__in=[state.value for state in WITH_DEPARTMENT])
    newest = Share.objects.filter(ended_at__isnull=True, case_id__in=open_of.values("pk")).order_by("-pk")[
        :limit
    ]
    step = models.Case(*(models.When(stands, then=Value(step.value)) for step, stands in STANDS.items()))
    rows = (
        Share.objects.filter(pk__in=newest.values("pk"))
        .annotate(step=step)
        .values_list("department_id", "department__name", "step")
        .annotate(number=Count("pk"))
        .order_by("department__code")
    )
    found: dict[int, Load] = {}
    for department_id, name, at, number in rows:
        load = found.setdefault(department_id, Load(department_id, name, dict.fromkeys(Step, 0)))
        load.by_step[Step(at)] += number
    return list(found.values()), sum(load.total for load in found.values()) < limit


class Unattended(NamedTuple):
    """A department that has work and nobody there to do it."""

    id: int
    name: str


def unattended(actor: Actor, day: date) -> list[Unattended]:
    """Departments with a share waiting where nobody who may answer is present on `day` (users.md 3); one query.

    Either no liaison or handler is appointed, or all of them, A and B, are away. Units without account are no concern:
    the window carries their shares.
    """
    waiting = Share.objects.filter(
        answered_at__isnull=True, ended_at__isnull=True, case_id__in=cases_seen_by(actor).values("pk")
    )
    roles = [role.value for role in DOES[Act.ANSWER]]
    present = present_on(day).filter(post__department__isnull=False, post__role__in=roles)
    found = Department.objects.filter(has_account=True, pk__in=waiting.values("department_id"))
    found = found.exclude(pk__in=present.order_by().values("post__department_id"))
    return [Unattended(*row) for row in found.order_by("code").values_list("pk", "name")]
