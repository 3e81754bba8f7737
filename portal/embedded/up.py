"""`manage.py up`: everything the portal needs, in the foreground of one terminal."""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Never
from urllib.parse import urlsplit

from portal.embedded import ports
from portal.embedded.children import STEPS, Child, children_for, stop_children
from portal.embedded.errors import EmbeddedError, from_system
from portal.embedded.folder import ROOT, data_folder, open_folder, open_log, write_private
from portal.embedded.keys import export_keys
from portal.embedded.lease import Lease, services_needed
from portal.embedded.locks import Lock
from portal.embedded.processes import MARK, die_with_parent, launch, stop, with_mark

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.2  # seconds between two looks at the children
LOOK_AFTER_SERVICES = 1.0  # seconds between two looks at the keepers
READY_WITHIN = 60.0  # seconds for the web server to answer


class _StopRequest(BaseException):
    """Ctrl+C or SIGTERM: not an error, so no handler of errors may swallow it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line, for us and for `manage.py help up`."""
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default 8000)")
    parser.add_argument("--no-demo", action="store_true", help="an empty city: no demo accounts and cases")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started it ends"
    )


def main(argv: list[str]) -> int:
    """Run until Ctrl+C or SIGTERM; return the exit code."""
    parser = argparse.ArgumentParser(prog="manage.py up")
    add_arguments(parser)
    options = parser.parse_args(argv)
    data = data_folder()
    for sign in SIGNALS:
        if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:  # nohup
            signal.signal(sign, _request_stop)
    if options.with_parent:
        die_with_parent(signal.SIGTERM, os.getppid())
    try:
        Up(data, options.port, demo=not options.no_demo).run()
    except _StopRequest:
        return 0
    except (EmbeddedError, OSError) as error:
        print(from_system(error, data) if isinstance(error, OSError) else error, file=sys.stderr)
        return 1
    return 0


def _request_stop(_sign: int, _frame: FrameType | None) -> Never:
    for sign in SIGNALS:  # once is enough: the rest of the time is for stopping
        signal.signal(sign, signal.SIG_IGN)
    raise _StopRequest


