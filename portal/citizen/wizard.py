"""The pages of a filing and their order: seven, or three in the elder theme; which come next, what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.citizen.contact import ContactForm, ShortContactForm
from portal.citizen.drafts import Draft
from portal.citizen.forms import (
    BeforeForm,
    FilesForm,
    MatterForm,
    ObstacleForm,
    PageForm,
    ProblemForm,
)

CHECK = "check"
ELDER = "elder"


class Step(NamedTuple):
    """One page: its address, heading and form (none for the last, which only confirms)."""

    slug: str
    heading: str
    form: type[PageForm] | None


STEPS = (
    Step("problem", "您遇到了什么问题？", ProblemForm),
    Step("matter", "是哪件事？", MatterForm),
    Step("obstacle", "卡在哪里？", ObstacleForm),
    Step("before", "在哪里、什么时候办的？", BeforeForm),
    Step("files", "有材料照片吗？", FilesForm),
    Step("contact", "怎么联系您？", ContactForm),
    Step(CHECK, "核对并提交", None),
)
ASKED_OF_ELDERS = {"problem": ProblemForm, "contact": ShortContactForm, CHECK: None}


def steps_for(theme: str, draft: Draft) -> list[Step]:
    """The pages of this filing. What was already answered in another theme stays and can be changed."""
    if theme != ELDER:
        return list(STEPS)
    return [
        step._replace(form=ASKED_OF_ELDERS.get(step.slug, step.form))
        for step in STEPS
        if step.slug in ASKED_OF_ELDERS or step.slug in draft.done
    ]


def is_step(slug: str) -> bool:
    """Say whether there is such a page at all."""
    return any(step.slug == slug for step in STEPS)


class Place(NamedTuple):
    """Where a person is: the page, and the pages around it."""

    steps: Sequence[Step]
    index: int

    @property
    def step(self) -> Step:
        """The page itself."""
        return self.steps[self.index]

    @property
    def number(self) -> int:
        """第 n 步."""
        return self.index + 1

    @property
    def before(self) -> str:
        """The page before, "" on the first."""
        return self.steps[self.index - 1].slug if self.index else ""

    @property
    def after(self) -> str:
        """The page that follows."""
        return self.steps[min(self.index + 1, len(self.steps) - 1)].slug


def place_of(slug: str, theme: str, draft: Draft) -> Place | None:
    """Where `slug` stands in this filing; None when this theme does not ask it."""
    steps = steps_for(theme, draft)
    return next((Place(steps, n) for n, step in enumerate(steps) if step.slug == slug), None)


def first_open(theme: str, draft: Draft) -> str:
    """The first page that has no answer yet: where a filing is taken up again."""
    steps = steps_for(theme, draft)
    return next(step.slug for step in steps if step.slug == CHECK or step.slug not in draft.done)


def comes_too_early(place: Place, draft: Draft) -> bool:
    """Say whether a page before this one has no answer yet."""
    return any(step.slug not in draft.done for step in place.steps[: place.index])


def form_of(step: Step, draft: Draft, *, today: date, data: Any = None) -> PageForm:
    """The form of a page: as sent, or filled with what was typed before."""
    if step.form is None:
        raise ValueError(f"the page {step.slug} has no form of this kind")
    return step.form(data, initial=draft.pages.get(step.slug), answers=draft.answers, today=today)


def keep(step: Step, form: PageForm, draft: Draft) -> bool:
    """Take what a page sent into the draft, right or wrong; says whether it holds."""
    holds = form.is_valid()
    if holds and form.typed():
        typed = {name: "" if value is None else str(value) for name, value in form.cleaned_data.items()}
    else:
        typed = form.typed()
    draft.keep(step.slug, typed, done=holds)
    return holds
