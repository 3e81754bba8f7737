"""One act of a story about to be played: which case, when, and who is there to do it."""

from __future__ import annotations

from typing import NamedTuple

from cases.rules.grants import Actor, Role, citizen
from cases.services.perform import Asked
from portal.demo.cast import Cast
from portal.demo.stories import Step, Story

CARRIES_OUT = {
    "accept",
    "dispatch",
    "carry",
    "resolve",
    "redirect",
    "call_back",
    "contact_rater",
}  # the rest is for the window's lead


class Filed(NamedTuple):
    """A story's case."""

    case_id: int
    number: str
    query_code: str


class Scene(NamedTuple):
    """One act about to be played: its story, case and step, and who is there."""

    story: Story
    filed: Filed
    step: Step
    cast: Cast

    def by(self, actor: Actor) -> Asked:
        """What each service is asked with."""
        return {"number": self.filed.number, "actor": actor, "now": self.step.at}

    @property
    def window(self) -> Asked:
        """Asked by the window: daily work by whoever sits there, what goes out by its lead."""
        role = Role.CLERK if self.step.verb in CARRIES_OUT else Role.CLERK_LEAD
        return self.by(self.cast.of(self.story.hall, role, self.story.order))

    @property
    def reporter(self) -> Asked:
        """Asked by the reporter, who has opened the case with its query code."""
        return self.by(citizen(opened=frozenset({self.filed.case_id})))

    @property
    def department(self) -> Asked:
        """Asked by the department named first: its liaison, now and then the B one."""
        turn = 1 if self.story.order % 4 == 0 else 0
        return self.by(self.cast.of(self.step.asked[0], Role.LIAISON, turn))

    @property
    def supervisor(self) -> Asked:
        """Asked by the 专员."""
        return self.by(self.cast.of("S01", Role.SUPERVISOR))

    def whoever(self, place: int = 0) -> Asked:
        """Asked by citizen or window, as the step says."""
        return self.reporter if self.step.asked[place : place + 1] == ("citizen",) else self.window

    def written(self, place: int = 0) -> str:
        """One of the texts; "" when there is none."""
        return self.step.written[place] if place < len(self.step.written) else ""

    def unit(self, word: str) -> int:
        """The department that a word names, with or without its plus."""
        return self.cast.departments[word.removeprefix("+")]
