"""Every benchmark runs at a tiny size and gives figures that are compared with something."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from escalation.services import refold as refolding
from portal.benchmarks import Row, create, import_, lists, middle_and_p95, preview, refold, sweep
from portal.benchmarks.large import AS_OF
from portal.management.commands import bench
from tests.portal.benchmarks.conftest import CASES
from tests.portal.embedded.conftest import manage

TINY = {"halls": 1}


@pytest.fixture
def unblocked(built, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def named(rows: list[Row]) -> dict[str, Row]:
    assert all(row.value > 0 for row in rows)
    return {row.name: row for row in rows}


def test_lists_are_compared_and_their_queries_counted(unblocked):
    pages = [page for page in lists.PAGES if page.name in {"window.ended", "supervisor.open"}]
    rows = named(lists.run(CASES, CASES, 1, pages, **TINY))
    assert {"lists.window.ended", "lists.window.ended.deep", "lists.home.figures"} <= rows.keys()
    assert all(row.ratio and row.queries for row in rows.values())


def test_every_list_is_found(unblocked):
    found = lists.costs(CASES, lists.PAGES, 1, **TINY)
    assert {page.name for page in lists.PAGES} <= found.keys()


def test_the_clock_of_the_portal_goes_on_afterwards(unblocked):
    from django.utils import timezone

    lists.costs(CASES, lists.PAGES[:1], 1, **TINY)
    assert timezone.now() != AS_OF


def test_create_is_compared_with_bare_rows(unblocked):
    rows = named(create.run(cases=5, city=CASES, **TINY))
    assert rows["create.cases"].ratio
    assert all(rows[f"create.{act}"].p95 for act in create.ACTS)


def test_import_is_compared_with_bare_rows(unblocked):
    rows = named(import_.run(rows=12, city=CASES, **TINY))
    assert rows["import.rows"].ratio
    assert {"import.read", "import.examine", "import.again"} <= rows.keys()


@pytest.mark.matrix  # builds cities of its own
def test_refold_and_sweep_are_compared_and_leave_the_city_as_it_is(unblocked):
    assert named(refold.run(50, **TINY))["refold.cases"].ratio
    rows = named(sweep.run(CASES, CASES, due=3, times=2, **TINY))
    assert rows["sweep.idle"].ratio
    assert rows["sweep.due"].ratio
    assert named(sweep.run(CASES, CASES, due=3, times=1, **TINY))


@pytest.mark.matrix  # builds cities of its own
def test_a_preview_is_compared_and_applying_leaves_the_city_as_it_is(unblocked):
    rows = named(preview.run(60, 50, times=1, **TINY))
    assert rows["preview.calendar"].ratio
    assert rows["preview.apply"].ratio
    assert named(preview.run(60, 50, times=1, **TINY))["preview.moved"].value == rows["preview.moved"].value


def test_a_refold_by_several_processes_reads_every_case_once(small_city, monkeypatch):
    monkeypatch.setattr(refolding, "FEW", 0)
    done = list(refolding.refold_side_by_side(batch=30))
    assert [one.cases for one in done] == [30] * (CASES // 30) + [CASES % 30]
    assert all(one[1:] == (0, 0) for one in done)


def test_the_command_prints_a_table_and_appends_json_lines(monkeypatch, settings, tmp_path, capsys):
    monkeypatch.setattr(bench.importlib, "import_module", lambda name: FakeModule)
    settings.ROOT = tmp_path
    call_command("bench", "import")
    assert "fake.rows" in capsys.readouterr().out
    line = json.loads((tmp_path / "bench.jsonl").read_text())
    assert line == {
        "name": "fake.rows", "value": 6.0, "unit": "rows/s", "baseline": 3.0, "p95": None, "queries": 4, "ratio": 2.0,
    }  # fmt: skip


class FakeModule:
    """What the command sees of a benchmark."""

    @staticmethod
    def run() -> list[Row]:
        return [Row("fake.rows", 6.0, "rows/s", 3.0, queries=4)]


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(CommandError, match="create、import、lists、preview、refold、sweep、working_days"):
        call_command("bench", "nothing")


def test_the_portals_data_folder_is_never_touched(tmp_path):
    data = tmp_path / "portal"
    done = manage("bench", "nothing", BANCHENG_DATA=str(data))
    assert done.returncode == 1, done.stderr
    assert "没有名为 nothing 的测量" in done.stderr
    assert not data.exists()
    assert (tmp_path / "portal-bench" / "secrets.env").exists()


def test_the_middle_and_the_slow_end():
    assert middle_and_p95([float(n) for n in range(1, 101)]) == (50.5, 96.0)
