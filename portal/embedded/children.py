"""The portal's own processes under `up`: web server, two workers, beat. Started again when they die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from portal.embedded.folder import ROOT, open_log
from portal.embedded.ports import LOOPBACK
from portal.embedded.processes import MARK, Found, Steps, launch, stop, with_mark

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a child is started again; doubled each time
STEADY = 60.0  # seconds after which a child counts as healthy again

# SIGTERM lets requests and tasks end; SIGQUIT makes a worker give its unfinished tasks back to the queue
STEPS: Steps = ((signal.SIGTERM, 4), (signal.SIGQUIT, 2), (signal.SIGKILL, 1))


class Child:
    """One process and how long to wait before starting it again.

    `group` is what is stopped together: the front (who brings work) before the back (who does it).
    """

    def __init__(self, name: str, title: str, argv: list[str], *, group: str) -> None:
        self.name, self.title, self.argv, self.group = name, title, argv, group
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE
        self.started = 0.0
        self.due: float | None = None  # moment of the next start

    def start(self, data: Path, env: Mapping[str, str], run: str) -> None:
        """Start the process; its environment carries the mark by which it is found again."""
        log = open_log(data, self.name)
        mark = f"{run}:{self.group}:{self.name}:"
        try:
            self.process = launch(self.argv, cwd=ROOT, env={**env, MARK: mark}, log=log)
        finally:
            os.close(log)
        self.started, self.due = time.monotonic(), None

    def has_died(self) -> bool:
        """Tell, once, whether the running process has ended by itself."""
        if self.process is None or self.process.poll() is None:
            return False
        self.process = None
        steady = time.monotonic() - self.started > STEADY
        self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause
        return True


def stop_children(children: Iterable[Child], run: str) -> None:
    """Stop these children and everything that came from them, all at once."""
    wanted = list(children)

    def find() -> list[Found]:
        return [found for child in wanted for found in with_mark(f"{run}:{child.group}:{child.name}:")]

    stop(find, STEPS)
    for child in wanted:
        if child.process:
            child.process.wait()
        child.process, child.due = None, None


def children_for(data: Path, port: int) -> list[Child]:
    """Return the portal's processes in the order in which they are started."""
    python = [sys.executable, "-m"]
    web = [*python, "granian", "portal.wsgi:application", "--interface", "wsgi", "--host", LOOPBACK]
    web += [
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--respawn-failed-workers",
    ]
    web += ["--workers-kill-timeout", "3", "--log-level", "warning"]
    celery = [*python, "celery", "--quiet", "--app", "portal.celery:app"]
    schedule = ["--schedule", str(data / "run" / "beat-schedule"), "--pidfile", ""]
    return [
        Child("web", "网页服务", web, group="front"),
        _worker(celery, "clock", 1),
        _worker(celery, "work", 2),
        Child("beat", "定时进程", [*celery, "beat", *schedule, "--loglevel", "WARNING"], group="front"),
    ]


def _worker(celery: list[str], queue: str, concurrency: int) -> Child:
    argv = [
        *celery,
        "worker",
        "--queues",
        queue,
        "--hostname",
        f"{queue}@%h",
        "--concurrency",
        str(concurrency),
    ]
    argv += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    return Child(f"worker-{queue}", f"工作进程 {queue}", argv, group="back")