class Up:
    """One run of the portal over one data folder."""

    def __init__(self, data: Path, port: int, *, demo: bool) -> None:
        self.data, self.port, self.demo = data, port, demo
        self.run_id = secrets.token_hex(16)
        self.children: list[Child] = children_for(data, port)
        self.lease: Lease | None = None
        self._stopping = data / "run" / "up.stopping"

    def run(self) -> None:
        """Start everything, say so, and look after it; stop everything on the way out, however we leave."""
        open_folder(self.data)
        lock = self._take_over()
        try:
            self._stop_leftovers()
            if not ports.is_free(self.port):
                raise EmbeddedError(f"端口 {self.port} 已被其他程序占用。请停止那个程序,或用 PORT=其他端口。")
            accounts = self._start()
            print(f"ready: http://{ports.LOOPBACK}:{self.port}/", flush=True)
            print(accounts, end="", flush=True)
            self._look_after()
        finally:
            for sign in SIGNALS:
                signal.signal(sign, signal.SIG_IGN)
            self._stopping.touch()
            self._stop()
            lock.release()

    def _take_over(self) -> Lock:
        """Return the lock that makes us the only `up` of this folder; wait for one that is already stopping."""
        lock = Lock(self.data / "run" / "up.lock")
        while not lock.take(wait=False):
            if not self._stopping.exists():
                raise EmbeddedError(
                    f"数据文件夹 {self.data} 正由另一个 up 使用。请先停止它,或用 DATA=其他文件夹。"
                )
            time.sleep(TICK)
        self._stopping.unlink(missing_ok=True)
        return lock

    def _stop_leftovers(self) -> None:
        """Stop what a killed `up` left behind. Its children were told to end with it; some may not have heard."""
        note = self.data / "run" / "up.run"
        if note.exists():
            last = note.read_text().strip()
            if last:
                stop(lambda: with_mark(last), STEPS)
        write_private(note, self.run_id)

    def _start(self) -> str:
        os.environ["BANCHENG_DATA"] = str(self.data)
        os.environ.setdefault("BASE_URL", f"http://{ports.LOOPBACK}:{self.port}")
        self.lease = Lease(self.data, services_needed())
        export_keys(self.lease.keys)
        self.lease.acquire()
        accounts = self._prepare()
        web, *others = self.children
        web.start(self.data, self._environment(), self.run_id)
        self._wait_for_web()  # alone: on two cores it would otherwise share them with three more imports of Django
        for child in others:
            child.start(self.data, self._environment(), self.run_id)
        return accounts

    def _environment(self, *, owner: bool = False) -> dict[str, str]:
        """Return the environment of the portal's processes: ours, a fixed locale, the services' addresses."""
        assert self.lease is not None  # noqa: S101 - set by _start, the only caller's caller
        fixed = {
            "PYTHONUTF8": "1",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        return {**os.environ, **fixed, **self.lease.addresses(owner=owner)}

    def _prepare(self) -> str:
        """Migrate, collect static files, seed; return the lines about the demo accounts."""
        argv = [sys.executable, str(ROOT / "manage.py"), "prepare", *(["--demo"] if self.demo else [])]
        env = {**self._environment(owner=True), MARK: f"{self.run_id}:prepare:"}
        log = open_log(self.data, "prepare")
        try:
            child = launch(argv, cwd=ROOT, env=env, log=log, stdout=subprocess.PIPE)
            said, _ = child.communicate()
        finally:
            os.close(log)
        if child.returncode:
            path = self.data / "log" / "prepare.log"
            lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines() or [""]
            told = lines[-1].removeprefix("CommandError: ")
            raise EmbeddedError(f"准备数据库时出错:{told}(日志:{path})")
        return said.decode()

    def _wait_for_web(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while not self._answers():
            self._restart_dead()
            if time.monotonic() > until:
                log = self.data / "log" / "web.log"
                raise EmbeddedError(f"网页服务 {READY_WITHIN:.0f} 秒内没有响应。日志:{log}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        """Ask /healthz under the portal's public name, as a proxy would."""
        base = urlsplit(os.environ["BASE_URL"])
        line = http.client.HTTPConnection(ports.LOOPBACK, self.port, timeout=10)
        try:
            line.request("GET", "/healthz", headers={"Host": base.netloc, "X-Forwarded-Proto": base.scheme})
            return line.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def _look_after(self) -> Never:
        look = time.monotonic()
        while True:
            time.sleep(TICK)
            self._restart_dead()
            if time.monotonic() >= look:
                look = time.monotonic() + LOOK_AFTER_SERVICES + self._look_after_services()

    def _restart_dead(self) -> None:
        for child in self.children:
            if child.has_died():
                log = self.data / "log" / f"{child.name}.log"
                print(
                    f"{child.title}意外退出,{child.pause:.0f} 秒后重新启动。日志:{log}",
                    file=sys.stderr,
                    flush=True,
                )
            elif child.due is not None and time.monotonic() >= child.due:
                stop_children([child], self.run_id)  # what it left behind would hold the port
                child.start(self.data, self._environment(), self.run_id)

    def _look_after_services(self) -> float:
        """Have killed keepers replaced; return the seconds to wait longer after a failure."""
        assert self.lease is not None  # noqa: S101
        try:
            moved = self.lease.ensure()
        except EmbeddedError as error:
            print(error, file=sys.stderr, flush=True)
            return 10.0
        if moved:  # another port: the children have the old one in their environment
            stop_children(self.children, self.run_id)
            for child in self.children:
                child.start(self.data, self._environment(), self.run_id)
        return 0.0

    def _stop(self) -> None:
        for group in ("front", "back"):
            stop_children([child for child in self.children if child.group == group], self.run_id)
        stop(lambda: with_mark(self.run_id), STEPS)
        if self.lease and not self.lease.release():
            print("其他命令仍在使用数据库,用完后它会自动关闭。", file=sys.stderr)
