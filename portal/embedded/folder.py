"""The data folder: where it is, that it is ours, and that nobody else can look into it."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

from portal.embedded.errors import EmbeddedError, from_system

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_NAMES = {"postgres", "valkey", "files", "static", "log", "run", "secrets.env"}
LEAST_FREE_MB = 64  # one WAL segment is 16 MB; below this PostgreSQL stops with a panic instead of a sentence
LEAST_FREE_NEW_MB = 200  # a fresh cluster takes 60 MB, collected static files and WAL the rest
LOG_LIMIT = 5 * 1024 * 1024


def data_folder() -> Path:
    """Return the data folder as an absolute path: BANCHENG_DATA, or `.data` in the project."""
    return Path(os.environ.get("BANCHENG_DATA") or ROOT / ".data").resolve()


def open_folder(data: Path) -> None:
    """Create the data folder, or make sure that the existing one is ours, private and has room.

    Raises EmbeddedError. A folder with somebody else's files in it is refused before any permission is touched.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(data)
        os.chmod(data, 0o700)
        for name in ("run", "log"):
            (data / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise from_system(error, data) from error
    _refuse_small(data)


def _refuse_foreign(data: Path) -> None:
    names = {entry.name for entry in data.iterdir()}
    if names and not names & {"run", "secrets.env"} and names - OWN_NAMES:
        raise EmbeddedError(f"文件夹 {data} 里有别的文件,不是办成的数据文件夹。请用 DATA=空文件夹 另选位置。")
    owner = data.stat().st_uid
    if names and owner != os.geteuid():
        raise EmbeddedError(
            f"数据文件夹 {data} 属于用户 {_user_name(owner)}。请用该用户运行,或另选数据文件夹。"
        )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _refuse_small(data: Path) -> None:
    least = LEAST_FREE_MB if (data / "postgres").exists() else LEAST_FREE_NEW_MB
    free = shutil.disk_usage(data).free // (1024 * 1024)
    if free < least:
        raise EmbeddedError(f"磁盘空间不足:数据文件夹 {data} 所在磁盘只剩 {free} MB,至少需要 {least} MB。")


def open_log(data: Path, name: str) -> int:
    """Open `log/<name>.log` for appending and return its descriptor; a long one is put aside first."""
    path = data / "log" / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only and on disk before its name is."""
    draft = path.with_name(path.name + ".new")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
