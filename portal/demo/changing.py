"""Plays what changes the time or the way of a case, and what follows a bad rating: the second half of `acting`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from cases.models import Share, Suspension
from cases.rules.classes import ContactWay, Difficulty, SuspensionReason
from cases.services import coordinating, rectifying, suspending
from escalation.selectors.changing import Changing, changing
from escalation.selectors.pauses import latest_end
from escalation.selectors.versions import in_force
from portal.demo.scene import Scene
from portal.demo.stories import StoryError


def _suspend(scene: Scene) -> None:
    reason, days, *unit = scene.step.asked
    suspending.suspend_case(
        reason=SuspensionReason(reason),
        planned_end=_working_days_after(scene.step.at.date(), int(days)),
        latest_end=latest_end(scene.step.at.date(), scene.step.at),
        text=scene.written(),
        department_id=scene.unit(unit[0]) if unit else None,
        **scene.supervisor,
    )


def _renew(scene: Scene) -> None:
    still = _suspended(scene)
    suspending.renew_suspension(
        of=still.version,
        planned_end=_working_days_after(still.planned_end, int(scene.step.asked[0])),
        latest_end=latest_end(still.planned_end, scene.step.at),
        text=scene.written(),
        **scene.supervisor,
    )


def _resume(scene: Scene) -> None:
    suspending.resume_case(of=_suspended(scene).version, text=scene.written(), **scene.supervisor)


def _suspended(scene: Scene) -> Suspension:
    return Suspension.objects.get(case_id=scene.filed.case_id, ended_on__isnull=True)


def _working_days_after(day: date, days: int) -> date:
    return in_force().work_time().calendar.add(day, days)


def _extend(scene: Scene) -> None:
    days, *unit = scene.step.asked
    department_id = scene.unit(unit[0]) if unit else None
    share = _live_share(scene, department_id) if department_id else None
    limit = _limit(scene, share)
    coordinating.extend_case(
        days=int(days),
        reason=scene.written(),
        department_id=department_id,
        most_days=limit.most_days,
        times=limit.times,
        until=limit.extend_until,
        due_at=limit.due_at,
        **scene.supervisor,
    )


def _live_share(scene: Scene, department_id: int) -> int:
    shares = Share.objects.filter(case_id=scene.filed.case_id, ended_at__isnull=True)
    return shares.get(department_id=department_id).pk


def _limit(scene: Scene, share_id: int | None = None) -> Changing:
    found = changing(scene.filed.case_id, share_id)
    if found is None:
        raise StoryError(scene.step.verb)
    return found


def _reclassify(scene: Scene) -> None:
    coordinating.reclassify_case(
        difficulty=Difficulty(scene.step.asked[0]),
        reason=scene.written(),
        until=_limit(scene).half_at,
        **scene.supervisor,
    )


def _redispatch(scene: Scene) -> None:
    old, new = scene.step.asked
    coordinating.redispatch_share(
        from_department_id=scene.unit(old),
        department_id=scene.unit(new),
        reason=scene.written(),
        **scene.supervisor,
    )


def _call_meeting(scene: Scene) -> None:
    coordinating.call_meeting(text=scene.written(), **scene.supervisor)


def _hold_meeting(scene: Scene) -> None:
    coordinating.hold_meeting(**scene.supervisor)


def _file_minutes(scene: Scene) -> None:
    coordinating.file_minutes(text=scene.written(), **scene.supervisor)


def _contact_rater(scene: Scene) -> None:
    way = ContactWay(scene.step.asked[0])
    rectifying.contact_rater(way=way, text=scene.written(), **scene.window)


def _rectify(scene: Scene) -> None:
    rectifying.rectify_case(text=scene.written(), **scene.window)


LATER: Mapping[str, Callable[[Scene], None]] = {
    "suspend": _suspend,
    "renew": _renew,
    "resume": _resume,
    "extend": _extend,
    "reclassify": _reclassify,
    "redispatch": _redispatch,
    "call_meeting": _call_meeting,
    "hold_meeting": _hold_meeting,
    "file_minutes": _file_minutes,
    "contact_rater": _contact_rater,
    "rectify": _rectify,
}
