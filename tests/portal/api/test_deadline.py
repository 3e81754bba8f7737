"""GET /api/deadline: the same answer as the command, the same refusals, for everybody, but not without end."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from portal.throttle import RATES


@pytest.fixture(autouse=True)
def _no_limits_spent(db):
    cache.clear()


def ask(**asked: str):
    return Client().get("/api/deadline", asked)


def test_it_answers_as_the_command_does(city):
    asked = {"received": "2026-09-30T10:00", "days": "3", "rest_day": "natural", "hall": "H02"}
    out = StringIO()
    call_command("deadline", json=True, stdout=out, **asked)
    response = ask(**asked)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == json.loads(out.getvalue())
    assert response.json()["due_at"] == "2026-10-10T17:30:00+08:00"
    assert [step["text"] for step in response.json()["steps"]][2] == "2026年10月1日（周四）国庆节，不计。"


def test_nobody_needs_an_account_nor_the_right_header(city):
    client = Client(headers={"Accept": "text/html", "Accept-Language": "en"})
    response = client.get("/api/deadline", {"received": "2026-11-23", "hours": "1.5"})
    assert response.status_code == 200
    assert response.json()["due_at"] == "2026-11-23T10:00:00+08:00"
    assert client.get("/api/deadline").json() == {
        "error": "收到的时刻写法无效：（空），应写成 2026-09-30T10:00。"
    }


def test_an_offset_may_stand_in_the_address_as_it_is(city):
    response = Client().get("/api/deadline?received=2026-09-30T10:00+08:00&days=3")
    assert response.json()["due_at"] == "2026-10-10T17:30:00+08:00"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"received": "昨天", "days": "3"}, "时刻写法无效"),
        ({"received": "2026-09-30", "days": "-3"}, "时限应在 0 至"),
        ({"received": "2026-09-30"}, "中的一个"),
        ({"received": "2026-09-30", "days": "3", "hall": "<b>"}, "没有代码为 <b> 的大厅"),
        ({"received": "2061-01-01", "days": "3"}, "超出日历范围"),
        ({"received": "x" * 5000, "days": "3"}, "时刻写法无效"),
    ],
)
def test_a_bad_question_gets_400_and_one_sentence(city, asked, sentence):
    response = ask(**asked)
    assert response.status_code == 400
    assert set(response.json()) == {"error"}
    assert sentence in response.json()["error"]
    assert len(response.json()["error"]) < 120


def test_it_is_only_read(city):
    response = Client().post("/api/deadline", {})
    assert (response.status_code, response.json()) == (405, {"error": "这个地址只能读取（GET）。"})


def test_who_asks_too_often_waits(city, monkeypatch):
    monkeypatch.setitem(RATES, "deadline", "2/m/ip")
    codes = [ask(received="2026-11-23", days="1").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    response = ask(received="2026-11-23", days="1")
    assert response.json() == {"error": "试得太频繁了，请过一会儿再试。"}
    assert response.headers["Retry-After"] == "60"
