"""What the two embedded services have in common: a tag, a folder, a port, one child."""

from __future__ import annotations

import hashlib
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from portal.embedded.folder import open_log
from portal.embedded.processes import Account, Found, Steps, unprivileged_account, with_argument


class Service(ABC):
    """A server kept in `<data>/<name>`, found again by a tag in its arguments."""

    name: ClassVar[str]
    title: ClassVar[str]  # in Chinese, for messages
    command: ClassVar[str]  # the process's name in /proc
    stop_steps: ClassVar[Steps]

    def __init__(self, data: Path, keys: dict[str, str], *, throwaway: bool) -> None:
        self.data = data
        self.keys = keys
        self.throwaway = throwaway
        self.home = data / self.name
        self.account: Account | None = unprivileged_account(self.home)
        # The path is part of it: a copied data folder must not be taken for the original.
        self.tag = "bancheng-" + hashlib.sha256(f"{keys['CLUSTER_ID']}{self.home}".encode()).hexdigest()[:16]

    def log(self) -> int:
        """Return a descriptor of the service's log, for appending."""
        return open_log(self.data, self.name)

    def running(self) -> list[Found]:
        """Return the service's living processes, whoever started them."""
        return with_argument(self.tag, self.command)

    @abstractmethod
    def prepare(self) -> None:
        """Make the service's folder ready. Raises EmbeddedError."""

    @abstractmethod
    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server on `port`; it is ready when `is_ready` says so."""

    @abstractmethod
    def is_ready(self, port: int) -> bool:
        """Tell whether the server answers as ours."""

    @abstractmethod
    def clear(self) -> None:
        """Remove what must not stay after the server has stopped."""
