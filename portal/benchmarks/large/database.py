"""A database of its own for each size of the large city, built once and used again until what it is made from changes."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg2
import psycopg2.extensions
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from portal.benchmarks.large.casting import Model, cast_models
from portal.benchmarks.large.cloning import NEEDS_OWNER, clone_models
from portal.benchmarks.large.shapes import SHAPES, Shape
from portal.benchmarks.large.stage import HALLS, set_stage
from portal.embedded.folder import ROOT

PREFIX = "bancheng_large"
SCRATCH = f"{PREFIX}_scratch_"
LOCK = 0x62656E63
# What the rows depend on; a change of any of it builds the city anew.
_SOURCES = (
    "cases/rules/flow.py",
    "cases/rules/kinds.py",
    "cases/rules/numbering.py",
    "cases/vault",
    "cases/migrations",
    "cases/timeline.py",
    "escalation/rules",
    "escalation/data",
    "escalation/migrations",
    "portal/accounts/migrations",
    "portal/migrations",
    "portal/benchmarks/large",
    "portal/demo/data",
)
Say = Callable[[str], None]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def fingerprint() -> str:
    """Return eight digits over schema, rules, generator and keys."""
    digest = hashlib.sha256()
    for name in _SOURCES:
        path = Path(ROOT / name)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".json", ".csv"}:
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    for ring in (settings.FIELD_KEYS, settings.CHAIN_KEYS, settings.INDEX_KEY, settings.CODE_PEPPER):
        digest.update(repr(ring).encode())
    return digest.hexdigest()[:8]


@contextmanager
def large_city(
    cases: int, *, halls: int = HALLS, say: Say = _say, shapes: Sequence[Shape] = SHAPES, kind: str = ""
) -> Iterator[None]:
    """Have the default connection lead into a city of so many cases, building it when it is not there yet.

    A city of other `shapes` than the usual mixture has a name of its own, its `kind`.

    Never into the portal's own database: that one is left as soon as this begins, and taken up again at the end.
    """
    family = f"{PREFIX}_{f'{kind}_' if kind else ''}{cases}_"
    name = f"{family}{fingerprint()}"
    with _alone(), _elsewhere() as go_to:
        if not _exists(name):
            _forget_older(family)
            _build(name, cases, lambda: cast_models(set_stage(halls), shapes), go_to, say)
        go_to(name)
        yield


def _build(
    name: str, cases: int, cast: Callable[[], list[Model]], go_to: Callable[[str], None], say: Say
) -> None:
    """Build under another name and rename at the end: a half-made city is never used."""
    draft, began = f"{name}_new", perf_counter()
    _run(f"CREATE DATABASE \"{draft}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    go_to(draft)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    say(f"大数据量 {cases:,} 件: 建表 {perf_counter() - began:.1f} 秒")
    before = perf_counter()
    models = cast()
    say(f"  models {perf_counter() - before:.1f} 秒({len(models)} 件,经由服务)")
    clone_models(models, cases - len(models), lambda phase, seconds: say(f"  {phase} {seconds:.1f} 秒"))
    connection.close()
    _run(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    say(f"大数据量 {cases:,} 件: 共 {perf_counter() - began:.1f} 秒")


@contextmanager
def scratch_city(cases: int, *, halls: int = HALLS, say: Say = _say) -> Iterator[None]:
    """Have the default connection lead into a copy of a city, to be written to and thrown away."""
    scratch = f"{SCRATCH}{os.getpid()}"
    with _alone():
        with large_city(cases, halls=halls, say=say):
            original = connection.settings_dict["NAME"]
        _forget_older(SCRATCH)  # left behind by a run that was killed
        _run(f'CREATE DATABASE "{scratch}" TEMPLATE "{original}"')
        try:
            with _elsewhere() as go_to:
                go_to(scratch)
                yield
        finally:
            _run(f'DROP DATABASE "{scratch}" WITH (FORCE)')


class _Turn:
    """How deep this process is in measurements."""

    depth = 0


@contextmanager
def _alone() -> Iterator[None]:
    """One measurement at a time in a cluster, also among several processes of the tests; one within another is the same."""
    if _Turn.depth:
        yield
        return
    with closing(_maintenance()) as held, held.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # the other one may take minutes
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        _Turn.depth += 1
        try:
            yield
        finally:
            _Turn.depth -= 1


@contextmanager
def _elsewhere() -> Iterator[Callable[[str], None]]:
    """Give a function that leads the default connection into another database; come back at the end."""
    own = connection.settings_dict["NAME"]

    def go_to(name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    try:
        yield go_to
    finally:
        go_to(own)


def _exists(name: str) -> bool:
    return bool(_run("SELECT 1 FROM pg_database WHERE datname = %s", name))


def _forget_older(prefix: str) -> None:
    """Drop databases that are of no more use: they take gigabytes. One measurement runs at a time."""
    for (old,) in _run("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", prefix):
        _run(f'DROP DATABASE "{old}" WITH (FORCE)')


def _run(statement: str, *values: str) -> list[Any]:
    """Run one statement outside any transaction, in the maintenance database."""
    with closing(_maintenance()) as admin, admin.cursor() as cursor:
        try:
            cursor.execute(statement, values or None)
        except psycopg2.errors.InsufficientPrivilege:
            raise CommandError(NEEDS_OWNER) from None
        return list(cursor.fetchall()) if cursor.description else []


def _maintenance() -> psycopg2.extensions.connection:
    """Connect to the maintenance database, each statement by itself."""
    found = psycopg2.connect(**{**connection.get_connection_params(), "dbname": "postgres"})
    found.autocommit = True
    return found
