"""Real PostgreSQL and a real Redis protocol server for every test run; loaded by `-p tests.real_services`.

The controller (or a run without xdist) starts throw-away services in a temporary folder before pytest-django reads the
settings; workers inherit the addresses. They go when the run ends, however it ends: their keepers notice.
DATABASE_URL and REDIS_URL, when set, are used instead.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portal.embedded.errors import EmbeddedError
from portal.embedded.lease import Lease, services_needed

# Fixed, so that a failure can be repeated; nothing outside the tests is sealed with them.
KEYS = {
    "SECRET_KEY": "0" * 64,
    "FIELD_KEYS": f"k1:{'1' * 64}",
    "CHAIN_KEYS": f"c1:{'2' * 64}",
    "INDEX_KEY": "3" * 64,
    "CODE_PEPPER": "4" * 64,
    "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
_SERVICES = pytest.StashKey[Lease]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment before anything reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _choose_redis_database(int(worker.removeprefix("gw")) + 1)
    elif not early_config.known_args_namespace.help:
        os.environ.update(KEYS)
        _start(early_config)
    return (yield)


def _start(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bancheng-test-"))
    os.environ["BANCHENG_DATA"] = str(folder)
    try:
        lease = config.stash[_SERVICES] = Lease(folder, services_needed(), throwaway=True)
        lease.acquire()
    except EmbeddedError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ.update(lease.addresses(owner=True))
    config.add_cleanup(lambda: _stop(lease))


def _stop(lease: Lease) -> None:
    lease.release()
    shutil.rmtree(lease.data, ignore_errors=True)


def _choose_redis_database(number: int) -> None:
    """Give each worker a Redis database of its own, as pytest-django gives it a PostgreSQL one."""
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}").geturl()
