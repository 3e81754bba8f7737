"""Style sheets and scripts: within budget, and within what a Chromium 90 understands."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

# Newer than Chromium 90; allowed only inside @supports, where it adds and never carries.
NEWER_CSS = (
    ":has(",
    "@container",
    "@layer",
    "@scope",
    "color-mix(",
    "oklch(",
    "dvh",
    "svh",
    "accent-color",
    "inert",
)
NEWER_JS = (
    r"\?\.",
    r"\?\?=",
    r"\.at\(",
    r"structuredClone",
    r"Object\.hasOwn",
    r"replaceAll",
    r"\bimport\b",
    r"=>",
)
CITIZEN = ("tokens.css", "base.css", "components.css", "citizen.css")


def packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def outside_supports(css: str) -> str:
    """The sheet without comments and without its @supports blocks (whose closing brace stands alone on a line)."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"@supports [^{]*\{.*?\n\}", "", css, flags=re.S)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_nothing_an_old_terminal_does_not_know_carries_meaning(sheet):
    css = outside_supports(sheet.read_text("utf-8"))
    assert [word for word in NEWER_CSS if word in css] == []
    assert not re.search(r"^\s+&", css, re.M)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_plain_and_old_enough(script):
    source = script.read_text("utf-8")
    assert [word for word in NEWER_JS if re.search(word, source)] == []
    assert "eval(" not in source
    assert "innerHTML" not in source


def test_what_citizens_load_stays_small():
    assert packed(*(STATIC / "css" / name for name in CITIZEN)) <= 20_000
    assert packed(STATIC / "js" / "page.js") <= 9_000


def test_what_staff_load_stays_small():
    htmx = Path(finders.find("django_htmx/htmx-2.min.js"))
    assert packed(htmx, *SCRIPTS) <= 34_000
    assert packed(*SCRIPTS) <= 9_000


def test_every_class_of_a_sheet_is_used_on_a_page():
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    pages += "".join(path.read_text("utf-8") for path in (*SCRIPTS, *(ROOT / "portal").rglob("*.py")))
    known = {name for sheet in SHEETS for name in re.findall(r"\.(bc-[\w-]+)", sheet.read_text("utf-8"))}
    assert sorted(name for name in known if name not in pages and name.rsplit("--")[0] not in pages) == []
