"""The living sample city: its staff, the paper register (台账), and the live cases of `data/stories.toml`.

Everything goes through the services at its own moment, morning sweeps included, so that timelines, clocks, cards and
notices stand as if the city had worked with the portal all along. The same day gives the same city.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import transaction

from cases.models import Absence, Case
from cases.rules import words
from cases.rules.classes import Channel
from cases.rules.flow import State
from cases.rules.grants import Role
from cases.rules.numbering import group
from cases.timeline import unheard
from escalation.rules.calendar import WorkCalendar
from escalation.rules.hours import CHINA
from escalation.selectors.versions import in_force
from escalation.services.notices import mark_read
from escalation.services.sweep import refold_lagging, sweep
from portal.demo.acting import file_story, play
from portal.demo.cast import Cast
from portal.demo.causes import load_cause
from portal.demo.scene import Filed, Scene
from portal.demo.staff import load_staff
from portal.demo.stories import Story, stories_around
from portal.register.importing import KNOWN, import_sheet
from portal.sheets import read_sheet

REGISTER = Path(__file__).parent / "data" / "register.csv"
MORNING = time(8, 31)  # cards are issued at half past eight
UNREAD_DAYS = 2  # what is older has been read
SHOWN = (State.FILED, State.HANDLING, State.REPLIED, State.CLOSED)  # query codes of such are printed
ON_LEAVE = ("s09a", "s05b")


class _Moment(NamedTuple):
    """Something to be played; `order` keeps those of one moment in their order."""

    at: datetime
    order: int
    play: Callable[[], None]


@transaction.atomic
def load_cases(now: datetime) -> list[str]:
    """Fill a sample city that has no case yet; returns lines to be printed. A city with cases is left alone.

    All or nothing: a start that was cut off begins anew.
    """
    if Case.objects.exists():
        return []
    load_staff()
    with unheard():  # clocks are read each morning, for all cases at once
        _enter_register(now)  # first, so that lists which show what was written last begin with what is alive
        filed = _play_stories(now)
    refold_lagging(now=now)
    sweep(now=now)
    load_cause(now)
    _send_on_leave(now)
    return list(_examples(filed.values()))


def _examples(filed: Iterable[Filed]) -> Iterator[str]:
    """One case of a kind with its query code, which is known only now."""
    codes = {case.number: case.query_code for case in filed}
    for state in SHOWN:
        found = Case.objects.filter(state=state.value, channel=Channel.ONLINE.value, number__in=codes)
        found = found.filter(erased_at__isnull=True)
        number = found.order_by("-number").values_list("number", flat=True).first()
        if number:
            yield f"查进度：编号 {group(number)}，查询码 {codes[number]}（{words.STATES[state.value]}）"


def _play_stories(now: datetime) -> dict[int, Filed]:
    """Play all stories and the mornings between them in order of time; returns the cases by story."""
    calendar, day = in_force().work_time().calendar, now.astimezone(CHINA).date()
    cast, filed = Cast(day), dict[int, Filed]()
    stories = stories_around(day, calendar)
    acts = (_acts_of(story, cast, filed) for story in stories)
    start = min(story.filed_at for story in stories)
    for moment in heapq.merge(*acts, _mornings(start, now, calendar, cast), key=lambda m: (m.at, m.order)):
        if moment.at <= now:
            moment.play()
    return filed


def _acts_of(story: Story, cast: Cast, filed: dict[int, Filed]) -> Iterator[_Moment]:
    def file() -> None:
        filed[story.order] = file_story(story, cast)

    yield _Moment(story.filed_at, story.order, file)
    for step in story.steps:
        yield _Moment(
            step.at, story.order, lambda step=step: play(Scene(story, filed[story.order], step, cast))
        )


def _mornings(start: datetime, now: datetime, calendar: WorkCalendar, cast: Cast) -> Iterator[_Moment]:
    """Each working morning of the story: cards are issued, and people read what they were told.

    What happened on the last working days stays unread, so that there is something new.
    """
    today = now.astimezone(CHINA).date()
    newest = calendar.back(today, UNREAD_DAYS)
    day = calendar.on_or_after(start.date())
    while day <= today:
        at = datetime.combine(day, MORNING, CHINA)

        def morning(at: datetime = at) -> None:
            refold_lagging(now=at)
            if at.date() <= newest:
                mark_read(actor=cast.everybody, now=at)
            sweep(now=at)

        yield _Moment(at, 0, morning)
        day = calendar.add(day, 1)


def _send_on_leave(now: datetime) -> None:
    """Two people are away this week: their colleagues act for them."""
    today = now.astimezone(CHINA).date()
    for user in get_user_model().objects.filter(username__in=ON_LEAVE):
        Absence.objects.create(
            user=user, from_on=today - timedelta(1), until_on=today + timedelta(5), reason="leave"
        )


def _enter_register(now: datetime) -> None:
    """Import the office's paper register as its 专员 would (台账导入); rows that paper got wrong stay out."""
    sheet = read_sheet(REGISTER.read_bytes(), REGISTER.name, known=KNOWN)
    import_sheet(sheet, actor=Cast(now.astimezone(CHINA).date()).of("S01", Role.SUPERVISOR), now=now)
    refold_lagging(now=now)
    sweep(now=now)
