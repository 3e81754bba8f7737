"""The import contracts of pyproject.toml bite: each deliberately wrong import is caught by the contract it breaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WRONG = [
    ("cases/services/perform.py", "from escalation import selectors", "never upward"),
    ("escalation/services/fold.py", "from portal import once", "never upward"),
    ("cases/models/case.py", "from cases.services import perform", "inside cases"),
    ("escalation/rules/calendar.py", "from django.utils import timezone", "rules are pure"),
    ("portal/counter/views.py", "from portal.desk import urls", "rooms do not import one another"),
    ("portal/citizen/urls.py", "from cases.models import Case", "rooms never import models"),
]


def lint(folder: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("cases", "escalation", "portal"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_its_contracts(copy):
    assert lint(copy).startswith("0\n")


@pytest.mark.parametrize(("path", "line", "contract"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_import_is_caught(copy, path, line, contract):
    target = copy / path
    target.write_text(f"{target.read_text(encoding='utf8')}\n{line}  # wrong on purpose\n", encoding="utf8")
    result = lint(copy)
    assert not result.startswith("0\n")
    broken = [row for row in result.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), result
