"""Choosing a register: what cannot be read is told on the same page, and nothing of it is kept."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from portal.models import RegisterPaper, RegisterRun
from tests.portal.register.conftest import GOOD, OPEN, WRONG, as_file, bring, choose, csv_of

PEOPLE = {
    "supervisor": 200,
    "lead": 403,
    "leader": 403,
    "viewer": 403,
    "clerk": 403,
    "shijian": 403,
    "admin": 403,
}


@pytest.mark.parametrize(("person", "status"), PEOPLE.items())
def test_only_supervisors_import(signed_in, person, status):
    client = signed_in(person)
    assert client.get("/register/import").status_code == status
    assert client.get("/register/import/1").status_code == (404 if status == 200 else 403)
    assert client.post("/register/import/1/start").status_code == (404 if status == 200 else 403)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 200, "a.xlsx"),
        ("姓名,备注\n甲,乙\n".encode(), "a.csv"),
        (csv_of(), "a.csv"),
        (b"PK\x03\x04broken", "a.xlsx"),
    ],
)
def test_a_file_that_is_no_register_gets_a_sentence_and_leaves_nothing(supervisor_here, data, name):
    response = choose(supervisor_here, data, name)
    assert response.status_code == 422
    page = response.content.decode()
    assert 'id="id_file-error"' in page
    assert "Traceback" not in page
    assert RegisterRun.objects.count() == RegisterPaper.objects.count() == 0


def test_without_a_file_the_form_says_so(supervisor_here):
    response = supervisor_here.post("/register/import", {"idem": str(uuid.uuid4())})
    assert response.status_code == 422
    assert "请选择文件。" in response.content.decode()


def test_the_preview_shows_each_row_s_fate_and_writes_no_case(supervisor_here):
    response = choose(supervisor_here, csv_of(GOOD, WRONG, OPEN))
    page = supervisor_here.get(response.headers["Location"]).content.decode()
    assert Case.objects.count() == 0
    assert "导入 2 行" in page
    assert "2026-02-30 10:20" in page
    assert "登记时间" in page
    assert page.index("不能导入") < page.index("可以导入</span>")


def test_a_double_click_keeps_one_file(supervisor_here):
    key = str(uuid.uuid4())
    places = {
        supervisor_here.post("/register/import", {"file": as_file(csv_of(GOOD)), "idem": key}).headers[
            "Location"
        ]
        for _ in range(2)
    }
    assert len(places) == 1
    assert RegisterRun.objects.count() == 1


def test_nothing_of_the_file_rests_in_clear(supervisor_here):
    bring(supervisor_here, csv_of(GOOD, WRONG))
    choose(supervisor_here, csv_of(OPEN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM portal_registerpaper p")
        kept = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT row_to_json(r)::text FROM portal_registerrun r")
        kept += " ".join(row[0] for row in cursor.fetchall())
    for word in ("白先生", "13000000011", "邱女士", "谭女士"):
        assert word not in kept
        assert word.encode().hex() not in kept


def test_older_runs_stand_on_the_next_page(supervisor_here, monkeypatch):
    monkeypatch.setattr("portal.register.runs.RUNS_AT_ONCE", 2)
    for name in ("一.csv", "二.csv", "三.csv"):
        choose(supervisor_here, csv_of(GOOD), name)
    page = supervisor_here.get("/register/").content.decode()
    assert [name in page for name in ("一.csv", "二.csv", "三.csv")] == [False, True, True]
    older = supervisor_here.get(
        f"/register/?before={RegisterRun.objects.order_by('pk')[1].pk}"
    ).content.decode()
    assert [name in older for name in ("一.csv", "二.csv", "三.csv")] == [True, False, False]


def test_pages_cost_the_same_for_few_and_many_runs(supervisor_here):
    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert supervisor_here.get(url).status_code == 200
        return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    run = bring(supervisor_here, csv_of(GOOD, WRONG))
    addresses = ("/register/", "/register/import", f"/register/import/{run.pk}")
    few = [cost(address) for address in addresses]
    for _ in range(4):
        choose(supervisor_here, csv_of(GOOD, WRONG, OPEN))
    assert [cost(address) for address in addresses] == few
    assert max(few) <= 12
