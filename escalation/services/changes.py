"""Changes of calendar and rules (改动): proposed with their effect shown, confirmed or approved by a person, then applied.

A calendar is confirmed by whoever proposed it, or by a supervisor. A rule package is approved by a second person, supervisor
or bureau leader, and takes effect on its own date. What open cases go through is in `applying`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.errors import BadInputError, BusyError, NotAllowedError
from cases.rules.grants import Actor, Role
from escalation.models import Change, Clock
from escalation.rules.calendar import CalendarError
from escalation.rules.changes import STATES, ChangeKind, ChangeState
from escalation.rules.contents import CalendarContent, from_json, to_json
from escalation.rules.hours import CHINA
from escalation.selectors.calendars import content_of, current_number
from escalation.selectors.running import is_running
from escalation.services.applying import ONE_AT_A_TIME, begin
from escalation.services.calendars import save_content
from escalation.services.locks import one_package_at_a_time
from escalation.services.packages import check_approvable, checked, save_rules
from escalation.services.showing import show_effect
from escalation.services.simulating import cases_simulated

APPROVERS = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER})
PROPOSERS = frozenset({Role.SYSTEM_ADMIN})
QUICK = 20_000  # running clocks that are looked at while the person waits; more by the worker
QUICK_RULES = 300  # running clocks and cases of the last ninety days


def propose_calendar(
    content: CalendarContent,
    *,
    title: str,
    basis: str,
    note: str,
    actor: Actor,
    by_name: str,
    now: datetime,
) -> Change:
    """Keep an edited calendar as a proposal; its effect is told at once when few clocks run, else by the worker.

    Errors: NotAllowedError.
    """
    _refuse_others(actor)
    change = Change.objects.create(
        kind=ChangeKind.CALENDAR.value,
        document=to_json(content),
        **_said(title, basis, note, actor, by_name, now),
    )
    _show_if_quick(change, now)
    return change


def propose_rules(
    document: Mapping[str, Any],
    *,
    apply_to_open: bool,
    title: str,
    basis: str,
    note: str,
    actor: Actor,
    by_name: str,
    now: datetime,
) -> Change:
    """Keep an edited rule package as a proposal. Errors: NotAllowedError; CalendarError when it is no complete package."""
    _refuse_others(actor)
    checked(document)
    change = Change.objects.create(
        kind=ChangeKind.RULES.value,
        document=dict(document),
        apply_to_open=apply_to_open,
        **_said(title, basis, note, actor, by_name, now),
    )
    _show_if_quick(change, now)
    return change


def _refuse_others(actor: Actor) -> None:
    """Only who keeps the calendar and the rules proposes; whoever has the machine may as well (`actor.user_id` is None)."""
    if actor.user_id is not None and not actor.roles & PROPOSERS:
        raise NotAllowedError


def _said(title: str, basis: str, note: str, actor: Actor, by_name: str, now: datetime) -> dict[str, Any]:
    return {
        "title": title,
        "basis": basis,
        "note": note,
        "proposed_by_id": actor.user_id,
        "proposed_name": by_name,
        "proposed_at": now,
    }


def _show_if_quick(change: Change, now: datetime) -> None:
    if _is_quick(change, now):
        show_effect(change.pk, clock=lambda: now)
        change.refresh_from_db()


def _is_quick(change: Change, now: datetime) -> bool:
    """Whether so little is to be looked at that the person waits for it: running clocks, for rules the last ninety days too."""
    clocks = Clock.objects.filter(is_running(now))
    if change.kind == ChangeKind.CALENDAR.value:
        return clocks[: QUICK + 1].count() <= QUICK
    read = clocks[: QUICK_RULES + 1].count() + cases_simulated(now)[: QUICK_RULES + 1].count()
    return read <= QUICK_RULES


@transaction.atomic
def look_again(change_id: int, *, actor: Actor, now: datetime) -> Change:
    """Ask for the effect as it is now: time passes and people act between proposing and confirming. Errors: NotAllowedError."""
    change = _waiting(change_id)
    if not (may_confirm(change, actor) or may_drop(change, actor)):
        raise NotAllowedError
    Change.objects.filter(pk=change.pk).update(
        previewed_at=None, preview=None, done=0, total=0, worked_at=None
    )
    change.refresh_from_db()
    _show_if_quick(change, now)
    return change


def may_confirm(change: Change, actor: Actor) -> bool:
    """Whether this person may confirm (日历) or approve (规则) the change."""
    own = actor.user_id is not None and actor.user_id == change.proposed_by_id
    if change.kind == ChangeKind.CALENDAR.value:
        return own or Role.SUPERVISOR in actor.roles
    return not own and bool(actor.roles & APPROVERS)


def may_drop(change: Change, actor: Actor) -> bool:
    """Whether this person may give the change up: who proposed it, who could have, or who would approve it."""
    own = actor.user_id is not None and actor.user_id == change.proposed_by_id
    return own or bool(actor.roles & (PROPOSERS | APPROVERS))


@transaction.atomic
def confirm(change_id: int, *, actor: Actor, by_name: str, now: datetime) -> Change:
    """Confirm or approve a proposal: its version is saved, and its batch begins, or waits for the day of effect.

    Errors: NotAllowedError; CalendarError when it has been overtaken; BusyError while another batch is under way.
    """
    change = _waiting(change_id)
    if not may_confirm(change, actor):
        raise NotAllowedError
    if change.previewed_at is None:
        raise CalendarError("影响还没有算完，请等它算完、看过以后再确认。")
    if Change.objects.filter(state=ChangeState.APPLYING.value).exists():
        raise BusyError(ONE_AT_A_TIME)
    change.approved_by_id, change.approved_name, change.approved_at = actor.user_id, by_name, now
    if change.kind == ChangeKind.CALENDAR.value:
        change.version = save_content(
            from_json(change.document),
            source=change.basis,
            entered_by=change.proposed_name,
            note=change.note or change.title,
            now=now,
        )
        change.state = ChangeState.APPLYING.value
    else:
        one_package_at_a_time()
        check_approvable(change.document, today=now.astimezone(CHINA).date())
        change.version = save_rules(change.document, entered_by=change.proposed_name, now=now)
        change.state = (ChangeState.APPROVED if change.apply_to_open else ChangeState.APPLIED).value
    change.done = change.total = 0
    change.worked_at = None
    if change.state == ChangeState.APPLYING.value:
        return begin(change, now)
    if change.state == ChangeState.APPLIED.value:
        change.finished_at = now
    change.save()
    return change


@transaction.atomic
def adopt_calendar(*, by_name: str, now: datetime) -> Change | None:
    """Return the batch that brings open clocks to the calendar that is saved already: the one under way, or one that begins now.

    None when no clock runs under an older version. Errors: BusyError while rules are being applied.
    """
    version = current_number()
    under_way = Change.objects.select_for_update().filter(state=ChangeState.APPLYING.value).first()
    if under_way is not None:
        if under_way.kind != ChangeKind.CALENDAR.value:
            raise BusyError(ONE_AT_A_TIME)
        return under_way
    if version is None or not Clock.objects.filter(is_running(now), calendar_version__lt=version).exists():
        return None
    change = Change(
        kind=ChangeKind.CALENDAR.value,
        document=to_json(content_of(version)),
        title=f"适用工作日历第 {version} 版",
        basis=f"工作日历第 {version} 版",
        proposed_name=by_name,
        proposed_at=now,
        approved_name=by_name,
        approved_at=now,
        version=version,
    )
    return begin(change, now)


@transaction.atomic
def drop(change_id: int, *, actor: Actor, by_name: str, now: datetime) -> Change:
    """Give a proposal up; it stays on the list. Errors: NotAllowedError, CalendarError when it is too late."""
    change = _waiting(change_id)
    if not may_drop(change, actor):
        raise NotAllowedError
    change.state, change.finished_at = ChangeState.DROPPED.value, now
    change.approved_by_id, change.approved_name, change.approved_at = actor.user_id, by_name, now
    change.save()
    return change


def _waiting(change_id: int) -> Change:
    """Lock a proposal that nobody has answered yet."""
    change = Change.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise BadInputError("change", "没有这项改动。")
    if change.state != ChangeState.PROPOSED.value:
        raise CalendarError(f"这项改动{STATES[change.state]}，不能再改。")
    return change
