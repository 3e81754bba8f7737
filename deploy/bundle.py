"""`make bundle`: one archive from which `make setup OFFLINE=1` installs without a network (政务外网).

It holds the tracked files of the project and the wheels of requirements.lock: databases come as wheels too. This machine's
platform must be complete; of the others what the index has is added, and what is missing is printed and written into BUNDLE.txt.
Runs in the project's own .venv.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements.lock"
MACHINES = ("x86_64", "aarch64")
PYTHONS = ("3.11", "3.12", "3.13")
GLIBC = (
    17,
    24,
    26,
    27,
    28,
    31,
    34,
)  # manylinux_2_N that wheels are made for, as far as this machine's own glibc


class BundleError(Exception):
    """Why there is no bundle, in a sentence."""


class Target(NamedTuple):
    """A kind of machine: its processor and its Python."""

    machine: str
    python: str

    def __str__(self) -> str:
        return f"{self.machine} Python {self.python}"


def here() -> Target:
    """The machine that makes the bundle."""
    return Target(platform.machine(), f"{sys.version_info.major}.{sys.version_info.minor}")


def targets(own: Target) -> list[Target]:
    """All kinds of machines to collect wheels for, this one first.

    >>> [str(one) for one in targets(Target("aarch64", "3.12"))][:3]
    ['aarch64 Python 3.12', 'x86_64 Python 3.11', 'x86_64 Python 3.12']
    """
    return [own, *(Target(m, p) for m in MACHINES for p in PYTHONS if Target(m, p) != own)]


def pip_arguments(target: Target, own: Target) -> list[str]:
    """What tells pip to look for another machine's wheels; nothing for this one.

    >>> pip_arguments(Target("x86_64", "3.11"), Target("x86_64", "3.11"))
    []
    >>> pip_arguments(Target("aarch64", "3.12"), Target("x86_64", "3.11"))[:4]
    ['--python-version', '3.12', '--implementation', 'cp']
    """
    if target == own:
        return []
    abis = (f"cp{target.python.replace('.', '')}", "abi3", "none")
    tags = ("manylinux2014", "manylinux1", *(f"manylinux_2_{minor}" for minor in GLIBC))
    return [
        *("--python-version", target.python, "--implementation", "cp"),
        *(part for abi in abis for part in ("--abi", abi)),
        *(part for tag in tags for part in ("--platform", f"{tag}_{target.machine}")),
    ]


def requirements(lock: str) -> dict[str, str]:
    """Take a lock file apart: `name==version` to its lines with hashes and marker."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in lock.splitlines():
        start = re.match(r"([A-Za-z0-9][\w.\-\[\]]*==[^\s;\\]+)", line)
        if start:
            lines = found.setdefault(start[1], [])
        if lines is not None and not line.lstrip().startswith("#"):
            lines.append(line)
    return {name: "\n".join(lines).rstrip().rstrip("\\") + "\n" for name, lines in found.items()}


