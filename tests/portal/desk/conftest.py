"""A department's desk at a standing clock; the browser runs no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from cases.models import Case, Department
from cases.rules.flow import State
from cases.services import handling
from tests.conftest import MONDAY, Filing, actor_named
from tests.portal.standing_clock import StandingClock, clock

__all__ = ["clock"]

REPLY = "您的执照已经办好，请到三号窗领取。"


class Desk:
    """One person of a department at their browser."""

    def __init__(self, client) -> None:
        self.client = client

    def get(self, address: str = "", **query: str):
        return self.client.get(f"/d/{address}", query)

    def held(self, case: Case) -> dict[str, Any]:
        """What the answer's form holds when it is opened."""
        form = self.get(f"{case.number}/answer").context["form"]
        return {"idem": str(form["idem"].value()), "version": form["version"].value()}

    def answer(self, case: Case, held: dict[str, Any] | None = None, **typed: str):
        """Press the button of the answer's page; `typed` is what a test writes."""
        held = self.held(case) if held is None else held
        return self.client.post(
            f"/d/{case.number}/answer", {**held, "conclusion": "done", "text": REPLY, **typed}
        )


def text_of(response) -> str:
    """The words of a page, as a person reads them."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def desk(signed_in, clock: StandingClock) -> Callable[[str], Desk]:
    """`desk("shijian")` is that person at their browser."""
    return lambda username="shijian": Desk(signed_in(username))


@pytest.fixture
def sent_to(case_in: Filing) -> Callable[..., Case]:
    """`sent_to("S04")` is a case dispatched to that department."""

    def send(code: str, *, now=MONDAY) -> Case:
        accepted = case_in(State.ACCEPTED, now=now)
        department = Department.objects.get(code=code)
        return handling.dispatch_case(
            number=accepted.number, department_id=department.pk, actor=actor_named("clerk"), now=now
        )

    return send
