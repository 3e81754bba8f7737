"""The keeper of one embedded service: starts it, starts it again when it dies, stops it when nobody uses it any more.

Run as `python -m portal.embedded.keeper <postgres|valkey> <data folder> [--throwaway]` by portal.embedded.lease.
It says that the service is up by writing `run/<name>.ready` (the port), or why it is not by `run/<name>.error`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from portal.embedded import ports
from portal.embedded.errors import EmbeddedError, from_log, from_system
from portal.embedded.folder import write_private
from portal.embedded.keys import read_keys
from portal.embedded.locks import Lock
from portal.embedded.postgres import Postgres
from portal.embedded.processes import Found, stop
from portal.embedded.service import Service
from portal.embedded.valkey import Valkey

SERVICES: dict[str, type[Service]] = {service.name: service for service in (Postgres, Valkey)}
PORT_TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between restarts of a server that keeps dying
STEADY = 60.0  # seconds after which a server counts as healthy again


class Keeper:
    """One service and the lock that tells whether anybody needs it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.run = service.data / "run"
        self.unused = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self._users = Lock(self.run / f"{service.name}.users")

    def keep(self) -> None:
        """Run until nobody uses the service. Raises EmbeddedError when it does not start."""
        threading.Thread(target=self._wait_until_unused, daemon=True).start()
        try:
            stop(self.service.running, self.service.stop_steps)  # left over by a keeper that was killed
            self.service.prepare()
            self._start()
            self._watch()
        finally:
            (self.run / f"{self.service.name}.ready").unlink(missing_ok=True)
            stop(self._alive, self.service.stop_steps)
            self.service.clear()

    def _alive(self) -> list[Found]:
        own = [Found(self.child.pid, os.getpid())] if self.child and self.child.poll() is None else []
        return list({*self.service.running(), *own})

    def _wait_until_unused(self) -> None:
        self._users.take()
        self.unused.set()

    def _start(self) -> None:
        """Start the server on the port it had last time if possible, and tell those who wait."""
        note = self.run / f"{self.service.name}.port"
        wanted = int(note.read_text()) if note.exists() else 0
        said: str | None = ""
        for _ in range(PORT_TRIES):
            port = ports.free_port(wanted)
            write_private(note, str(port))
            said = self._try(port)
            if said is None:
                write_private(self.run / f"{self.service.name}.ready", str(port))
                return
            if "Address already in use" not in said:
                break
            wanted = 0
        raise from_log(self.service.title, said or "", self.service.data, self._log)

    @property
    def _log(self) -> Path:
        return self.service.data / "log" / f"{self.service.name}.log"

    def _try(self, port: int) -> str | None:
        """Start the server and wait; return None when it is ready, or what it wrote before it ended."""
        before = self._log.stat().st_size if self._log.exists() else 0
        self.child = self.service.start(port)
        while not self.service.is_ready(port):
            if self.child.poll() is not None:
                return self._log.read_bytes()[before:].decode(errors="replace")
            if self.unused.wait(0.02):
                raise EmbeddedError("没有人再等待它启动。")
        return None

    def _watch(self) -> None:
        pause, started = FIRST_PAUSE, time.monotonic()
        while not self.unused.wait(0.2):
            if self.child is None or self.child.poll() is None:
                continue
            pause = FIRST_PAUSE if time.monotonic() - started > STEADY else min(pause * 2, LONGEST_PAUSE)
            if self.unused.wait(pause):
                return
            stop(self.service.running, self.service.stop_steps)  # backends that outlived their postmaster
            started = time.monotonic()
            self._restart()

    def _restart(self) -> None:
        """Start the server again on the same port: its users have the address in their environment."""
        port = int((self.run / f"{self.service.name}.port").read_text())
        if ports.is_free(port):
            self.service.prepare()
            self._try(port)


def main(argv: list[str]) -> int:
    """Keep one service; return 1 and leave a sentence behind when it could not be started."""
    name, data = argv[0], Path(argv[1])
    lock = Lock(data / "run" / f"{name}.keeper")
    lock.take()  # an older keeper may still be cleaning up
    keeper = Keeper(SERVICES[name](data, read_keys(data), throwaway="--throwaway" in argv))
    signal.signal(signal.SIGTERM, lambda *_: keeper.unused.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        keeper.keep()
    except (EmbeddedError, OSError) as error:
        told = from_system(error, data) if isinstance(error, OSError) else error
        write_private(data / "run" / f"{name}.error", str(told))
        return 1
    finally:
        lock.release()  # before the users' lock, which goes with the process: who gets that one finds no keeper
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
