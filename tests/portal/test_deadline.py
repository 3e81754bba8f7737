"""`manage.py deadline`: one question as people and programs ask it, and a file of them, a line of JSON for each row."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

HEADER = "received,days,rest_day"


def run(**options: Any) -> str:
    out = StringIO()
    call_command("deadline", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def batch(city, tmp_path):
    """`batch(row, row)` answers a file of rows; also bytes as they stand."""
    file = tmp_path / "rows.csv"

    def ask(*rows: str | bytes, encoding: str = "utf-8", ending: str = "\n", **options: Any) -> list[Any]:
        whole = rows[0] if isinstance(rows[0], bytes) else ending.join(map(str, rows)).encode(encoding)
        file.write_bytes(whole)
        return [json.loads(line) for line in run(batch=file, **options).splitlines()]

    return ask


def dues(answers: list[Any]) -> list[str]:
    return [answer.get("due_at", "")[5:10] for answer in answers]


# --- one question ---


def test_no_days_at_all_may_be_asked_by_number_too(city):
    for days in (0, "0"):
        found = json.loads(run(received="2026-11-21", days=days, json=True))
        assert found["due_at"] == "2026-11-23T17:30:00+08:00"
    assert json.loads(run(received="2026-11-23T09:00", hours=0, json=True))["due_at"][11:16] == "09:00"


@pytest.mark.parametrize("days", ["3.0", "3", 3, 3.0, "+3"])
def test_whole_days_may_be_written_as_spreadsheets_write_them(city, days):
    assert json.loads(run(received="2026-09-30", days=days, json=True))["due_at"][:10] == "2026-10-10"


@pytest.mark.parametrize("days", ["3.5", "3.", ".0", "3,0", "1e2"])
def test_parts_of_a_day_are_refused(city, days):
    with pytest.raises(CommandError, match="时限应为整数"):
        run(received="2026-09-30", days=days)


# --- a file ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_file_is_read_as_any_system_writes_it(batch, encoding, ending):
    rows = (f"{HEADER},备注", "2026-11-21,5,deemed,周六收到", "2026-11-21,5,natural,按当日")
    assert dues(batch(*rows, encoding=encoding, ending=ending)) == ["11-30", "11-27"]


def test_a_quote_without_its_pair_spoils_its_own_row_alone(batch):
    answers = batch(HEADER, '"2026-11-21,5,deemed', "2026-11-21,5,natural", '2026-11-21,"5",deemed')
    assert dues(answers) == ["", "11-27", "11-30"]
    assert answers[0] == {"error": "这一行读不了：引号没有成对，或有一格太长。"}


def test_a_cell_without_end_spoils_its_own_row_alone(batch):
    answers = batch(HEADER, "2026-11-21," + "5" * 140_000, "2026-11-21,5,natural")
    assert answers[0] == {"error": "这一行读不了：引号没有成对，或有一格太长。"}
    assert dues(answers) == ["", "11-27"]


def test_empty_lines_are_no_rows_but_empty_cells_are(batch):
    answers = batch("", HEADER, "", "2026-11-21,5,natural", "  ", ",,", "2026-11-21,5,deemed", "", "")
    assert dues(answers) == ["11-27", "", "11-30"]
    assert "（空）" in answers[1]["error"]


@pytest.mark.parametrize("header", ["r" * 140_000, '"received,days', "received\tdays"])
def test_a_header_that_cannot_be_read_is_refused_in_chinese(batch, header):
    with pytest.raises(CommandError, match=r"第一行(读不了|应为)"):
        batch(header, "2026-11-21,5")


@pytest.mark.parametrize("how", ["json", "steps"])
def test_the_days_are_told_when_asked_for(batch, how):
    plain, told = (batch(HEADER, "2026-11-21,5,natural", **asked)[0] for asked in ({}, {how: True}))
    assert set(plain) == {"due_at", "provisional", "calendar_version"}
    assert set(told) - set(plain) == {"steps"}
    assert told["steps"][-1]["kind"] == "versions"


def test_a_reader_who_stops_is_no_fault_of_the_file(city, tmp_path):
    class Closed(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    file = tmp_path / "rows.csv"
    file.write_text(f"{HEADER}\n2026-11-21,5,natural\n", "utf-8")
    with pytest.raises(BrokenPipeError):
        call_command("deadline", batch=file, stdout=Closed())


def test_a_file_that_cannot_be_read_is_named(city, tmp_path):
    for file in (tmp_path, Path("/nowhere/rows.csv")):
        with pytest.raises(CommandError, match=f"读不了文件 {file}"):
            run(batch=file)
