"""Outside causes (外部原因) as pages read them: the causes, the cases that wait, and what else could join."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import BinaryField, Count, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from cases.models import Case, Cause, CauseCase, CauseReview, Department, Matter, Share, Suspension
from cases.rules.flow import OPEN
from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.queues import Slice, page_of

CAUSES_AT_ONCE, MEMBERS_AT_ONCE, CANDIDATES_AT_ONCE = 50, 50, 50


class Span(NamedTuple):
    """What so many cases lost alike: the days after `from_on` up to and including the earlier of both ends."""

    from_on: date
    planned_end: date
    ended_on: date | None
    cases: int = 1


class CauseLine(NamedTuple):
    """One cause in the list, with how many cases and people wait or waited for it, and what stood still."""

    cause: Cause
    cases: int
    people: int
    problems: int
    spans: Sequence[Span]


def cause_with(cause_id: int) -> CauseLine | None:
    """One cause with the names of who recorded and decided it, and its figures; four queries."""
    found = Cause.objects.select_related("recorded_by", "decided_by").filter(pk=cause_id)
    return next(iter(lines_of(list(found))), None)


def causes_page(*, ended: bool, before: int | None = None) -> tuple[list[CauseLine], int | None]:
    """Causes that go on, or that have ended, the newest first; and where the next page starts. Four queries."""
    found = Cause.objects.filter(ended_at__isnull=not ended).order_by("-pk")
    rows = list((found.filter(pk__lt=before) if before else found)[: CAUSES_AT_ONCE + 1])
    shown = rows[:CAUSES_AT_ONCE]
    return lines_of(shown), shown[-1].pk if len(rows) > CAUSES_AT_ONCE else None


def lines_of(causes: Sequence[Cause]) -> list[CauseLine]:
    """Causes with their figures; three queries."""
    ids = [cause.pk for cause in causes]
    waiting = CauseCase.objects.filter(cause_id__in=ids, left_at__isnull=True)
    counts = {
        row["cause_id"]: row
        for row in waiting.values("cause_id").annotate(
            cases=Count("pk"), problems=Count("pk", filter=~Q(problem=""))
        )
    }
    people, spans = _people(ids), _spans(ids)
    return [
        CauseLine(
            cause,
            counts.get(cause.pk, {}).get("cases", 0),
            people.get(cause.pk, 0),
            counts.get(cause.pk, {}).get("problems", 0),
            spans.get(cause.pk, []),
        )
        for cause in causes
    ]


def _people(cause_ids: Sequence[int]) -> dict[int, int]:
    """How many different people reported the cases, by telephone; without one, each case is a person."""
    waiting = CauseCase.objects.filter(cause_id__in=cause_ids, left_at__isnull=True)
    reporters = waiting.filter(Q(case__parties__part="reporter") | Q(case__parties__isnull=True))
    case_id = Func("case_id", function="int8send", output_field=BinaryField())
    who = Count(Coalesce("case__parties__phone_index", case_id), distinct=True)
    return dict(reporters.values_list("cause_id").annotate(who=who))


def _spans(cause_ids: Sequence[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    rows = Suspension.objects.filter(cause_id__in=cause_ids)
    days = rows.values_list("cause_id", "from_on", "planned_end", "ended_on").annotate(Count("pk"))
    for cause_id, *span in days.order_by("from_on", "planned_end", "ended_on"):
        found.setdefault(cause_id, []).append(Span(*span))
    return found


class Member(NamedTuple):
    """One case that waits for a cause, as the cause's page lists it."""

    id: int
    case_id: int
    number: str
    state: str
    matter: str
    hall: str
    asked_at: datetime
    has_left: bool
    is_pending: bool
    problem: str
    stands_until: date | None


def members_of(
    actor: Actor, cause: Cause, *, after: int = 0, problems: bool = False
) -> tuple[list[Member], int | None]:
    """Cases of a cause that the actor sees, in the order of joining; only those with a problem, if asked. Two queries."""
    found = cause.members.filter(pk__gt=after, case_id__in=cases_seen_by(actor).values("pk"))
    found = found.exclude(problem="") if problems else found
    rows = list(found.select_related("case__matter", "case__hall").order_by("pk")[: MEMBERS_AT_ONCE + 1])
    shown = rows[:MEMBERS_AT_ONCE]
    still = Suspension.objects.filter(
        cause=cause, ended_on__isnull=True, case_id__in=[m.case_id for m in shown]
    )
    until = dict(still.values_list("case_id", "planned_end"))
    members = [
        Member(
            m.pk,
            m.case_id,
            m.case.number,
            m.case.state,
            m.case.matter.name if m.case.matter_id else "",
            m.case.hall.name,
            m.asked_at,
            m.left_at is not None,
            m.done < cause.revision,
            m.problem,
            until.get(m.case_id),
        )
        for m in shown
    ]
    return members, shown[-1].pk if len(rows) > MEMBERS_AT_ONCE else None


def pending_count(cause: Cause) -> int:
    """How many cases have yet to follow the last decision; one query."""
    return cause.members.filter(done__lt=F("cause__revision")).count()


def reviews_of(cause: Cause) -> list[CauseReview]:
    """Each look at a cause, the newest first."""
    return list(cause.reviews.select_related("reviewed_by").order_by("-pk"))


def candidates(
    actor: Actor,
    cause: Cause,
    *,
    numbers: Collection[str] = (),
    matter_id: int | None = None,
    department_id: int | None = None,
    before: int | None = None,
) -> Slice:
    """Open cases that could join a cause: by number, or all of a matter or of a department that has yet to answer. Newest first."""
    found = cases_seen_by(actor).filter(~Exists(_waiting(cause)), state__in=[state.value for state in OPEN])
    if numbers:
        found = found.filter(number__in=numbers)
    if matter_id is not None:
        found = found.filter(matter_id=matter_id)
    if department_id is not None:
        waiting = Share.objects.filter(
            department_id=department_id, ended_at__isnull=True, answered_at__isnull=True
        )
        found = found.filter(pk__in=waiting.values("case_id"))
    found = found.filter(pk__lt=before) if before else found
    return page_of(found.order_by("-pk"), CANDIDATES_AT_ONCE)


def _waiting(cause: Cause) -> QuerySet[CauseCase]:
    """Who waits for a cause already: its time stands still, or will; not the case that was closed meanwhile and taken up again."""
    there = CauseCase.objects.filter(cause=cause, case_id=OuterRef("pk"), left_at__isnull=True)
    if cause.approved_at is None:
        return there
    still = Suspension.objects.filter(cause=cause, case_id=OuterRef("case_id"), ended_on__isnull=True)
    return there.filter(~Q(problem="") | Q(done__lt=cause.revision) | Exists(still))


def waited_choices() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Matters of open cases, and departments that have yet to answer one: (id, name) pairs. Two queries."""
    states = [state.value for state in OPEN]
    of_open = Case.objects.filter(state__in=states, matter_id=OuterRef("pk"))
    owed = Share.objects.filter(
        department_id=OuterRef("pk"), ended_at__isnull=True, answered_at__isnull=True, case__state__in=states
    )
    matters = Matter.objects.filter(Exists(of_open)).order_by("code").values_list("pk", "name")
    departments = Department.objects.filter(Exists(owed)).order_by("code").values_list("pk", "name")
    return list(matters), list(departments)


def cause_sentence(case_id: int) -> str:
    """What the reporter reads while the time of their case stands still for an outside cause; empty otherwise. One query."""
    still = Suspension.objects.filter(case_id=case_id, cause__isnull=False, ended_on__isnull=True)
    return still.values_list("cause__sentence", flat=True).first() or ""
