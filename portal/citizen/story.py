"""The whole layer of a followed case: what happened in plain words, what was written, what the reporter may do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from cases.rules import words
from cases.rules.classes import ShareRole
from cases.rules.flow import Act
from cases.rules.grants import Actor, Role
from cases.rules.kinds import Kind
from cases.selectors.content import FileLine, Text, files_for, texts_for
from cases.selectors.timelines import Line, lines_for

REPLIES = frozenset({"reply", "explanation"})
# The acts of a reporter by the events that they leave.
OWN = {
    Kind.SUPPLEMENTED: Act.SUPPLEMENT,
    Kind.RATED: Act.RATE,
    Kind.REOPENED: Act.REOPEN,
    Kind.WITHDRAWN: Act.WITHDRAW,
}
# What is told when the first of a pair says that somebody tried and did not get through.
NOT_REACHED = {Kind.CONTACTED: Kind.CONTACT_TRIED, Kind.CALLED_BACK: Kind.CALL_TRIED}


class Event(NamedTuple):
    """One line of the story in words for citizens: what happened, when, a detail, and what was written with it."""

    text: str
    at: datetime
    detail: str = ""
    quote: str = ""


class Said(NamedTuple):
    """The reporter's own rating since the last closing, in words."""

    resolution: str
    words: str
    text: str


@dataclass(frozen=True)
class Whole:
    """The whole layer: what number and query code open, beside the status."""

    case: Any
    statement: str
    replies: list[Text]
    events: list[Event]
    files: list[FileLine]
    departments: str
    rating: Said | None
    last_own: Act | None  # what the reporter did last; only that can have just been done


def whole_of(actor: Actor, case: Any) -> Whole:
    """The whole layer of a case; two queries, three when it has files."""
    texts, lines = texts_for(actor, case), lines_for(actor, case.pk)
    replies = _current_replies(texts, lines)
    return Whole(
        case=case,
        statement=next((text.body for text in texts if text.purpose == "statement"), ""),
        replies=replies,
        events=_told(lines, [text for text in texts if text not in replies]),
        files=files_for(actor, case) if _has_files(lines) else [],
        departments=_handled_by(_shares_now(lines)),
        rating=_rating(texts, lines) if case.rated_at else None,
        last_own=_last_own(lines),
    )


def _last_own(lines: Sequence[Line]) -> Act | None:
    own = [line for line in lines if line.role == Role.CITIZEN.value and line.kind in OWN]
    return OWN[max(own, key=lambda line: line.version).kind] if own else None


def since(actor: Actor, case: Any, version: int) -> tuple[list[Event], list[Text]]:
    """What happened after `version` as far as the reporter is told, newest first, and the replies that came."""
    texts = [text for text in texts_for(actor, case) if text.version > version]
    lines = [line for line in lines_for(actor, case.pk) if line.version > version]
    replies = [text for text in texts if text.purpose in REPLIES]
    return _told(lines, [text for text in texts if text not in replies]), replies


def _current_replies(texts: Sequence[Text], lines: Sequence[Line]) -> list[Text]:
    """The replies since the case was last reopened, newest first; older ones stand in the story."""
    again = max((line.version for line in lines if line.kind is Kind.REOPENED), default=0)
    return [text for text in reversed(texts) if text.purpose in REPLIES and text.version > again]


def _has_files(lines: Sequence[Line]) -> bool:
    """The story itself says whether files came in: most cases have none, and cost no query for them."""
    return any(line.data.get("files") for line in lines)


def _told(lines: Sequence[Line], texts: Sequence[Text]) -> list[Event]:
    """Each event in a sentence; a dispatch to several departments is one."""
    written = {text.version: text.body for text in texts if text.purpose != "statement"}
    found = []
    for _, group in groupby(lines, _together):
        several = list(group)
        event = _event(several[0], written)
        if len(several) > 1:
            event = Event(f"已转给 {len(several)} 个部门一起办", several[0].happened_at, _handled_by(several))
        if event:
            found.append(event)
    return found


def _together(line: Line) -> tuple[Any, ...]:
    return (line.kind, line.happened_at) if line.kind is Kind.DISPATCHED else (line.version,)


def _event(line: Line, written: dict[int, str]) -> Event | None:
    kind = line.kind if line.data.get("reached", True) else NOT_REACHED.get(line.kind, line.kind)
    sentence = words.citizen_event(kind.value, line.department)
    if not sentence:
        return None
    return Event(sentence, line.happened_at, _detail(line), written.get(line.version, ""))


def _detail(line: Line) -> str:
    """What the data of an event adds to its sentence."""
    data = line.data
    if data.get("grade"):
        return _answer(data)
    if data.get("outcome"):
        return words.OUTCOMES[data["outcome"]]
    if data.get("way"):
        return words.CONTACT_WAYS[data["way"]]
    if line.kind is Kind.REOPENED:
        return f"第 {data['times']} 次重新办理"
    if line.kind is Kind.SUPPLEMENTED and data.get("files"):
        return f"{len(data['files'])} 个文件"
    return ""


def _answer(data: dict[str, Any]) -> str:
    """已解决，非常满意（服务态度、办理效率）."""
    reasons = "、".join(words.RATING_REASONS[code] for code in data.get("reasons") or ())
    solved = words.RESOLUTION.get(data["resolution"] or "")  # a paper register has the grade alone
    answer = "，".join(filter(None, (solved, words.SATISFACTION[data["grade"]])))
    return answer + (f"（{reasons}）" if reasons else "")


def rating_text(actor: Actor, case: Any) -> str:
    """What the reporter wrote with the rating since the last closing, empty when nothing; one query."""
    if not case.rated_at:
        return ""
    written = [text for text in texts_for(actor, case) if text.purpose == "rating"]
    return next((text.body for text in reversed(written) if text.written_at >= case.closed_at), "")


def _rating(texts: Sequence[Text], lines: Sequence[Line]) -> Said | None:
    line = next((line for line in lines if line.kind is Kind.RATED), None)
    if line is None:
        return None
    text = next((text.body for text in texts if text.version == line.version), "")
    return Said(line.data["resolution"] or "", _answer(line.data), text)


def _shares_now(lines: Sequence[Line]) -> list[Line]:
    """The dispatches that count now: neither those of an earlier handling, nor of a department it was taken from (改派)."""
    return [line for line in lines if line.kind is Kind.DISPATCHED and not line.is_share_over]


def _handled_by(lines: Sequence[Line]) -> str:
    """Who does what, in plain words: 主要由甲局办，乙局、丙局配合。"""
    lead = [line.department for line in lines if line.data.get("role") != ShareRole.CO.value]
    others = [line.department for line in reversed(lines) if line.data.get("role") == ShareRole.CO.value]
    return f"主要由{'、'.join(lead)}办，{'、'.join(others)}配合。" if others else "、".join(lead)
