"""Who may open what: every staff address × every kind of person × GET, HEAD, POST and htmx, as one table.

✔ the page · 404 a case out of sight answers as a missing one · 403 a room without the right post · login for strangers.
An address that is missing from the table fails the build.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cases.rules.flow import State

PEOPLE = (
    "clerk",
    "lead",
    "dongqu",
    "shijian",
    "budongchan",
    "head",
    "head3",
    "supervisor",
    "leader",
    "viewer",
    "admin",
    "audit",
)

# room → what each person gets for a page without a case, and for a page of a case of hall H01 at department S02
ROOMS = {
    "counter": {"clerk": ("ok", "ok"), "lead": ("ok", "ok"), "dongqu": ("ok", "404")},
    "desk": {
        "shijian": ("ok", "ok"),
        "head": ("ok", "ok"),
        "head3": ("ok", "ok"),
        "budongchan": ("ok", "404"),
    },
    "supervisor": {"supervisor": ("ok", "ok"), "leader": ("ok", "ok"), "viewer": ("ok", "ok")},
    "register": dict.fromkeys(("lead", "supervisor", "leader", "viewer"), ("ok", "ok")),
    "administration": dict.fromkeys(("supervisor", "leader", "viewer", "admin", "audit"), ("ok", "ok")),
    "notices": dict.fromkeys(set(PEOPLE) - {"admin", "audit"}, ("ok", "ok")),
}
IMPORT = {"bring", "run", "start", "rejected"}  # of the register: the 专员 alone
EDIT = {"calendar_notice", "calendar_days_remove", "hours_remove", "rules_edit"}  # the administrator alone
READ = {"calendar_days", "hours"}  # everybody of the room reads them, the administrator alone sends
METHODS = ("get", "head", "post", "hx")
OK = {200, 302, 400, 405, 409, 422, 429}
UID = "00000000-0000-4000-8000-000000000000"
PARTS = (("uuid:uid", UID), ("int:pk", "999999"), ("int:number", "1"), ("slug:clock", "case-2"))


def _names():
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and getattr(pattern, "namespace", None) in ROOMS:
            for one in pattern.url_patterns:
                assert isinstance(one, URLPattern)
                yield pattern.namespace, one.name, str(pattern.pattern) + str(one.pattern)


def expected(room: str, name: str, person: str, route: str, method: str) -> str:
    """What the table says."""
    if person != "admin" and (name in EDIT or (name in READ and method == "post")):
        return "403"
    if room == "register" and name in IMPORT and person != "supervisor":
        return "403"
    general, of_case = ROOMS[room].get(person, ("403", "403"))
    return of_case if "number" in route else general


def status_of(client: Client, method: str, url: str) -> int:
    if method == "hx":
        return client.get(url, headers={"HX-Request": "true"}).status_code
    return getattr(client, method)(url).status_code


@pytest.mark.matrix
@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_each_person_as_the_table_says(case_in, signed_in, person):
    case = case_in(State.HANDLING)
    client = signed_in(person)
    wrong = []
    for room, name, route in _names():
        url = "/" + route
        for part, value in (("str:number", case.number), *PARTS):
            url = url.replace(f"<{part}>", value)
        for method in METHODS:
            status = status_of(client, method, url)
            want = expected(room, name, person, route, method)
            fits = status in OK if want == "ok" else status == int(want) or (status == 405 and want == "404")
            if want == "ok" and ("uid" in route or "pk" in route):
                fits = status in (404, 405)  # no such file, card or notice, and nothing said about others
            if not fits:
                wrong.append((person, method, f"{room}:{name}", want, status))
    assert wrong == []


@pytest.mark.parametrize("person", ["dongqu", "budongchan", "admin"])
def test_a_case_out_of_sight_answers_exactly_like_a_missing_one(case_in, signed_in, person):
    case = case_in(State.HANDLING)
    client = signed_in(person)
    for room in ("w", "d", "s"):
        hidden = client.get(f"/{room}/{case.number}/")
        missing = client.get(f"/{room}/261123999995/")
        assert hidden.status_code == missing.status_code
        assert len(hidden.content) == len(missing.content)


def test_the_switch_between_units_changes_what_one_sees(case_in, signed_in):
    case = case_in(State.HANDLING)
    client = signed_in("supervisor2")
    assert client.get("/rooms").headers["Location"] == "/s/"
    assert client.get(f"/s/{case.number}/").status_code == 200
    page = client.get("/unit").content.decode()
    assert "市政务服务中心" in page
    assert "市政务服务和数据管理局" in page


def test_a_person_whose_posts_have_ended_is_told_so(city, client, django_user_model):
    user = django_user_model.objects.create_user("gone", name="离岗人", password="x" * 12)
    client.force_login(user)
    response = client.get("/rooms")
    assert response.status_code == 403
    assert "没有岗位" in response.content.decode()


def test_an_administrator_without_a_room_yet_is_told_so_plainly(signed_in):
    response = signed_in("security").get("/rooms")
    assert response.status_code == 403
    assert "还没有自己的页面" in response.content.decode()
