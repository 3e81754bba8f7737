"""Using the embedded services: find the running ones or have them started, and let go of them at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import ROOT, open_folder, open_log
from portal.embedded.keys import read_keys
from portal.embedded.locks import Lock, is_held
from portal.embedded.ports import LOOPBACK
from portal.embedded.postgres import APP, DATABASE, OWNER
from portal.embedded.processes import clean_environment

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
PATIENCE = 4.0  # seconds before we say what we are waiting for
FAREWELL = 12.0  # seconds a service may take to stop; more than its own signals take together


def services_needed() -> list[str]:
    """Return the services that no variable of the environment replaces."""
    return [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]


class Lease:
    """A share in the embedded services of one data folder. Create, `acquire`, and `release` at the end."""

    def __init__(self, data: Path, names: Iterable[str], *, throwaway: bool = False) -> None:
        open_folder(data)
        self.data = data
        self.names = list(names)
        self.keys = read_keys(data)
        self.ports: dict[str, int] = {}
        self._throwaway = throwaway
        self._run = data / "run"
        self._users: list[Lock] = []
        self._keepers: list[subprocess.Popen[bytes]] = []

    def acquire(self) -> None:
        """Hold the services from now on. Waits while a keeper is stopping one. Raises EmbeddedError."""
        for name in self.names:
            lock = Lock(self._run / f"{name}.users")
            lock.take(shared=True)
            self._users.append(lock)
        self.ensure()

    def ensure(self) -> bool:
        """Have every service running; return whether an address changed. Cheap while all keepers live."""
        before = dict(self.ports)
        if before and all(is_held(self._run / f"{name}.keeper") for name in self.names):
            return False
        with Lock(self._run / "start.lock"):
            spawned = {
                name: self._spawn(name) for name in self.names if not is_held(self._run / f"{name}.keeper")
            }
            self.ports = {name: self._wait(name, spawned.get(name)) for name in self.names}
        return bool(before) and before != self.ports

    def release(self) -> bool:
        """Let go; wait until the services have stopped. Return False when somebody else goes on using them."""
        while self._users:
            self._users.pop().release()
        until = time.monotonic() + FAREWELL
        shared_until = time.monotonic() + 0.5  # by then a keeper nobody else keeps busy has begun to stop
        while any(is_held(self._run / f"{name}.keeper") for name in self.names):
            stopping = any(is_held(self._run / f"{name}.users") for name in self.names)
            if time.monotonic() > (until if stopping else shared_until):
                return False
            time.sleep(0.02)
        for keeper in self._keepers:
            keeper.wait()  # its last steps take milliseconds; nothing of ours is left when we return
        return True

    def addresses(self, *, owner: bool = False) -> dict[str, str]:
        """Return the variables that stand for the embedded services, for the owner or for the app's role."""
        found: dict[str, str] = {}
        if "postgres" in self.ports:
            role = OWNER if owner else APP
            password = self.keys["POSTGRES_OWNER_PASSWORD" if owner else "POSTGRES_APP_PASSWORD"]
            found["DATABASE_URL"] = (
                f"postgres://{role}:{password}@{LOOPBACK}:{self.ports['postgres']}/{DATABASE}"
            )
            found["APP_ROLE"] = APP
        if "valkey" in self.ports:
            found["REDIS_URL"] = (
                f"redis://:{self.keys['VALKEY_PASSWORD']}@{LOOPBACK}:{self.ports['valkey']}/0"
            )
        return found

    def _spawn(self, name: str) -> subprocess.Popen[bytes]:
        """Start a keeper in a session of its own: it must outlive us if others use the service, and notices our end."""
        for ending in ("ready", "error"):
            (self._run / f"{name}.{ending}").unlink(missing_ok=True)
        log = open_log(self.data, name)
        argv = [sys.executable, "-m", "portal.embedded.keeper", name, str(self.data)]
        try:
            keeper = subprocess.Popen(  # noqa: S603 - our own module
                [*argv, *(["--throwaway"] if self._throwaway else [])],
                cwd=ROOT,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        finally:
            os.close(log)
        self._keepers.append(keeper)
        return keeper

    def _wait(self, name: str, keeper: subprocess.Popen[bytes] | None) -> int:
        """Return the port as soon as the keeper says it is ready. A recovery may take long and is waited for."""
        ready, patience = self._run / f"{name}.ready", time.monotonic() + PATIENCE
        while not ready.exists():
            ended = keeper.poll() is not None if keeper else not is_held(self._run / f"{name}.keeper")
            if ended and not ready.exists():
                raise self._failure(name)
            if time.monotonic() > patience:
                print("正在等待数据库启动(上次可能没有正常结束,正在恢复)……", file=sys.stderr, flush=True)
                patience = float("inf")
            time.sleep(0.02)
        return int(ready.read_text())

    def _failure(self, name: str) -> EmbeddedError:
        error = self._run / f"{name}.error"
        if error.exists():
            return EmbeddedError(error.read_text(encoding="utf-8"))
        open_folder(self.data)  # a full disk leaves no room even for the sentence
        return EmbeddedError(f"服务 {name} 没有启动成功。日志:{self.data / 'log' / f'{name}.log'}")
