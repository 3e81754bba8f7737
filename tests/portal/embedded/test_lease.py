"""Services without installation: they start, are shared, survive and go."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded import binaries
from portal.embedded.errors import EmbeddedError
from portal.embedded.keeper import SERVICES
from portal.embedded.lease import VARIABLES, Lease
from portal.embedded.processes import with_argument
from portal.embedded.service import Service
from tests.portal.embedded.conftest import eventually, running


def ask(lease: Lease, question: str, *, owner: bool = False) -> object:
    connection = psycopg2.connect(lease.addresses(owner=owner)["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def answers(lease: Lease, question: str, answer: int) -> bool:
    """Tell whether the server answers again; while it is stopping, down or recovering it refuses."""
    try:
        return ask(lease, question) == answer
    except psycopg2.OperationalError:
        return False


def server(lease: Lease, name: str) -> Service:
    return SERVICES[name](lease.data, lease.keys, throwaway=False)


def kill(service: Service) -> None:
    for found in service.running():
        try:
            os.kill(found.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def keepers(lease: Lease) -> list[int]:
    found = {
        each.pid for name in VARIABLES for each in with_argument(f"keeper\0{name}\0{lease.data}", "python")
    }
    return sorted(found | {each.pid for each in with_argument(str(lease.data), "python3")})


def permissions(folder: Path) -> dict[str, tuple[int, int, int]]:
    places = [folder, *folder.parents, binaries.valkey_program(), *binaries.valkey_program().parents]
    return {str(place): (place.stat().st_mode, place.stat().st_uid, place.stat().st_gid) for place in places}


def test_services_answer_and_leave_nothing_behind(data: Path) -> None:
    lease = Lease(data, VARIABLES)
    lease.acquire()
    assert ask(lease, "SELECT current_user") == "bancheng_app"
    assert redis.Redis.from_url(lease.addresses()["REDIS_URL"]).config_get("appendonly") == {
        "appendonly": "yes"
    }
    assert lease.release()
    assert running(data) == []


def test_locale_does_not_come_from_the_surroundings(lease: Lease) -> None:
    collation = ask(lease, "SELECT datcollate FROM pg_database WHERE datname = current_database()")
    assert (collation, ask(lease, "SHOW server_encoding")) == ("C.UTF-8", "UTF8")


def test_app_role_owns_nothing_and_cannot_make_tables(lease: Lease) -> None:
    assert (
        ask(
            lease,
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'bancheng_app'",
        )
        is False
    )
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(lease, "CREATE TABLE mine ()")


def test_app_role_may_use_what_the_owner_makes(lease: Lease) -> None:
    ask(lease, "CREATE TABLE theirs (id bigserial, word text)", owner=True)
    ask(lease, "INSERT INTO theirs (word) VALUES ('一')")
    assert ask(lease, "SELECT word FROM theirs") == "一"


def test_only_passwords_open_the_services(lease: Lease) -> None:
    wrong = lease.addresses()["DATABASE_URL"].replace(lease.keys["POSTGRES_APP_PASSWORD"], "wrong")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(wrong)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=lease.ports["valkey"], retry=Retry(NoBackoff(), 0)).ping()


def test_no_permission_is_changed_outside_the_data_folder(data: Path) -> None:
    data.mkdir(parents=True)
    before = permissions(data.parent)
    lease = Lease(data, VARIABLES)
    lease.acquire()
    lease.release()
    assert permissions(data.parent) == before
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secrets.env").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_runs_no_service_as_root(lease: Lease) -> None:
    pids = [found.pid for name in VARIABLES for found in server(lease, name).running()]
    assert len(pids) > 5
    assert 0 not in {os.stat(f"/proc/{pid}").st_uid for pid in pids}


def test_two_users_share_one_server_and_the_last_one_stops_it(lease: Lease) -> None:
    other = Lease(lease.data, VARIABLES)
    other.acquire()
    assert other.ports == lease.ports
    assert not other.release()
    assert ask(lease, "SELECT 1") == 1
    assert lease.release()
    assert running(lease.data) == []


def test_services_stop_when_their_only_user_is_killed(holder: subprocess.Popen[bytes], used: Path) -> None:
    assert running(used)
    holder.kill()
    holder.wait()
    eventually(lambda: not running(used))


def test_killed_servers_come_back_at_the_same_address(lease: Lease) -> None:
    ask(lease, "CREATE TABLE kept AS SELECT 7 AS n", owner=True)
    for name in VARIABLES:
        kill(server(lease, name))
    eventually(lambda: answers(lease, "SELECT n FROM kept", 7))
    eventually(lambda: server(lease, "valkey").is_ready(lease.ports["valkey"]))


def test_killed_keepers_are_replaced(lease: Lease) -> None:
    for pid in keepers(lease):
        os.kill(pid, signal.SIGKILL)
    before = dict(lease.ports)
    eventually(lambda: lease.ensure() or len(keepers(lease)) == 2)
    assert lease.ports == before
    eventually(lambda: answers(lease, "SELECT 1", 1))  # the old server stops after its keeper


def test_after_everything_was_killed_the_next_start_recovers(lease: Lease) -> None:
    """The pid file left behind names a living process of another kind, as it may after a restart of the machine."""
    ask(lease, "CREATE TABLE kept AS SELECT 7 AS n", owner=True)
    for pid in keepers(lease):
        os.kill(pid, signal.SIGKILL)
    kill(server(lease, "postgres"))
    eventually(lambda: not server(lease, "postgres").running())
    note = lease.data / "postgres" / "cluster" / "postmaster.pid"
    lines = note.read_text().splitlines() if note.exists() else ["", str(note.parent)]
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    lease.ensure()
    assert ask(lease, "SELECT n FROM kept") == 7


def test_a_taken_port_is_given_up_for_another(used: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (used / "run" / "postgres.port").write_text(str(port))
        lease = Lease(used, ["postgres"])
        lease.acquire()
        assert lease.ports["postgres"] != port
        assert ask(lease, "SELECT 1") == 1
        lease.release()


def test_another_major_version_is_named(used: Path) -> None:
    (used / "postgres" / "cluster" / "PG_VERSION").write_text("17\n")
    lease = Lease(used, ["postgres"])
    with pytest.raises(EmbeddedError, match="PostgreSQL 17 版,本程序带的是 18 版"):
        lease.acquire()
    lease.release()


def test_lost_keys_are_not_made_anew(used: Path) -> None:
    (used / "secrets.env").unlink()
    with pytest.raises(EmbeddedError, match="却没有密钥文件"):
        Lease(used, ["postgres"])


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(EmbeddedError, match="不是办成的数据文件夹"):
        Lease(tmp_path, VARIABLES)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_small_disk_is_named_before_it_is_full(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", tmp_path], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        with pytest.raises(EmbeddedError, match="磁盘空间不足"):
            Lease(tmp_path / "data", VARIABLES)
    finally:
        subprocess.run(["umount", tmp_path], check=True)
