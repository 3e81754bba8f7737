"""A case at the departments: dispatched (转办), signed (签收), the reporter contacted, answered, asked to answer again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from django.db.models import QuerySet

from cases.errors import BadInputError, IllegalMoveError, NotAllowedError
from cases.models import Case, Department, Event, Share, Suspension
from cases.rules.classes import CALL_ATTEMPTS, Conclusion, ContactWay, ShareRole
from cases.rules.coordination import is_ready
from cases.rules.flow import Act
from cases.rules.kinds import Kind
from cases.services.content import File, add_files, key_of, required, write_texts
from cases.services.perform import Asked, Change, Doing, end_suspensions_of, perform


def dispatch_case(
    *,
    department_id: int,
    co_department_ids: Sequence[int] = (),
    instruction: str = "",
    **asked: Unpack[Asked],
) -> Case:
    """Dispatch a case to one lead department and any number of co-handlers (转办), with what is asked of them.

    The departments' clocks run from this moment, not from signing (pages.md 0.11).
    """
    lead = departments("department", [department_id], "请选择主办部门。")
    co = departments("co_departments", co_department_ids, "协办部门里有停用或不存在的部门，请重新选择。")
    if department_id in {department.pk for department in co}:
        raise BadInputError("co_departments", "主办部门不用再选为协办部门。")

    def change(case: Case, doing: Doing) -> list[Change]:
        digests = write_texts(case, key_of(case), {"instruction": instruction}, doing)
        parts = [(ShareRole.LEAD, lead[0]), *((ShareRole.CO, department) for department in co)]
        changes = []
        for role, department in parts:
            share = Share.objects.create(
                case=case, department=department, role=role.value, dispatched_at=doing.at
            )
            data = {"role": role.value, "department_id": department.pk, **carried(department)}
            changes.append(Change(Kind.DISPATCHED, {**data, "digests": digests}, share.pk))
            digests = {}  # the texts belong to the first event
        return changes

    return perform(Act.DISPATCH, change, **asked)


def carried(department: Department) -> dict[str, bool]:
    """What an event says of a unit without account: the window acts for it (代录), so no clock runs against it."""
    return {} if department.has_account else {"carried": True}


def departments(field: str, ids: Sequence[int], message: str) -> list[Department]:
    """Return the departments chosen in a field. Errors: BadInputError with `message` when one is missing or inactive."""
    found = list(Department.objects.filter(pk__in=set(ids), is_active=True).order_by("code"))
    if len(found) != len(set(ids)):
        raise BadInputError(field, message)
    return found


def waiting_share(case: Case, department_id: int, field: str = "department") -> Share:
    """Return the live share of a department that has yet to answer. Errors: BadInputError about `field` when there is none."""
    share = _waiting(case).filter(department_id=department_id).first()
    if share is None:
        raise BadInputError(field, "请选择还没有答复的承办部门。")
    return share


def _waiting(case: Case) -> QuerySet[Share]:
    return Share.objects.filter(case=case, ended_at__isnull=True, answered_at__isnull=True)


def _own_share(case: Case, doing: Doing) -> Share:
    """The live share of the department under whose post the act is done."""
    if doing.post.department_id is None:
        raise NotAllowedError
    return _waiting(case).get(department_id=doing.post.department_id)


def sign_share(**asked: Unpack[Asked]) -> Case:
    """Sign for the department's own share (签收): somebody there has it in hand."""

    def change(case: Case, doing: Doing) -> Change:
        share = _own_share(case, doing)
        share.signed_at = doing.at
        share.handler_id = doing.actor_id
        share.save(update_fields=["signed_at", "handler"])
        return Change(Kind.SIGNED, {"role": share.role}, share.pk)

    return perform(Act.SIGN, change, **asked)


def contact_reporter(*, way: ContactWay, reached: bool, note: str = "", **asked: Unpack[Asked]) -> Case:
    """Book a contact with the reporter (首次联系 and later ones), reached or not.

    The first contact is made when the reporter was reached, or at the third attempt (policy.md F3).
    """

    def change(case: Case, doing: Doing) -> Change:
        share = _own_share(case, doing)
        tries = Event.objects.filter(case=case, share=share, kind=Kind.CONTACT_TRIED.value).count()
        counts = reached or tries + 1 >= CALL_ATTEMPTS
        if counts and share.contacted_at is None:
            share.contacted_at = doing.at
            share.save(update_fields=["contacted_at"])
        data = {"role": share.role, "way": way.value, "reached": reached, "attempt": tries + 1}
        digests = write_texts(case, key_of(case), {"contact": note}, doing, share_id=share.pk)
        kind = Kind.CONTACTED if counts else Kind.CONTACT_TRIED
        return Change(kind, {**data, "digests": digests}, share.pk)

    return perform(Act.CONTACT, change, **asked)


