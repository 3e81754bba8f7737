"""Model cases: every shape at every hall, act by act through the services, in the order of their moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from cases.models import Case
from cases.rules.classes import Channel
from cases.rules.flow import ENDED, Act
from cases.rules.grants import Actor, citizen
from cases.services import additions, aftercare, closing, handling, intake
from cases.services.content import Person
from cases.services.numbers import next_number
from escalation.models import Notice
from escalation.rules.calendar import WorkCalendar
from escalation.rules.hours import CHINA
from escalation.selectors.versions import rule_version_at
from escalation.services.national import national_calendar
from escalation.services.notices import mark_read
from escalation.services.sweep import sweep
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.shapes import SHAPES, Shape, Step
from portal.benchmarks.large.stage import FIRST_YEAR, Place, Stage

MAIN_HALL = 6  # the city hall takes so many times as many cases as any other
_STATEMENT = "来过三趟都没收下，一会儿说缺场地证明，一会儿说系统里查不到，不知道到底要找谁。"
_SERVICES: dict[Act, Callable[..., Case]] = {
    Act.ACCEPT: intake.accept_case,
    Act.REDIRECT: intake.redirect_case,
    Act.RESOLVE: closing.resolve_case,
    Act.DISPATCH: handling.dispatch_case,
    Act.SIGN: handling.sign_share,
    Act.CONTACT: handling.contact_reporter,
    Act.ANSWER: handling.answer_share,
    Act.PUBLISH: closing.publish_reply,
    Act.CLOSE: closing.close_case,
    Act.CALL_BACK: aftercare.call_back,
    Act.RATE: aftercare.rate_case,
    Act.REOPEN: aftercare.reopen_case,
    Act.WITHDRAW: additions.withdraw_case,
}


class Model(NamedTuple):
    """A model case, and how many clones of all it is to have, in proportion to the others."""

    case_id: int
    weight: float
    filed_at: datetime


@lru_cache(maxsize=1)
def _calendar() -> WorkCalendar:
    return national_calendar()


class Cast:
    """Who takes part in one model case, and where."""

    def __init__(self, stage: Stage, shape: Shape, hall: int, first_day: date, turn: int) -> None:
        self.shape, self.first_day = shape, first_day
        self.hall = stage.halls[hall]
        self.lead = stage.departments[turn % len(stage.departments)]
        self.co = stage.departments[(turn + 1) % len(stage.departments)]
        self.weight = shape.share * (MAIN_HALL if hall == 0 else 1)
        self.number = ""
        self.case_id = 0

    def at(self, step: Step) -> datetime:
        """Return the moment of a step."""
        day = _calendar().add(self.first_day, step.day)
        return datetime.combine(day, time.fromisoformat(step.at), CHINA)

    def actor(self, by: str) -> Actor:
        """Return who does a step."""
        if by == "reporter":
            return citizen(opened=frozenset({self.case_id} - {0}))
        place: Place = {"window": self.hall, "lead": self.lead, "co": self.co}[by]
        return place.actor

    def act(self, step: Step) -> None:
        """Carry out one step through the services."""
        now, actor = self.at(step), self.actor(step.by)
        if step.act in {Act.SUBMIT, Act.REGISTER}:
            self._file(step.act, actor, now)
            return
        values: dict[str, Any] = {**step.values}
        if step.act is Act.DISPATCH:
            values |= {"department_id": self.lead.id}
            values |= {"co_department_ids": [self.co.id]} if self.shape.joint else {}
        if step.act in {Act.ACCEPT, Act.REOPEN}:
            values["rule_version"] = rule_version_at(now)
        _SERVICES[step.act](number=self.number, actor=actor, now=now, **values)

    def _file(self, act: Act, actor: Actor, now: datetime) -> None:
        file = intake.submit_case if act is Act.SUBMIT else intake.register_case
        what = intake.Intake(
            statement=_STATEMENT,
            hall_id=self.hall.id,
            people=(Person("孟先生", "13000000039", notify_by="sms"),),
            channel=Channel.ONLINE if act is Act.SUBMIT else Channel.COUNTER,
            matter_id=self.lead.matter_id,
            visits_before=3,
        )
        filed = file(number=next_number(day=now.date()), intake=what, actor=actor, now=now)
        self.number, self.case_id = filed.case.number, filed.case.pk


def cast_models(stage: Stage, shapes: Sequence[Shape] = SHAPES) -> list[Model]:
    """Build every shape at every hall, with a sweep each week; the last one stands at the moment of the large city."""
    casts = list(_casts(stage, shapes))
    steps = sorted(
        ((cast.at(step), turn, cast, step) for turn, cast in enumerate(casts) for step in cast.shape.steps),
        key=lambda one: one[:2],
    )
    swept = steps[0][0]
    for at, _, cast, step in steps:
        if at - swept >= timedelta(days=7):
            sweep(now=at)
            swept = at
        cast.act(step)
    sweep(now=AS_OF)
    _read_old_notices(stage)
    return [Model(cast.case_id, cast.weight, cast.at(cast.shape.steps[0])) for cast in casts]


def _casts(stage: Stage, shapes: Sequence[Shape]) -> Iterator[Cast]:
    calendar, turn = _calendar(), 0
    today, first = AS_OF.date(), date(FIRST_YEAR, 1, 4)
    days = calendar.count(first, today) - 15  # what has ended began at least so many working days ago
    ended = sum(shape.since is None for shape in shapes) * len(stage.halls)
    past = 0
    for hall in range(len(stage.halls)):
        for shape in shapes:
            if shape.since is not None:
                day = calendar.back(today, shape.since)
            else:
                day = calendar.add(first, days * past // ended)
                past += 1
            # Clashing strides spread halls, shapes and departments over the years.
            yield Cast(
                stage, shape, (hall + turn * 7) % len(stage.halls) if shape.since is None else hall, day, turn
            )
            turn += 1


def _read_old_notices(stage: Stage) -> None:
    """Whoever was told of a case that has ended has read it."""
    old = list(
        Notice.objects.filter(case__state__in=[state.value for state in ENDED]).values_list("pk", flat=True)
    )
    for actor in stage.staff:
        mark_read(actor=actor, notice_ids=old, now=AS_OF)
