"""One outside cause (外部原因) of the sample city: a province's platform stands still, and some open cases wait for it."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Exists, F, OuterRef

from cases.models import Case, Event, Suspension
from cases.rules.causes import CauseKind
from cases.rules.flow import State
from cases.rules.grants import Role
from cases.services.causes import Record, approve_cause, join_cases, record_cause
from cases.services.waiting import carry_out
from escalation.models import Clock
from escalation.rules.hours import CHINA
from escalation.rules.obligations import Obligation
from escalation.selectors.pauses import latest_end
from escalation.selectors.versions import in_force
from portal.demo.cast import Cast

FIRST_MINUTES = time(0, 10)  # after all that the stories tell, and before any morning's sweep
CASES, SINCE_DAYS, LEFT_DAYS = 4, 3, 8  # working days before and after today


def load_cause(now: datetime) -> None:
    """Let some cases that are still in time wait, since three working days. The same day gives the same cause."""
    today = now.astimezone(CHINA).date()
    at = min(now, datetime.combine(today, FIRST_MINUTES, CHINA))
    waiting = _in_time(at)
    if not waiting:
        return
    calendar = in_force().work_time().calendar
    since, actor = calendar.back(today, SINCE_DAYS), Cast(today).of("S01", Role.SUPERVISOR)
    record = Record(
        kind=CauseKind.SYSTEM,
        title="省市场主体登记业务平台",
        since=since,
        evidence="省平台停机通知第 31 号，工单 GD-0918",
        asked=f"市市场监督管理局 {since.month}月{since.day}日 向省局信息中心报修",
        sentence="省里的登记系统正在抢修，暂时办不了；恢复以后我们马上接着办，不用您再来。",
        planned_end=calendar.add(today, LEFT_DAYS),
    )
    cause = record_cause(record, actor=actor, now=at)
    join_cases(cause.pk, waiting, actor=actor, now=at)
    approve_cause(
        cause.pk,
        paused_from=datetime.combine(since, time(10), CHINA),
        latest_end=latest_end(since, at),
        actor=actor,
        now=at,
        seen=cause.revision,
    )
    carry_out(clock=lambda: at, cause_id=cause.pk)


def _in_time(at: datetime) -> list[int]:
    """Cases with a department that nobody has touched today, whose limit has not run out and whose time runs."""
    running = Clock.objects.filter(
        case_id=OuterRef("pk"), obligation=Obligation.CASE.value, stopped_at__isnull=True, due_at__gt=at
    )
    still = Suspension.objects.filter(case_id=OuterRef("pk"))
    newer = Event.objects.filter(case_id=OuterRef("pk"), recorded_at__gt=at)
    found = Case.objects.filter(
        Exists(running),
        ~Exists(still),
        ~Exists(newer),
        state=State.HANDLING.value,
        version=F("folded_version"),
    )
    return list(found.order_by("-submitted_at", "pk").values_list("pk", flat=True)[:CASES])