def carry_answer(
    *, department_id: int, conclusion: Conclusion, text: str, source: str, **asked: Unpack[Asked]
) -> Case:
    """Book the answer of a unit without account (代录答复): 经联社、村委会、银行… tell the window, which writes it down.

    `source` says who of the unit said so, how and when.
    """
    text = required("text", text, "请写这个单位的答复。")
    source = required("source", source, "请写是谁答复的、怎么答复的。")

    def change(case: Case, doing: Doing) -> Change:
        of_unit = _waiting(case).filter(department_id=department_id, department__has_account=False)
        share = of_unit.first()
        if share is None:
            raise BadInputError("department", "请选择要代录的单位。")
        return _answered(
            case, share, conclusion, {"answer": text, "internal": source}, (), doing, carried=True
        )

    return perform(Act.CARRY, change, **asked)


def answer_share(
    *,
    conclusion: Conclusion,
    text: str,
    internal: str = "",
    files: Sequence[File] = (),
    **asked: Unpack[Asked],
) -> Case:
    """Answer the department's own share (承办答复): a conclusion, words for the reporter, an internal note, evidence.

    The case goes on to the window when every live share has its answer; an answer counts as signing (签收).
    """
    text = required("text", text, "请写给群众的答复。")

    def change(case: Case, doing: Doing) -> Change:
        written = {"answer": text, "internal": internal}
        return _answered(case, _own_share(case, doing), conclusion, written, files, doing)

    return perform(Act.ANSWER, change, **asked)


def all_have_answered(case: Case) -> bool:
    """Say whether a locked case may go on to the window; one query."""
    live = Share.objects.filter(case=case, ended_at__isnull=True).values_list("answered_at", flat=True)
    return is_ready(answered is not None for answered in live)


def _answered(
    case: Case,
    share: Share,
    conclusion: Conclusion,
    written: Mapping[str, str],
    files: Sequence[File],
    doing: Doing,
    **more: bool,
) -> Change:
    """Write an answer into its share; the case goes on when it was the last. What stood still for the share alone ends with it."""
    share.answered_at = doing.at
    share.signed_at = share.signed_at or doing.at
    share.conclusion = conclusion.value
    share.handler_id = doing.actor_id
    share.save(update_fields=["answered_at", "signed_at", "conclusion", "handler"])
    end_suspensions_of(Suspension.objects.filter(share=share), doing.at)
    key = key_of(case)
    digests = write_texts(case, key, written, doing, share_id=share.pk)
    hashes = add_files(case, key, files, doing, purpose="evidence", share_id=share.pk)
    ready = all_have_answered(case)
    data = {"role": share.role, "conclusion": conclusion.value, "ready": ready, "digests": digests}
    return Change(Kind.ANSWERED, {**data, **more, "files": hashes}, share.pk, stays=not ready)


def send_back(*, department_id: int, reason: str, **asked: Unpack[Asked]) -> Case:
    """Ask one department to answer again (请部门重新答复), after the window has found its answer wanting.

    The department's step starts anew, the case's own limit does not (policy.md F1).
    """
    reason = required("reason", reason, "请写清楚答复里缺什么、要部门补什么。")

    def change(case: Case, doing: Doing) -> Change:
        share = (
            Share.objects.select_related("department")
            .filter(case=case, department_id=department_id, ended_at__isnull=True)
            .first()
        )
        if share is None:
            raise BadInputError("department", "请选择要重新答复的部门。")
        if share.answered_at is None:
            raise IllegalMoveError("这个部门还没有答复，不用请它重新答复。")
        share.answered_at = None
        share.save(update_fields=["answered_at"])
        digests = write_texts(case, key_of(case), {"send_back": reason}, doing, share_id=share.pk)
        data = {"role": share.role, **carried(share.department), "digests": digests}
        return Change(Kind.SENT_BACK, data, share.pk)

    return perform(Act.SEND_BACK, change, **asked)
