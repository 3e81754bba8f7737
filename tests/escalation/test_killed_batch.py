"""A worker that applies a change is killed outright in the middle; whoever comes next goes on, and it ends as if nothing was."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from django.db import connections

from cases.models import Case, Event
from cases.rules.kinds import Kind
from cases.selectors.chain import faults
from escalation.models import CardDoubt, Change, Clock
from escalation.rules.contents import with_days
from escalation.rules.holiday_notices import Layer, NoticeDay
from escalation.selectors.calendars import content_of
from escalation.services.applying import begin_due, carry_out
from escalation.services.changes import confirm, propose_calendar, propose_rules
from escalation.services.fold import fold_cases
from escalation.services.national import default_rules
from escalation.services.packages import next_rules
from escalation.services.working import take_up
from tests.conftest import actor_named, seed_city
from tests.escalation.crowd import AS_OF, gather


def killed_at(change_id: int, step: int, now: datetime = AS_OF) -> None:
    """Carry out in a process of its own, which kills itself outright when it reads the clock for the so-many-th time."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        reads = count()

        def clock():
            if next(reads) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return now

        try:
            carry_out(change_id, clock=clock, batch=5)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_killed_goes_on_where_it_was():
    seed_city()
    gather()
    days = [NoticeDay(date(2026, 12, d), True, "台风停工") for d in (2, 3, 4, 7)]
    content = with_days(content_of(), Layer.CITY, None, days, "岐三防〔2026〕8号")
    asked = {"actor": actor_named("admin"), "by_name": "卓一鸣", "now": AS_OF}
    change = propose_calendar(content, title="台风停工", basis="岐三防〔2026〕8号", note="", **asked)
    confirm(change.pk, **asked)
    for step in (0, 1, 3):
        killed_at(change.pk, step)
    change.refresh_from_db()
    assert change.state == "applying"
    assert 0 < change.done < change.total
    take_up(clock=lambda: AS_OF)
    done = Change.objects.get(pk=change.pk)
    assert done.state != "applied"  # there was a sign of life just now
    Change.objects.filter(pk=change.pk).update(worked_at=None)
    take_up(clock=lambda: AS_OF)
    done.refresh_from_db()
    assert (done.state, done.done) == ("applied", done.total)
    assert done.counts == {name: change.preview[name] for name in done.counts}
    told = Event.objects.filter(kind=Kind.CALENDAR_APPLIED.value).values_list("case_id", flat=True)
    assert set(Counter(told).values()) == {1}
    assert len(told) == done.counts["cases"]
    assert CardDoubt.objects.filter(change=change).count() == done.counts["gone"] + done.counts["missing"] > 0
    everybody = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    assert fold_cases(everybody, open_at=AS_OF)[1:] == (0, 0)
    assert list(faults()) == []


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_batch_of_rules_that_is_killed_goes_on_where_it_was():
    seed_city()
    gather()
    tomorrow = AS_OF + timedelta(days=1)
    harder = default_rules() | {
        "difficulty_limits": default_rules()["difficulty_limits"] | {"complex": {"days": 3}}
    }
    document = next_rules(
        harder, effective_from=tomorrow.date(), basis="岐政数〔2026〕9号", today=AS_OF.date()
    )
    said = {"title": "第 2 版规则", "basis": "岐政数〔2026〕9号", "note": "", "by_name": "卓一鸣"}
    change = propose_rules(document, apply_to_open=True, **said, actor=actor_named("admin"), now=AS_OF)
    confirm(change.pk, actor=actor_named("supervisor"), by_name="郁建平", now=AS_OF)
    begin_due(now=tomorrow)
    for step in (0, 1, 3):
        killed_at(change.pk, step, tomorrow)
    change.refresh_from_db()
    assert change.state == "applying"
    assert 0 < change.done < change.total
    Change.objects.filter(pk=change.pk).update(worked_at=None)
    take_up(clock=lambda: tomorrow)
    change.refresh_from_db()
    assert (change.state, change.done) == ("applied", change.total)
    told = Event.objects.filter(kind=Kind.RULES_APPLIED.value).values_list("case_id", flat=True)
    assert set(Counter(told).values()) == {1}
    assert set(Clock.objects.filter(stopped_at=None).values_list("rule_version", flat=True)) == {2}
    assert fold_cases(sorted(told))[1:] == (0, 0)
    assert list(faults()) == []
