"""A case is handled: dispatched to a department (转办), answered by it, published to the reporter, closed."""

from __future__ import annotations

from datetime import datetime

from cases.errors import BadInputError, NotAllowedError
from cases.models import Case, Department, Share
from cases.rules.classes import CLOSING_OUTCOMES, Conclusion, Outcome, Recurrence, ShareRole
from cases.rules.flow import Act
from cases.rules.grants import Actor, HeldPost
from cases.rules.kinds import Kind
from cases.services.content import key_of, write_text, write_texts
from cases.services.perform import Change, perform


def _required(field: str, text: str, message: str) -> str:
    text = text.strip()
    if not text:
        raise BadInputError(field, message)
    return text


def dispatch_case(
    *,
    number: str,
    department_id: int,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    happened_at: datetime | None = None,
) -> Case:
    """Dispatch a case to one lead department (转办). The department's clock runs from this moment, not from signing."""
    department = Department.objects.filter(pk=department_id, is_active=True).first()
    if department is None:
        raise BadInputError("department", "请选择承办部门。")

    def change(case: Case, post: HeldPost) -> Change:
        share = Share.objects.create(
            case=case, department=department, role=ShareRole.LEAD.value, dispatched_at=happened_at or now
        )
        data = {"role": share.role, "department_id": department.pk}
        return Change(Kind.DISPATCHED, data, share.pk)

    return perform(
        Act.DISPATCH,
        number=number,
        actor=actor,
        now=now,
        seen_version=seen_version,
        change=change,
        happened_at=happened_at,
    )


def answer_share(
    *,
    number: str,
    conclusion: Conclusion,
    text: str,
    actor: Actor,
    now: datetime,
    internal: str = "",
    seen_version: int | None = None,
    happened_at: datetime | None = None,
) -> Case:
    """Answer the department's own share (承办答复): a conclusion, words for the reporter, and an internal note."""
    text = _required("text", text, "请写给群众的答复。")

    def change(case: Case, post: HeldPost) -> Change:
        if post.department_id is None:
            raise NotAllowedError
        share = Share.objects.get(
            case=case, department_id=post.department_id, ended_at__isnull=True, answered_at__isnull=True
        )
        share.answered_at = happened_at or now
        share.conclusion = conclusion.value
        share.handler_id = actor.user_id
        share.save(update_fields=["answered_at", "conclusion", "handler"])
        written = {"answer": text, "internal": internal}
        digests = write_texts(
            case, key_of(case), written, author_id=actor.user_id, now=now, share_id=share.pk
        )
        return Change(Kind.ANSWERED, {"conclusion": conclusion.value, "digests": digests}, share.pk)

    return perform(
        Act.ANSWER,
        number=number,
        actor=actor,
        now=now,
        seen_version=seen_version,
        change=change,
        happened_at=happened_at,
    )


def publish_reply(
    *,
    number: str,
    text: str,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    happened_at: datetime | None = None,
) -> Case:
    """Publish the reply that the reporter reads (答复反映人), after the window has checked it."""
    text = _required("text", text, "请写给反映人的答复。")

    def change(case: Case, post: HeldPost) -> Change:
        case.replied_at = happened_at or now
        digest = write_text(case, key_of(case), "reply", text, author_id=actor.user_id, now=now)
        return Change(Kind.PUBLISHED, {"digests": {"reply": digest}})

    return perform(
        Act.PUBLISH,
        number=number,
        actor=actor,
        now=now,
        seen_version=seen_version,
        change=change,
        happened_at=happened_at,
    )


def close_case(
    *,
    number: str,
    outcome: Outcome,
    evidence: str,
    recurrence: Recurrence,
    recurrence_note: str = "",
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    happened_at: datetime | None = None,
) -> Case:
    """Close a case (办结) with outcome, evidence, and the answer to 别人也会遇到吗? (policy.md F3)."""
    if outcome not in CLOSING_OUTCOMES:
        raise BadInputError("outcome", "请选择办结类型。")
    evidence = _required("evidence", evidence, "请写办结依据：结果是什么，怎么核实的。")

    def change(case: Case, post: HeldPost) -> Change:
        case.outcome = outcome.value
        case.recurrence = recurrence.value
        case.closed_at = happened_at or now
        written = {"closing": evidence, "recurrence": recurrence_note}
        digests = write_texts(case, key_of(case), written, author_id=actor.user_id, now=now)
        return Change(
            Kind.CLOSED, {"outcome": outcome.value, "recurrence": recurrence.value, "digests": digests}
        )

    return perform(
        Act.CLOSE,
        number=number,
        actor=actor,
        now=now,
        seen_version=seen_version,
        change=change,
        happened_at=happened_at,
    )
