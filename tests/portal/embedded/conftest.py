"""Data folders of their own, in places as awkward as real ones, and a look at what is running."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.embedded.folder import ROOT
from portal.embedded.lease import VARIABLES, Lease

HOLD = """
import sys
from pathlib import Path
from portal.embedded.lease import Lease
lease = Lease(Path(sys.argv[1]), ["postgres", "valkey"])
lease.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """Return a data folder below a private folder, with a path too long for a socket's address."""
    private = Path(tempfile.mkdtemp(prefix="bancheng-embedded-"))
    yield private / ("长" * 20) / ("y" * 60) / "data"
    eventually(lambda: not running(private))
    shutil.rmtree(private)


@pytest.fixture(scope="session")
def first_start() -> Iterator[Path]:
    """Return a data folder that was used once, to be copied: making a database takes longer than the tests of it."""
    place = Path(tempfile.mkdtemp(prefix="bancheng-embedded-"))
    lease = Lease(place / "data", VARIABLES)
    lease.acquire()
    lease.release()
    yield lease.data
    shutil.rmtree(place)


@pytest.fixture
def used(data: Path, first_start: Path) -> Path:
    """Return a data folder that was used before, with nothing running."""
    data.parent.mkdir(parents=True)
    subprocess.run(["cp", "--archive", first_start, data], check=True)
    return data


@pytest.fixture
def lease(used: Path) -> Iterator[Lease]:
    """Return running services."""
    lease = Lease(used, VARIABLES)
    lease.acquire()
    yield lease
    lease.release()


def running(place: Path) -> list[str]:
    """Return the command lines of processes that name `place`, work in it, or carry its services' tags."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        if line and (str(place) in line or where.startswith(str(place))):
            found.append(line)
    return found


def eventually(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something another process does."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def bare_environment(**more: str) -> dict[str, str]:
    """Return the environment of a plain terminal with the C locale: nothing of this test run."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "PYTHONDONTWRITEBYTECODE") if name in os.environ
    }
    return {**kept, "LC_ALL": "C", "LANG": "C", **more}


@pytest.fixture
def holder(used: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Return another process that uses the services."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(used)],
        cwd=ROOT,
        env=bare_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one management command as from a terminal."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=bare_environment(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
