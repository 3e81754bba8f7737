"""A clerk at the window with a browser that runs no script: opens pages and sends their forms through the test client."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from cases.models import Case, Department, Obstacle
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.services import handling
from tests.conftest import actor_named
from tests.portal.standing_clock import clock

__all__ = ["clock"]

PHONE = "13000000047"
RESOLVED = {
    "reply": "当场帮您把表填好，已经受理。",
    "evidence": "看着办完，回执已交给本人。",
    "outcome": "done",
    "recurrence": "no",
}


class Window:
    """One clerk's browser."""

    def __init__(self, client) -> None:
        self.client = client

    def get(self, address: str, **kwargs: Any):
        return self.client.get(f"/w/{address}", **kwargs)

    def open(self, case: Case, act: str) -> dict[str, Any]:
        """Open an act's page; returns what its form already holds."""
        response = self.get(f"{case.number}/{act}")
        assert response.status_code == 200
        return held_by(response)

    def send(self, case: Case, act: str, held: dict[str, Any] | None = None, **typed: Any):
        """Press the button of an act's page, opened now or (`held`) before."""
        held = self.open(case, act) if held is None else held
        return self.client.post(f"/w/{case.number}/{act}", {**held, **typed})

    def register(self, held: dict[str, Any] | None = None, **typed: Any):
        """Fill in quick registration and press 登记; `typed` is what a test changes."""
        values = {
            "phone": PHONE,
            "name": "严女士",
            "matter": "M001",
            "obstacle": str(Obstacle.objects.get(code="material").pk),
            "statement": "结算单打不出发票，窗口不收。",
            "channel": "counter",
        }
        held = held_by(self.get("new")) if held is None else held
        return self.client.post("/w/new", {**held, **values, **typed})


def held_by(response) -> dict[str, Any]:
    """What the page's form already holds: the hidden fields and what is filled in."""
    form = response.context["form"]
    return {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", False)}


def page_of(response) -> str:
    """The main part of a page, as text with markup."""
    page = unescape(response.content.decode())
    return page.partition("<main")[2].partition("</main>")[0] or page


def words_of(response) -> str:
    """What a reader sees of the main part, without line breaks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page_of(response)).split())


@pytest.fixture
def window(signed_in) -> Window:
    """林晓芸 at the window of the city hall."""
    return Window(signed_in("clerk"))


@pytest.fixture
def colleague(signed_in) -> Window:
    """贺文静, who leads the same window."""
    return Window(signed_in("lead"))


@pytest.fixture
def elsewhere(signed_in) -> Window:
    """梁可欣, at another hall."""
    return Window(signed_in("dongqu"))


@pytest.fixture
def case_now(case_in) -> Callable[..., Case]:
    """`case_now(State.FILED)` is a case brought there a minute ago, or `ago` before now: pages read the real clock."""

    def bring(state: State = State.FILED, *, ago: timedelta = timedelta(minutes=1), **changes: Any) -> Case:
        return case_in(state, now=timezone.now() - ago, **changes)

    return bring


@pytest.fixture
def joint(case_now) -> Callable[..., Case]:
    """`joint()` is a case at 市市场监督管理局 (主办) and 市不动产登记中心 (协办) that both have answered, the co-handler first."""

    def bring(*, answered: bool = True) -> Case:
        case, now = case_now(State.ACCEPTED), timezone.now()
        ids = {code: Department.objects.get(code=code).pk for code in ("S02", "S04")}
        asked = {"number": case.number, "now": now}
        handling.dispatch_case(
            department_id=ids["S02"],
            co_department_ids=[ids["S04"]],
            instruction="请一起把产权证明办完。",
            actor=actor_named("clerk"),
            **asked,
        )
        answers = {
            "budongchan": (Conclusion.PARTLY, "产权信息已查到。", "系统里还缺一页。"),
            "shijian": (Conclusion.DONE, "执照已经打印，请到 3 号窗领取。", ""),
        }
        for person, (conclusion, text, internal) in answers.items() if answered else ():
            handling.answer_share(
                conclusion=conclusion, text=text, internal=internal, actor=actor_named(person), **asked
            )
        return Case.objects.get(pk=case.pk)

    return bring
