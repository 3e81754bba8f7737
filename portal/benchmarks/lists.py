"""Each list at 1,000,000 cases against the same list at 1,000: what a page costs must not depend on how many cases there are.

Whole requests through Django's test client, the first page and one far behind it; milliseconds, medians. The clock of the
portal stands still at the moment of the large city.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from time import perf_counter
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Max, Model
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case
from cases.selectors.figures import figures
from escalation.models import Card, Notice
from portal.benchmarks import Row, middle_and_p95
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.database import large_city
from portal.benchmarks.large.lines import reporter_of
from portal.benchmarks.large.stage import HALLS
from portal.paging import place_text

LARGE, SMALL = 1_000_000, 1_000
TIMES = 15
PAGES_ON = 10  # how far a list is leafed through when no address leads into its middle
DEEP = ".deep"
BEFORE = AS_OF - timedelta(days=700)
_NEXT = re.compile(r'<a href="([^"]*[?;](?:after|before)=[^"]*)"')


class Page(NamedTuple):
    """A list: its name, who looks at it, its address, and how to get far into it: an address, or "next" to leaf on."""

    name: str
    who: str
    address: str
    deep: str = ""


PAGES = (
    Page("home", "", "/"),
    Page("halls", "", "/halls"),
    *(
        Page(f"window.{tab}", "hall", f"/w/?tab={tab}", "next")
        for tab in ("filed", "accepted", "answered", "replied", "call_back", "handling")
    ),
    Page("window.ended", "hall", "/w/?tab=ended", "/w/?tab=ended&after=0-{case}"),
    Page("window.find.phone", "hall", "/w/find#{phone}"),
    Page("window.find.tail", "hall", "/w/find#{tail}"),
    Page("window.find.name", "hall", "/w/find#{name}"),
    *(
        Page(f"department.{tab}", "department", f"/d/?tab={tab}", "next")
        for tab in ("waiting", "to_sign", "handling", "today", "overdue")
    ),
    Page("department.answered", "department", "/d/?tab=answered", "/d/?tab=answered&after={moment}"),
    Page("department.cards", "department", "/d/cards", "/d/cards?before={card}"),
    Page("supervisor.overdue", "supervisor", "/s/", "next"),
    Page("supervisor.soon", "supervisor", "/s/?tab=soon", "next"),
    Page("supervisor.open", "supervisor", "/s/open", "next"),
    Page("supervisor.cards", "supervisor", "/s/cards", "/s/cards?before={card}"),
    Page("supervisor.cards.live", "supervisor", "/s/cards?live=1", "next"),
    Page("notices", "hall", "/notices/", "/notices/?before={notice}"),
)
_PEOPLE = {"hall": "bench-H01", "department": "bench-S02", "supervisor": "bench-supervisor"}
Cost = tuple[float, float, int]  # median and 95th percentile in milliseconds, queries


def run(
    large: int = LARGE,
    small: int = SMALL,
    times: int = TIMES,
    pages: Sequence[Page] = PAGES,
    halls: int = HALLS,
) -> list[Row]:
    """Measure every list in both cities; a deep page that the small one lacks is compared with its first.

    The small one is measured before and after, and the better figure counts: a machine that was busy for a while must not
    make the large one look well.
    """
    before = costs(small, pages, times, halls)
    found = costs(large, pages, times, halls)
    after = costs(small, pages, times, halls)
    compared = {name: min(before[name][0], after[name][0]) for name in before}
    return [
        Row(f"lists.{name}", cost[0], "ms", _like(name, compared), cost[1], cost[2])
        for name, cost in found.items()
    ]


def _like(name: str, compared: Mapping[str, float]) -> float:
    return compared.get(name) or compared[name.removesuffix(DEEP)]


def costs(cases: int, pages: Sequence[Page], times: int, halls: int = HALLS) -> dict[str, Cost]:
    """Return what each page costs in a city of so many cases."""
    found: dict[str, Cost] = {}
    with large_city(cases, halls=halls), _standing_still(AS_OF):
        clients, places = {who: _client(who) for who in ("", *_PEOPLE)}, _places()
        for page in pages:
            get = _getter(clients[page.who], page.address.format(**places))
            found[page.name] = _cost(get, times)
            deep = _deep(get, page, places)
            if deep:
                found[f"{page.name}{DEEP}"] = _cost(_getter(clients[page.who], deep), times)
        found["home.figures"] = _cost(lambda: figures(AS_OF), times)  # the home page keeps them for a while
    return found


@contextmanager
def _standing_still(now: datetime) -> Iterator[None]:
    """Let the doorway's clock show `now`; static files by their plain names, for none were collected."""
    reads = timezone.now
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise asks for the folder
    timezone.now = lambda: now  # type: ignore[assignment]
    try:
        with override_settings(STORAGES=plain):
            yield
    finally:
        timezone.now = reads


def _client(who: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    if who:
        client.force_login(get_user_model().objects.get(username=_PEOPLE[who]))
    return client


def _places() -> dict[str, str]:
    """Where the middle of things is, and somebody to look for."""
    name, phone = reporter_of(_middle(Case))
    return {
        "case": str(_middle(Case)),
        "card": str(_middle(Card)),
        "notice": str(_middle(Notice)),
        "moment": place_text((BEFORE, 1)),
        "phone": phone,
        "tail": phone[-4:],
        "name": name,
    }


def _middle(model: type[Model]) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) // 2


def _getter(client: Client, address: str) -> Callable[[], HttpResponse]:
    """Return a call that asks for an address; what stands behind a # is typed into a search."""
    path, _, asked = address.partition("#")
    get = (lambda: client.post(path, {"q": asked})) if asked else (lambda: client.get(path))

    def checked() -> HttpResponse:
        response = get()
        if response.status_code >= 300 and not (asked and response.status_code == 302):
            raise RuntimeError(f"{address}: {response.status_code}")
        return response

    checked.address = path  # type: ignore[attr-defined]
    checked.client = client  # type: ignore[attr-defined]
    return checked


def _deep(get: Callable[[], HttpResponse], page: Page, places: dict[str, str]) -> str:
    """Return the address of a page far behind the first; nothing when the list has only one."""
    if page.deep != "next":
        return page.deep.format(**places)
    address = page.address
    for _ in range(PAGES_ON):
        following = _NEXT.search(get.client.get(address).content.decode())  # type: ignore[attr-defined]
        if not following:
            break
        link = unescape(following[1])
        address = link if link.startswith("/") else page.address.partition("?")[0] + link
    return "" if address == page.address else address


def _cost(get: Callable[[], object], times: int) -> Cost:
    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE")) for q in captured.captured_queries)
    taken = []
    for _ in range(times):
        began = perf_counter()
        get()
        taken.append((perf_counter() - began) * 1000)
    return (*middle_and_p95(taken), queries)
