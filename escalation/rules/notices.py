"""Notices (通知): which event is told to which posts, and in what words. One table; nothing personal is ever in a notice.

Source: policy.md F4 (whom a card reaches), users.md 3 (everything that is owed reaches the person, nothing must be opened
daily). The person who did a thing is not told of it: that is left to the writer, who knows the event's post.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cases.rules import words
from cases.rules.classes import BAD_GRADES, Resolution
from cases.rules.grants import Role
from cases.rules.kinds import Happening, Kind
from escalation.rules.calendar import WorkCalendar
from escalation.rules.cards import Colour
from escalation.rules.hours import CHINA


class Addressees(NamedTuple):
    """The posts of some roles: in one department, in one hall, or (neither) in the whole city; heads of some ranks only."""

    roles: frozenset[Role]
    department_id: int | None = None
    hall_id: int | None = None
    ranks: frozenset[int] | None = None


class Scene(NamedTuple):
    """The event, the hall of its case, and the departments whose shares were live when it was recorded."""

    event: Happening
    hall_id: int | None
    departments: Sequence[int]

    @property
    def department_id(self) -> int | None:
        """The department that a share's event or a card is about."""
        found: int | None = self.event.data.get("department_id")
        return found


def is_historical(event: Happening, calendar: WorkCalendar) -> bool:
    """Say whether an event was written down more than one working day after it happened (历史补录): too late to send.

    >>> from datetime import UTC, datetime
    >>> from escalation.rules.calendar import example_calendar
    >>> def late(day: int) -> bool:
    ...     at, then = datetime(2026, 9, 30, 3, tzinfo=UTC), datetime(2026, 10, day, 1, tzinfo=UTC)
    ...     return is_historical(Happening(1, Kind.DISPATCHED, at, then, 7, {}), example_calendar())
    >>> late(8), late(9)  # 8 October is the first working day after 30 September 2026
    (False, True)
    """
    happened_on, recorded_on = (
        moment.astimezone(CHINA).date() for moment in (event.happened_at, event.recorded_at)
    )
    return happened_on < recorded_on and calendar.count(happened_on, recorded_on) > 1


WINDOW = frozenset({Role.CLERK, Role.CLERK_LEAD})
HANDLERS = frozenset({Role.LIAISON, Role.HANDLER})
HEADS = frozenset({Role.HEAD})
SUPERVISORS = frozenset({Role.SUPERVISOR})
LEADERS = frozenset({Role.BUREAU_LEADER})
DEPUTY, CHIEF = 2, 3  # 分管负责人, 主要负责人


def _to_window(scene: Scene) -> list[Addressees]:
    return [Addressees(WINDOW, hall_id=scene.hall_id)]


def _to_shares(scene: Scene, roles: frozenset[Role] = HANDLERS) -> list[Addressees]:
    return [Addressees(roles, department_id=department) for department in scene.departments]


def _to_share(scene: Scene) -> list[Addressees]:
    return [Addressees(HANDLERS, department_id=scene.department_id)]


def _to_all(scene: Scene) -> list[Addressees]:
    """What changes the time of a whole case is for all who work on it; of one share, for its department and the window."""
    return _to_window(scene) + (_to_share(scene) if scene.event.share_id is not None else _to_shares(scene))


def _when_ready(scene: Scene) -> list[Addressees]:
    return _to_window(scene) if scene.event.data.get("ready") else []


def _when_bad(scene: Scene) -> list[Addressees]:
    """A bad grade or an unsolved matter is for the window's lead and the 专员."""
    data = scene.event.data
    if data.get("grade") not in BAD_GRADES and data.get("resolution") != Resolution.UNSOLVED:
        return []
    return [Addressees(frozenset({Role.CLERK_LEAD}), hall_id=scene.hall_id), Addressees(SUPERVISORS)]


def _to_carded(scene: Scene) -> list[Addressees]:
    """The unit; from yellow on the 分管负责人 and the 专员, from red on the 主要负责人 and the bureau's leaders."""
    colour, department = Colour(scene.event.data["colour"]), scene.department_id
    ranks = {Colour.BLUE: set(), Colour.YELLOW: {DEPUTY}, Colour.RED: {DEPUTY, CHIEF}}[colour]
    if department is None:
        found = [Addressees(frozenset({Role.CLERK_LEAD}), hall_id=scene.event.data["hall_id"])]
    else:
        found = [Addressees(HANDLERS, department_id=department)]
        found += [Addressees(HEADS, department_id=department, ranks=frozenset(ranks))] if ranks else []
    found += [Addressees(SUPERVISORS)] if colour is not Colour.BLUE else []
    return found + ([Addressees(LEADERS)] if colour is Colour.RED else [])


