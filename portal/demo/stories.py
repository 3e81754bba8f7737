"""The live cases of the sample city as they are told: `data/stories.toml` read, and its moments set around a day.

Pure: a day and a calendar go in, acts at moments come out, the same every time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from escalation.rules.calendar import WorkCalendar
from escalation.rules.hours import CHINA

STORIES = Path(__file__).parent / "data" / "stories.toml"
LONG_REST = 3  # days off in a row that are more than a weekend


class StoryError(ValueError):
    """A story that cannot be played."""


class Step(NamedTuple):
    """One act of a story: when, which, with which words before the first bar, what was written, and the files."""

    at: datetime
    verb: str
    asked: tuple[str, ...]
    written: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One case: how it came in, and what was done with it."""

    order: int
    filed_at: datetime
    hall: str
    channel: str
    name: str
    text: str
    matter: str
    obstacle: str
    visits: int
    files: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default_factory=tuple)


def stories_around(day: date, calendar: WorkCalendar) -> list[Story]:
    """Return all stories with their moments around `day`."""
    moment = moments_around(day, calendar)
    with STORIES.open("rb") as file:
        told = tomllib.load(file)["story"]
    return [_story(order, found, moment) for order, found in enumerate(told, 1)]


def moments_around(day: date, calendar: WorkCalendar) -> Callable[[str, str], datetime]:
    """Return what turns `w3 09:40` and the like into a moment. The letters are explained in stories.toml.

    >>> from escalation.rules.calendar import example_calendar
    >>> moment = moments_around(date(2026, 10, 12), example_calendar())
    >>> [f"{moment(day, '09:40'):%m-%d %H:%M}" for day in ("w1", "w2", "w3", "c1", "h0", "h1")]
    ['10-10 09:40', '10-09 09:40', '10-08 09:40', '10-11 09:40', '09-30 09:40', '10-08 09:40']
    """
    today = calendar.on_or_after(day)
    eve = _eve_of_rest(day, calendar)

    def moment(which: str, at: str) -> datetime:
        letter, number = which[0], int(which[1:])
        if letter == "w" and number > 0:
            on = calendar.back(today, number)
        elif letter == "c":
            on = day - timedelta(number)
        elif letter == "h":
            on = calendar.add(eve, number)
        else:
            raise StoryError(which)
        return datetime.combine(on, time.fromisoformat(at), CHINA)

    return moment


def _eve_of_rest(day: date, calendar: WorkCalendar) -> date:
    """The last working day before the last long rest with three working days between it and `day`."""
    eve = calendar.back(day, 3)
    for _ in range(250):
        before = calendar.back(eve)
        if (eve - before).days > LONG_REST:
            return before
        eve = before
    return eve


def _story(order: int, told: Mapping[str, Any], moment: Callable[[str, str], datetime]) -> Story:
    return Story(
        order=order,
        filed_at=moment(*told["filed"].split()),
        hall=told["hall"],
        channel=told.get("channel", "counter"),
        name=told["name"],
        text=told["text"],
        matter=told["matter"],
        obstacle=told["obstacle"],
        visits=told["visits"],
        files=tuple(told.get("files", ())),
        steps=tuple(_steps(told.get("acts", ()), moment)),
    )


def _steps(acts: list[str], moment: Callable[[str, str], datetime]) -> Iterator[Step]:
    """Read `w2 15:00 answer S04 done | 已经办好。 | @photo 新证.jpg`."""
    for act in acts:
        head, *rest = (part.strip() for part in act.split("|"))
        day, at, verb, *asked = head.split()
        yield Step(
            moment(day, at),
            verb,
            tuple(asked),
            tuple(part for part in rest if not part.startswith("@")),
            tuple(part[1:] for part in rest if part.startswith("@")),
        )
