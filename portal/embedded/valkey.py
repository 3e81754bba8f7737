"""The Redis protocol: Valkey from a Python package, with an append-only file."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess

from portal.embedded import ports
from portal.embedded.binaries import valkey_program
from portal.embedded.processes import clean_environment, launch
from portal.embedded.service import Service

CONFIGURATION = """bind {address}
port {port}
requirepass {password}
dir ./
appendonly yes
appendfsync {sync}
save ""
maxmemory-policy noeviction
databases 64
daemonize no
always-show-logo no
loglevel warning
"""


class Valkey(Service):
    """One server keeping its append-only file in `<data>/valkey`."""

    name = "valkey"
    title = "消息服务"
    command = "valkey-server"
    stop_steps = ((signal.SIGTERM, 4), (signal.SIGKILL, 1))

    def prepare(self) -> None:
        """Make the folder, owned by the account the server runs as."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(self.home, *self.account)

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server; its configuration comes by a pipe, so that no password stands in the arguments."""
        program = os.open(valkey_program(), os.O_RDONLY | os.O_CLOEXEC)
        log = self.log()
        try:
            child = launch(
                ["valkey-server", "-", "--proc-title-template", f"{self.tag} {{title}} {{listen-addr}}"],
                cwd=self.home,
                env=clean_environment(),
                log=log,
                account=self.account,
                stdin=subprocess.PIPE,
                # As root the account may not be able to walk to the program; an open descriptor needs no walking.
                executable=f"/proc/self/fd/{program}",
                pass_fds=[program],
            )
        finally:
            os.close(program)
            os.close(log)
        self._configure(child, port)
        return child

    def _configure(self, child: subprocess.Popen[bytes], port: int) -> None:
        text = CONFIGURATION.format(
            address=ports.LOOPBACK,
            port=port,
            password=self.keys["VALKEY_PASSWORD"],
            sync="no" if self.throwaway else "everysec",
        )
        try:
            assert child.stdin is not None  # noqa: S101 - for mypy
            child.stdin.write(text.encode())
            child.stdin.close()
        except BrokenPipeError:
            pass  # it died at once; the keeper sees that and reads the log

    def is_ready(self, port: int) -> bool:
        """Tell whether it knows our password and has read its file (it answers LOADING until then)."""
        words = f"AUTH {self.keys['VALKEY_PASSWORD']}\r\nPING\r\n".encode()
        try:
            with socket.create_connection((ports.LOOPBACK, port), timeout=1) as line:
                line.sendall(words)
                said = b""
                while said.count(b"\r\n") < 2 and (part := line.recv(256)):
                    said += part
        except OSError:
            return False
        return said == b"+OK\r\n+PONG\r\n"

    def clear(self) -> None:
        """Remove a throw-away folder."""
        if self.throwaway:
            shutil.rmtree(self.home, ignore_errors=True)
