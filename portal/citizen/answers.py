"""From a draft to what is shown for checking, and to what is filed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from cases.errors import BadInputError
from cases.rules.classes import Channel
from cases.selectors.halls import active_halls, active_matters, active_obstacles, main_hall
from cases.services.content import Person
from cases.services.intake import Intake
from portal.citizen import drafts
from portal.citizen.contact import BY, ORGANISATION_RELATIONS, RELATIONS
from portal.citizen.drafts import Draft
from portal.citizen.forms import BeforeForm

NONE = "未填写"
CALL = "call"  # in the elder theme nobody is asked: we call back


class Answer(NamedTuple):
    """One line of the check page: which page it came from, label, value."""

    step: str
    label: str
    value: str


def rows_of(draft: Draft, steps: Iterable[str]) -> list[Answer]:
    """Every answer of the pages asked, for checking; what was left out says so."""
    asked = set(steps)
    rows = [*_about_matter(draft, asked), *_about_people(draft.answers, asked)]
    return [row for row in rows if row.step in asked]


def _about_matter(draft: Draft, asked: set[str]) -> list[Answer]:
    given = draft.answers
    rows = [Answer("problem", "遇到的问题", given.get("statement", NONE))]
    if "matter" in asked:
        named = _named(active_matters(), given.get("matter", ""))
        rows.append(Answer("matter", "哪件事", named or "不确定，请窗口帮我看"))
    if "obstacle" in asked:
        chosen = given.get("obstacle", "")
        text = next((o.citizen_text for o in active_obstacles() if str(o.pk) == chosen), NONE)
        rows.append(Answer("obstacle", "卡在哪里", text))
    if "before" in asked:
        hall = _named(active_halls(), given.get("hall", "")) or BeforeForm.NOWHERE
        rows += [
            Answer("before", "在哪里办的", hall),
            Answer("before", "大概哪一天", _day(given.get("tried_on", "")) or NONE),
            Answer("before", "跑过几次", dict(BeforeForm.VISITS).get(given.get("visits", ""), NONE)),
        ]
    rows.append(Answer("files", "材料照片", "\n".join(file.name for file in draft.files) or NONE))
    return rows


def _about_people(given: dict[str, str], asked: set[str]) -> list[Answer]:
    rows = [
        Answer("contact", "称呼", given.get("name", NONE)),
        Answer("contact", "电话", given.get("phone", NONE)),
        Answer("contact", "怎么通知", dict(BY)[given.get("by") or CALL]),
    ]
    if given.get("organisation"):
        role = dict(ORGANISATION_RELATIONS).get(given.get("organisation_relation", ""), "")
        lines = (given["organisation"], given.get("credit_code", ""), role and f"您是{role}")
        rows.append(Answer("contact", "替单位反映", "\n".join(filter(None, lines))))
    if given.get("principal"):
        role = dict(RELATIONS).get(given.get("relation", ""), "")
        lines = (given["principal"], given.get("principal_phone", ""), role and f"您是这个人的{role}")
        rows.append(Answer("contact", "替别人反映", "\n".join(filter(None, lines))))
    return rows


def _named(rows: Iterable[Any], chosen: str) -> str:
    return next((str(row.name) for row in rows if str(row.pk) == chosen), "")


def _day(text: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def people_of(given: dict[str, str]) -> tuple[Person, ...]:
    """The people of the case: who reports, perhaps for an organisation, perhaps for somebody else."""
    reporter = Person(
        name=given["name"],
        phone=given["phone"],
        organisation=given.get("organisation", ""),
        credit_code=given.get("credit_code", ""),
        relation=given.get("organisation_relation") or given.get("relation", ""),
        notify_by=given.get("by") or CALL,
    )
    if not given.get("principal"):
        return (reporter,)
    principal = Person(part="principal", name=given["principal"], phone=given.get("principal_phone", ""))
    return (reporter, principal)


def intake_of(draft: Draft) -> Intake:
    """What is filed; without a hall the case goes to the city's. Errors: BadInputError."""
    given = draft.answers
    hall_id = given.get("hall") or getattr(main_hall(), "pk", None)
    if not hall_id:
        raise BadInputError("hall", "还没有设置市级大厅，请打电话或到窗口反映。")
    tried_on = given.get("tried_on")
    return Intake(
        statement=given["statement"],
        hall_id=int(hall_id),
        people=people_of(given),
        channel=Channel.ONLINE,
        matter_id=int(given.get("matter") or 0) or None,
        obstacle_id=int(given.get("obstacle") or 0) or None,
        visits_before=int(given["visits"]) if given.get("visits") else None,
        tried_on=date.fromisoformat(tried_on) if tried_on else None,
        files=drafts.contents(draft),
    )
