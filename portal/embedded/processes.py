"""Starting children that cannot outlive us, and finding again those that did. Linux only: it reads /proc.

A process number says nothing about whose process it is, so none is ever written down and trusted later. Our processes
carry a mark of their own: PostgreSQL and Valkey in their arguments, the children of `up` in their environment.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

PR_SET_PDEATHSIG = 1
MARK = "BANCHENG_RUN"  # environment variable carried by every child of `up`
Steps = Sequence[tuple[signal.Signals, float]]  # signals to send in turn, with the seconds to wait after each

_libc = ctypes.CDLL(None, use_errno=True)


class Account(NamedTuple):
    """The unprivileged account a service runs as when we are root."""

    uid: int
    gid: int


def unprivileged_account(folder: Path) -> Account | None:
    """Return the account for a service keeping its data in `folder`; None when we are not root ourselves.

    An existing folder keeps its account: a `postgres` user installed later must not lock us out.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        found = folder.stat()
        return Account(found.st_uid, found.st_gid)
    for name in ("postgres", "nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LookupError("no unprivileged account")


def clean_environment() -> dict[str, str]:
    """Return the environment of a service: a fixed locale, and nothing of ours that it could misread."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }


def die_with_parent(sign: int, parent: int) -> None:
    """Have the kernel send us `sign` when our parent ends; end at once if `parent` is not our parent any more."""
    _libc.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call above
        os._exit(1)


def launch(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: dict[str, str],
    log: int,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    **more: object,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that gets `death_signal` when this thread dies.

    The folder is entered before the account is changed, so the child may be somewhere its account could not walk to.
    Call it from the main thread only: the kernel ties the signal to the calling thread.
    """
    if account:
        more |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    more = {"stdin": subprocess.DEVNULL, "stdout": log, **more}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return] # noqa: S603 - programs of our own
        argv,
        cwd=cwd,
        env=env,
        stderr=log,
        start_new_session=True,
        umask=0o077,
        # Safe although a keeper has a second thread: that one sleeps in the kernel and holds no lock of ours.
        preexec_fn=partial(die_with_parent, death_signal, os.getpid()),  # noqa: PLW1509
        **more,
    )


class Found(NamedTuple):
    """One living process."""

    pid: int
    parent: int


def _living() -> Iterator[tuple[Found, str, Path]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            head, _, tail = (entry / "stat").read_text(errors="replace").rpartition(")")
            fields = tail.split()
        except OSError:
            continue  # gone in the meantime
        if fields and fields[0] not in "ZX":
            yield Found(int(entry.name), int(fields[1])), head.partition("(")[2], entry


def _holds(path: Path, words: bytes) -> bool:
    try:
        return words in path.read_bytes()
    except OSError:
        return False


def with_argument(tag: str, command: str) -> list[Found]:
    """Return the living processes named `command` that carry `tag` in their arguments or title.

    The name keeps out a `grep` for the tag. A program started by descriptor is named by that number.
    """
    return [
        found
        for found, name, entry in _living()
        if (name == command or name.isdigit()) and _holds(entry / "cmdline", tag.encode())
    ]


def with_mark(mark: str) -> list[Found]:
    """Return the living processes whose environment has the mark, or one that begins with it."""
    words = f"{MARK}={mark}".encode()
    return [
        found
        for found, _, entry in _living()
        if found.pid != os.getpid() and _holds(entry / "environ", words)
    ]


def stop(find: Callable[[], list[Found]], steps: Steps) -> bool:
    """Send each signal in turn until `find` finds nothing; return whether anything had to be stopped.

    The first signal goes to those at the top only: they know how to stop their own children.
    """
    found = find()
    if not found:
        return False
    pids = {each.pid for each in found}
    targets = [each for each in found if each.parent not in pids]
    for sign, seconds in steps:
        for each in targets:
            _send(each.pid, sign)
        if _gone(find, seconds):
            return True
        targets = find()
    return True


def _gone(find: Callable[[], list[Found]], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while find():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _send(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sign)
