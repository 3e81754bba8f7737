"""From a draft to what is shown for checking, and to what is filed."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from cases.rules import scope
from cases.rules.classes import Channel
from cases.rules.masking import find_personal, mask_text
from cases.selectors.halls import active_halls, active_matters, active_obstacles, main_hall
from cases.services.content import Person
from cases.services.intake import Intake
from portal.citizen import drafts
from portal.citizen.forms import BY, ORGANISATION_RELATIONS, RELATIONS, BeforeForm

NONE = "未填写"

# Words in a description that point to another channel; the person may still file (pages.md C2, out of scope).
HINTS = {
    "emergency": ("救命", "着火", "火灾", "杀人", "自杀", "抢劫", "正在打人", "昏迷"),
    "consumer": ("假货", "退货", "商家不退", "网购", "买到假", "消费纠纷"),
}


class Answer(NamedTuple):
    """One line of the check page: which page it came from, label, value."""

    step: str
    label: str
    value: str


class Warning(NamedTuple):
    """Something worth a second look before going on: another channel, or numbers that should not be here."""

    reason: scope.Reason | None
    masked: str


def warnings_in(statement: str) -> Warning | None:
    """Say whether the description points to an emergency or consumer matter, or holds an ID or card number."""
    for code, hints in HINTS.items():
        if any(hint in statement for hint in hints):
            return Warning(scope.REASONS[code], "")
    if any(found.kind != "mobile" for found in find_personal(statement)):
        return Warning(None, mask_text(statement))
    return None


def _names(rows: Any) -> dict[str, str]:
    return {str(row.pk): row.name for row in rows}


def rows_of(draft: dict[str, Any], steps: list[str]) -> list[Answer]:
    """Every answer, for the check page; what was left out says so."""
    matter = _names(active_matters()).get(draft.get("matter", ""), "不确定，请窗口帮我看")
    obstacle = {str(o.pk): o.citizen_text for o in active_obstacles()}.get(draft.get("obstacle", ""), NONE)
    files = "、".join(file.name for file in drafts.files_of(draft)) or NONE
    organisation = " ".join(
        filter(
            None,
            (
                draft.get("organisation"),
                dict(ORGANISATION_RELATIONS).get(draft.get("organisation_relation", "")),
            ),
        )
    )
    principal = " ".join(
        filter(None, (draft.get("principal"), dict(RELATIONS).get(draft.get("relation", ""))))
    )
    rows = [
        Answer("problem", "遇到的问题", draft.get("statement", "")),
        Answer("matter", "哪件事", matter),
        Answer("obstacle", "卡在哪里", obstacle),
        Answer(
            "before", "在哪里办的", _names(active_halls()).get(draft.get("hall", ""), "记不清，或者在网上")
        ),
        Answer("before", "大概哪一天", draft.get("tried_on") or NONE),
        Answer("before", "跑过几次", dict(BeforeForm.VISITS).get(draft.get("visits", ""), NONE)),
        Answer("files", "材料照片", files),
        Answer("contact", "称呼", draft.get("name", "")),
        Answer("contact", "电话", draft.get("phone", "")),
        Answer("contact", "怎么通知", dict(BY).get(draft.get("by", ""), NONE)),
        Answer("contact", "单位", organisation or NONE),
        Answer("contact", "替谁反映", principal or NONE),
    ]
    return [row for row in rows if row.step in steps]


def people_of(draft: dict[str, Any]) -> tuple[Person, ...]:
    """The people of the case: who reports, and for whom."""
    reporter = Person(
        name=draft["name"],
        phone=draft["phone"],
        organisation=draft.get("organisation", ""),
        credit_code=draft.get("credit_code", ""),
        relation=draft.get("organisation_relation") or draft.get("relation", ""),
        notify_by=draft.get("by", ""),
    )
    if not draft.get("principal"):
        return (reporter,)
    return (reporter, Person(part="principal", name=draft["principal"]))


def intake_of(draft: dict[str, Any]) -> Intake:
    """What is filed. Without a hall the case goes to the city's."""
    hall = main_hall()
    tried_on = draft.get("tried_on")
    return Intake(
        statement=draft["statement"],
        hall_id=int(draft.get("hall") or (hall.pk if hall else 0)),
        people=people_of(draft),
        channel=Channel.ONLINE,
        matter_id=int(draft.get("matter") or 0) or None,
        obstacle_id=int(draft.get("obstacle") or 0) or None,
        visits_before=int(draft["visits"]) if draft.get("visits") else None,
        tried_on=date.fromisoformat(tried_on) if tried_on else None,
        files=drafts.contents(draft),
    )
