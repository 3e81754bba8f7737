"""A citizen with a browser that runs no script: fills page after page through the test client."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cases.models import Case, Hall, Matter, Obstacle
from tests.conftest import MONDAY

STATEMENT = "营业执照办了三趟都没收下，一会儿说缺场地证明，一会儿说系统里查不到。"
PHONE = "13000000014"


class Citizen:
    """One browser. `pages` holds good answers for every page; a test changes what it is about."""

    def __init__(self) -> None:
        self.client = Client()
        self.pages: dict[str, dict[str, Any]] = {
            "problem": {"statement": STATEMENT},
            "matter": {"matter": str(Matter.objects.get(code="M001").pk)},
            "obstacle": {"obstacle": str(Obstacle.objects.get(code="material").pk)},
            "before": {"hall": str(Hall.objects.get(code="H02").pk), "tried_on": "2026-03-02", "visits": "3"},
            "files": {},
            "contact": {"name": "罗女士", "phone": "130 0000 0014", "by": "sms"},
        }

    def elder(self) -> Citizen:
        """The same browser in the elder theme."""
        self.client.cookies["theme"] = "elder"
        self.pages = {"problem": self.pages["problem"], "contact": {"phone": PHONE, "name": "罗奶奶"}}
        return self

    def get(self, step: str, **kwargs: Any):
        return self.client.get(f"/report/{step}", **kwargs)

    def send(self, step: str, query: str = "", **changes: Any):
        """Press 继续 on one page."""
        return self.client.post(f"/report/{step}{query}", {**self.pages[step], **changes})

    def fill(self, upto: str = "check") -> str:
        """Answer all pages before `upto`, following the addresses the portal gives; returns where it led."""
        where = "problem"
        while where != upto:
            response = self.send(where)
            assert response.status_code == 302, (where, errors_in(response))
            where = urlsplit(response.headers["Location"]).path.rsplit("/", 1)[1]
        return where

    def confirm(self, idem: str | None = None, **changes: Any):
        """Tick the consent and press 确认提交."""
        return self.client.post("/report/check", {"idem": idem or self.idem(), "consent": "on", **changes})

    def idem(self) -> str:
        return re.search(r'name="idem" value="([^"]+)"', self.get("check").content.decode())[1]

    def file(self) -> tuple[Case, str]:
        """File a case; returns it with its query code as the receipt shows it."""
        self.fill()
        response = self.confirm()
        assert response.status_code == 302, errors_in(response)
        page = self.client.get("/receipt").content.decode()
        code = re.search(r"bc-slip__no--code\">([\d ]+)<", page)[1].replace(" ", "")
        return Case.objects.latest("pk"), code

    def track(self, number: str, secret: str, **more: str):
        return self.client.post("/track", {"number": number, "secret": secret, **more})

    def case_page(self, number: str) -> str:
        """What the case page shows between header and footer."""
        page = self.client.get(f"/track/{number}").content.decode()
        return page[page.index("<main") : page.index("</main>")]

    def hidden(self, number: str, act: str) -> dict[str, str]:
        """The keys of an act's form as this browser was given it."""
        page = self.client.get(f"/track/{number}/{act}").content.decode()
        found = dict(re.findall(r'name="(idem|version)" value="([^"]+)"', page))
        assert set(found) == {"idem", "version"}
        return found

    def act(self, number: str, act: str, keys: dict[str, str] | None = None, **typed: Any):
        """Open the form of an act and send it; with `keys` send a form that was opened before."""
        return self.client.post(f"/track/{number}/{act}", {**(keys or self.hidden(number, act)), **typed})


def errors_in(response) -> list[str]:
    """The sentences of the error summary."""
    page = response.content.decode()
    box = re.search(r'<div class="bc-errors".*?</div>', page, re.DOTALL)
    return [unescape(line) for line in re.findall(r"<(?:a|p)[^>]*>([^<]+)</(?:a|p)>", box[0])] if box else []


def heading_of(response) -> str:
    """The words of the one <h1>."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert len(found) == 1
    return re.sub(r"<[^>]+>", "", found[0]).strip()


def words_of(page: str) -> str:
    """What a reader sees of some markup."""
    return re.sub(r"<[^>]+>", "", page)


@pytest.fixture
def clock(monkeypatch):
    """The cast acts on a Monday morning; the page is looked at an hour later, or when a test says so."""

    class Hands:
        now = MONDAY + timedelta(hours=1)

    hands = Hands()
    monkeypatch.setattr(timezone, "now", lambda: hands.now)
    return hands


@pytest.fixture(autouse=True)
def _no_leftovers(db) -> None:
    """Rate limits and counted figures live in the cache."""
    cache.clear()


@pytest.fixture
def somebody(city) -> Citizen:
    """A citizen who has opened nothing yet."""
    return Citizen()


@pytest.fixture
def somebody_else(city) -> Citizen:
    """Another browser."""
    return Citizen()