TOLD: Mapping[Kind, Callable[[Scene], list[Addressees]]] = MappingProxyType(
    {
        Kind.DISPATCHED: _to_share,
        Kind.SENT_BACK: _to_share,
        Kind.ANSWERED: _when_ready,
        Kind.SUPPLEMENTED: lambda scene: _to_window(scene) + _to_shares(scene),
        Kind.WITHDRAWN: _to_shares,
        Kind.REOPENED: lambda scene: [*_to_window(scene), Addressees(SUPERVISORS)],
        Kind.CALLED_BACK: _when_bad,
        Kind.RATED: _when_bad,
        Kind.SUPERVISED: lambda scene: _to_shares(scene, HANDLERS | HEADS) or _to_window(scene),
        Kind.CARD_ISSUED: _to_carded,
        Kind.RETURNED: _to_share,
        Kind.MEETING_CALLED: lambda scene: _to_window(scene) + _to_shares(scene, HANDLERS | HEADS),
        **dict.fromkeys(
            (
                Kind.SUSPENDED,
                Kind.RENEWED,
                Kind.RESUMED,
                Kind.EXTENDED,
                Kind.RECLASSIFIED,
                Kind.CALENDAR_APPLIED,
            ),
            _to_all,
        ),
    }
)

# What the reader is to know or do; a card is titled by its colour and what is late.
TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.DISPATCHED: f"新的承办任务，请{words.ACTS['sign']}",
        Kind.SENT_BACK: f"窗口{words.ACTS['send_back']}",
        Kind.ANSWERED: "部门已全部答复，请窗口核对",
        Kind.SUPPLEMENTED: f"反映人{words.KINDS['supplemented']}",
        Kind.WITHDRAWN: f"反映人{words.KINDS['withdrawn']}，不用再办",
        Kind.REOPENED: f"{words.KINDS['reopened']}，请转办",
        Kind.CALLED_BACK: "回访时反映人不满意或问题未解决",
        Kind.RATED: "反映人评价不满意或问题未解决",
        Kind.SUPERVISED: f"{words.KINDS['supervised']}，请看{words.TEXTS['supervision']}",
        Kind.SUSPENDED: f"{words.KINDS['suspended']}，请看到哪天",
        Kind.RENEWED: f"{words.KINDS['renewed']}，请看到哪天",
        Kind.RESUMED: f"{words.KINDS['resumed']}，请按新的时限办",
        Kind.EXTENDED: f"{words.KINDS['extended']}，请看新的时限",
        Kind.RECLASSIFIED: f"{words.KINDS['reclassified']}，请看新的时限",
        Kind.RETURNED: f"{words.KINDS['returned']}，不用再办",
        Kind.MEETING_CALLED: f"{words.KINDS['meeting_called']}，请看会商什么",
        Kind.CALENDAR_APPLIED: f"{words.KINDS['calendar_applied']}，请看新的时限",
    }
)


def title_of(kind: Kind, colour: str = "", obligation: str = "", signal: str = "") -> str:
    """Return the title of a notice.

    >>> title_of(Kind.DISPATCHED), title_of(Kind.CARD_ISSUED, "yellow", "answer", "overdue")
    ('新的承办任务，请签收', '黄牌：部门答复时限超期')
    """
    if kind is Kind.CARD_ISSUED and obligation:
        return f"{words.COLOURS[colour]}：{words.OBLIGATIONS[obligation]}{words.SIGNALS[signal]}"
    return TITLES.get(kind, words.KINDS[kind.value])


def scenes(timeline: Sequence[Happening], after: int, hall_id: int | None) -> list[Scene]:
    """Return the events recorded after version `after`, each with the departments whose shares were live then."""
    found: list[Scene] = []
    live: dict[int | None, int] = {}
    for event in timeline:
        if event.kind is Kind.DISPATCHED and event.data.get("department_id"):
            live[event.share_id] = event.data["department_id"]
        if event.version > after:
            found.append(_scene(event, hall_id, live))
        if event.kind is Kind.RETURNED:
            live.pop(event.share_id, None)
        if event.kind is Kind.REOPENED:
            live.clear()
    return found


def _scene(event: Happening, hall_id: int | None, live: Mapping[int | None, int]) -> Scene:
    if event.share_id in live and "department_id" not in event.data:
        event = event._replace(data={**event.data, "department_id": live[event.share_id]})
    departments = () if event.kind is Kind.REOPENED else tuple(dict.fromkeys(live.values()))
    return Scene(event, hall_id, departments)


def addressees(scene: Scene) -> list[Addressees]:
    """Return to whom an event is told.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 27, tzinfo=UTC)
    >>> def told(**data: object) -> list[str]:
    ...     event = Happening(9, Kind.CARD_ISSUED, at, at, None, data)
    ...     return sorted(role.value for one in addressees(Scene(event, 1, ())) for role in one.roles)
    >>> told(colour="blue", department_id=7), told(colour="yellow", hall_id=1)
    (['handler', 'liaison'], ['clerk_lead', 'supervisor'])
    >>> told(colour="red", department_id=7)
    ['bureau_leader', 'handler', 'head', 'liaison', 'supervisor']
    """
    return TOLD[scene.event.kind](scene) if scene.event.kind in TOLD else []
