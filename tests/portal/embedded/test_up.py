"""`manage.py up`: ready, looked after, gone."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.embedded.folder import ROOT, open_folder
from portal.embedded.locks import Lock
from portal.embedded.ports import free_port
from portal.embedded.processes import with_mark
from tests.portal.embedded.conftest import bare_environment, eventually, manage, running

StartUp = Callable[[int], subprocess.Popen[str]]
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"  # compressing takes longer than all the rest


@pytest.fixture
def start_up(data: Path) -> Iterator[StartUp]:
    """Return a function that starts the portal on a port and waits for its first line."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int) -> subprocess.Popen[str]:
        started.append(_up(data, port))
        assert started[-1].stdout is not None
        assert started[-1].stdout.readline() == f"ready: http://127.0.0.1:{port}/\n"
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.communicate()


def _up(data: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), "--no-demo"],
        cwd=ROOT,
        env=bare_environment(BANCHENG_DATA=str(data), STATIC_STORAGE=PLAIN),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def health(port: int) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        return json.load(answer)


def own(data: Path) -> list[int]:
    """Return the processes that `up` started for the portal itself."""
    return [found.pid for found in with_mark((data / "run" / "up.run").read_text())]


def test_a_taken_port_is_named(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = manage("up", "--port", str(port), BANCHENG_DATA=str(data))
    assert done.returncode == 1
    assert done.stderr == f"端口 {port} 已被其他程序占用。请停止那个程序,或用 PORT=其他端口。\n"
    assert running(data) == []


def test_a_data_folder_in_use_is_named(data: Path) -> None:
    open_folder(data)
    with Lock(data / "run" / "up.lock"):
        done = manage("up", BANCHENG_DATA=str(data))
    assert done.returncode == 1
    assert done.stderr == f"数据文件夹 {data} 正由另一个 up 使用。请先停止它,或用 DATA=其他文件夹。\n"


def test_an_empty_city_prints_the_code_that_opens_it(start_up: StartUp) -> None:
    port = free_port()
    told = start_up(port).stdout
    assert told is not None
    address = f"http://127.0.0.1:{port}/setup/"
    assert told.readline() == f"setup: 这是一个空的城市，请打开 {address} 完成首次设置\n"
    assert re.fullmatch(r"setup: 一次性代码 ([2-9A-Z]{4}-){2}[2-9A-Z]{4}（.*）\n", told.readline())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/w/", timeout=10) as answer:
        assert answer.url == address


@pytest.mark.faults
def test_start_kill_start_stop_leaves_nothing(data: Path, start_up: StartUp) -> None:
    port = free_port()
    first = start_up(port)
    eventually(lambda: all(health(port)["workers"].values()))
    first.kill()
    first.wait()
    second = start_up(port)
    eventually(lambda: all(health(port)["workers"].values()))
    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=20) == 0
    assert own(data) == []
    assert running(data) == []


@pytest.mark.faults
def test_killed_children_are_started_again(data: Path, start_up: StartUp) -> None:
    port = free_port()
    process = start_up(port)
    eventually(lambda: all(health(port)["workers"].values()))
    before = set(own(data))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(own(data)) == len(before) and not before & set(own(data)), 30)
    eventually(lambda: all(health(port)["workers"].values()), 30)
    process.terminate()
    assert process.wait(timeout=20) == 0
    assert own(data) == []
    assert running(data) == []