def _environments(target: Target) -> list[dict[str, str]]:
    """What markers ask of a kind of machine; the first and the last patch of its Python may want different things."""
    same = {
        "python_version": target.python,
        "platform_machine": target.machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return [{**same, "python_full_version": f"{target.python}.{patch}"} for patch in (0, 99)]


def wanted_by(target: Target, lock: str) -> dict[str, str]:
    """The requirements that a kind of machine has, without their markers: pip would judge those by the Python it runs on."""
    found = {}
    for name, lines in requirements(lock).items():
        first, *hashes = lines.splitlines()
        _, _, marker = first.rstrip("\\").partition(";")
        if not marker.strip() or any(Marker(marker.strip()).evaluate(one) for one in _environments(target)):
            found[name] = "\n".join([f"{name} \\", *hashes]) + "\n"
    return found


def collect(wheels: Path, own: Target, lock: str) -> dict[Target, list[str]]:
    """Fetch the wheels of every target; returns what is missing by target. Errors: BundleError for this machine's own."""
    missing: dict[Target, list[str]] = {}
    for target in targets(own):
        print(f"正在收集 {target} 的安装包……", flush=True)
        wanted = wanted_by(target, lock)
        if _download("".join(wanted.values()), wheels, pip_arguments(target, own)):
            continue
        lacking = [
            name for name, lines in wanted.items() if not _download(lines, wheels, pip_arguments(target, own))
        ]
        if lacking and target == own:
            raise BundleError(f"本机（{own}）缺少安装包：{'、'.join(lacking)}，没有生成离线包。")
        if lacking:
            missing[target] = lacking
    return missing


def _download(lines: str, wheels: Path, arguments: Iterable[str]) -> bool:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(lines)
        file.flush()
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        wanted = ["--require-hashes", "--only-binary", ":all:", "-r", file.name, "-d", str(wheels)]
        done = subprocess.run([*pip, *wanted, *arguments], capture_output=True, check=False)
    return done.returncode == 0


def fetch_pip(wheels: Path) -> None:
    """Add pip itself: Debian's python3 comes without, and a wheel of pip runs as it is."""
    version = subprocess.run(
        [sys.executable, "-c", "import pip; print(pip.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run([*pip, f"pip=={version}", "-d", str(wheels)], capture_output=True, check=False)
    if done.returncode != 0:
        raise BundleError(f"没有取到 pip {version} 的安装包，没有生成离线包。")


def tracked_files(root: Path) -> list[Path]:
    """The files of the project under version control, by path. Errors: BundleError outside a checkout."""
    done = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BundleError("离线包要在项目的 git 仓库里生成。")
    return [root / name for name in sorted(done.stdout.split("\0")) if name and (root / name).is_file()]


def described(missing: Mapping[Target, list[str]], own: Target, count: int, size: int) -> str:
    """What BUNDLE.txt says: how to install, for which machines it is complete, what it could not include.

    >>> own = Target("x86_64", "3.11")
    >>> print(described({Target("aarch64", "3.13"): ["lxml==6"]}, own, 58, 64_000_000).splitlines()[-1])
      aarch64 Python 3.13：lxml==6
    """
    complete = [target for target in targets(own) if target not in missing]
    lines = [
        "办成 · 离线安装包",
        "",
        "需要：Python 3.11 或更新、make。在解开的文件夹里运行：",
        "  make setup OFFLINE=1     安装",
        "  make run OFFLINE=1       启动（DEMO=0 是空城市）",
        "",
        f"安装包 {count} 个，{size / 1_000_000:.0f} MB；MANIFEST.sha256 列出每个文件的校验值。",
        f"齐全，可以离线安装：{own}",
        *(["收齐，没有在这种机器上试装：" + "；".join(map(str, complete[1:]))] if complete[1:] else []),
        "没有包括：Chromium 和中文字体（只有 make test 要用，运行不需要）",
        *(["缺少："] if missing else []),
        *(f"  {target}：{'、'.join(names)}" for target, names in missing.items()),
    ]
    return "\n".join(lines) + "\n"


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Lines as sha256sum -c reads them.

    >>> manifest({"a": b"x"}).decode()[:12], manifest({"a": b"x"}).decode()[-4:]
    ('2d711642b726', '  a\\n')
    """
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def pack(
    target: Path, folder: str, files: Mapping[str, bytes], executable: Iterable[str], moment: int
) -> None:
    """Write one tar.gz, the same bytes for the same content: sorted names, one moment, no owner."""
    target.parent.mkdir(parents=True, exist_ok=True)
    runs = set(executable)
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, moment) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name in sorted(files):
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size, member.mtime = len(files[name]), moment
            member.mode = 0o755 if name in runs else 0o644
            archive.addfile(member, io.BytesIO(files[name]))


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _wheels(folder: Path) -> Iterator[tuple[str, bytes]]:
    for wheel in sorted(folder.glob("*.whl")):
        yield f"wheels/{wheel.name}", wheel.read_bytes()


def make(folder: Path) -> Path:
    """Make the bundle in `folder` and return where it is. Errors: BundleError."""
    sources = tracked_files(ROOT)
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in sources}
    with tempfile.TemporaryDirectory() as work:
        wheels = Path(work)
        missing = collect(wheels, here(), (ROOT / LOCK).read_text())
        fetch_pip(wheels)
        found = dict(_wheels(wheels))
    files |= found
    text = described(missing, here(), len(found), sum(map(len, found.values())))
    files["BUNDLE.txt"] = text.encode()
    files["MANIFEST.sha256"] = manifest(files)
    name = f"bancheng-{_git('rev-parse', '--short=10', 'HEAD')}"
    if _git("status", "--porcelain", "--untracked-files=no"):
        name += "-changed"  # what is packed is not what the commit says
    executable = [str(path.relative_to(ROOT)) for path in sources if os.access(path, os.X_OK)]
    target = folder / f"{name}.tar.gz"
    pack(target, name, files, executable, int(_git("log", "-1", "--format=%ct")))
    print(text, end="")
    return target


if __name__ == "__main__":
    try:
        written = make(ROOT / "dist")
    except BundleError as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
    print(f"已生成 {written.relative_to(ROOT)}，{written.stat().st_size / 1_000_000:.0f} MB")
