"""Which command starts what."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.embedded.commands import needs_database
from tests.portal.embedded.conftest import manage, running


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("", False),
        ("--version", False),
        ("help migrate", False),
        ("check", False),
        ("check --deploy", False),
        ("check --database default", True),
        ("makemigrations --check --dry-run", False),
        ("migrate --help", False),
        ("migrate", True),
        ("shell", True),
        ("seed --demo", True),
    ],
)
def test_commands_that_touch_no_data_need_no_database(line: str, needs: bool) -> None:
    assert needs_database(["manage.py", *line.split()]) is needs


def test_check_starts_nothing(data: Path) -> None:
    done = manage("check", BANCHENG_DATA=str(data))
    assert (done.returncode, done.stderr) == (0, "")
    assert not data.exists()


def test_shell_works_as_the_app_role_and_leaves_nothing_running(used: Path) -> None:
    code = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone()[0])"
    done = manage("shell", "-v", "0", "-c", code, BANCHENG_DATA=str(used))
    assert done.stdout == "bancheng_app\n", done.stderr
    assert running(used) == []


def test_a_problem_is_one_sentence_in_chinese_whatever_the_locale(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "thesis.txt").touch()
    done = manage("migrate", BANCHENG_DATA=str(data))
    assert done.returncode == 1
    assert done.stderr == f"文件夹 {data} 里有别的文件,不是办成的数据文件夹。请用 DATA=空文件夹 另选位置。\n"


def test_a_database_without_tables_is_told_in_one_sentence(used: Path) -> None:
    done = manage("deadline", "--received", "2026-09-30T10:00", "--days", "3", BANCHENG_DATA=str(used))
    assert done.returncode == 1
    assert done.stderr == "数据库里还没有表。请先运行 make run，或者 manage.py prepare。\n"
