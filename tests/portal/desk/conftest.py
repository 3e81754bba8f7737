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
CONTACT = {"way": "phone", "reached": "yes", "note": "已说明要带的材料。"}


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
            f"/d/{case.number}/answer", {**held, **CONTACT, "conclusion": "done", "text": REPLY, **typed}
        )

    def press(self, address: str, page: str = "", **typed: Any):
        """Press the button of a form; `page` is where it stands, when that is another address."""
        form = self.get(page or address).context["form"]
        return self.client.post(f"/d/{address}", {**hidden(form), **typed})


def hidden(form) -> dict[str, Any]:
    """What a form carries unseen."""
    return {"idem": str(form["idem"].value()), "version": form["version"].value() or ""}


def text_of(response) -> str:
    """The words of a page, as a person reads them."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def desk(signed_in, clock: StandingClock) -> Callable[[str], Desk]:
    """`desk("shijian")` is that person at their browser."""
    return lambda username="shijian": Desk(signed_in(username))


@pytest.fixture
def joint(case_in: Filing) -> Callable[..., Case]:
    """`joint()` is a case that 市市场监督管理局 leads and 市不动产登记中心 co-handles; `instruction` is what the window asks."""

    def send(*, instruction: str = "", now=MONDAY) -> Case:
        accepted = case_in(State.ACCEPTED, now=now)
        lead, co = (Department.objects.get(code=code).pk for code in ("S02", "S04"))
        return handling.dispatch_case(
            number=accepted.number,
            department_id=lead,
            co_department_ids=(co,),
            instruction=instruction,
            actor=actor_named("clerk"),
            now=now,
        )

    return send


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
